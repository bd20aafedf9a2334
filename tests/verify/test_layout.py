import os
import sys
from pathlib import Path

import pytest

from bgtasks.canary import last_line
from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.verify.layout import imports_target, open_layout, redirect
from bgtasks.verify.model import Plan

STARLETTE = Target("starlette.background", "BackgroundTasks")
POOL = Target("pools", "Pool")
PYTHON = Path(sys.executable)


def case(source: str) -> Case:
    return read_case(Path("case.py"), Path("case.py"), source, frozenset())


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        pytest.param(
            "from bgtasks import BackgroundTasks\n",
            STARLETTE,
            "from starlette.background import BackgroundTasks as BackgroundTasks\n",
            id="alone",
        ),
        pytest.param(
            "from bgtasks import BackgroundTask, BackgroundTasks as B",
            STARLETTE,
            "from starlette.background import BackgroundTasks as B; from bgtasks import BackgroundTask",
            id="with others",
        ),
        pytest.param(
            "from bgtasks import BackgroundTasks",
            POOL,
            "from pools import Pool as BackgroundTasks",
            id="another name",
        ),
        pytest.param(
            "from bgtasks import (\n    BackgroundTasks,\n)  # the class\nx = 1",
            STARLETTE,
            "from starlette.background import BackgroundTasks as BackgroundTasks  # the class\n\n\nx = 1",
            id="line for line",
        ),
        pytest.param(
            "def f():\n    from bgtasks import BackgroundTasks",
            STARLETTE,
            "def f():\n    from starlette.background import BackgroundTasks as BackgroundTasks",
            id="nested",
        ),
        pytest.param("from other import BackgroundTasks", STARLETTE, None, id="from elsewhere"),
        pytest.param("from bgtasks import BackgroundTasks", DEFAULT_TARGET, None, id="no other target"),
    ],
)
def test_the_target_takes_the_place_of_ours(source: str, target: Target, expected: str | None) -> None:
    assert redirect(source, DEFAULT_TARGET, target) == (expected or source)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from pools import Pool", True),
        ("from pools import Pool as P", True),
        ("import pools", True),
        ("import pools as p", True),
        ("from pools import Other", False),
        ("from .pools import Pool", False),
        ("import bgtasks", False),
    ],
)
def test_an_import_of_the_target_is_found(source: str, *, found: bool) -> None:
    assert imports_target(source, POOL) is found


def test_cases_that_do_not_import_the_target_are_refused() -> None:
    with (
        pytest.raises(BgtasksError, match="no case imports bgtasks:BackgroundTasks; name what is under test"),
        open_layout(Plan([case("x = 1")], DEFAULT_TARGET, PYTHON), {}),
    ):
        pass


@pytest.mark.parametrize("name", ["nowhere", "folder", "text"])
def test_an_interpreter_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "text").chmod(0o755)
    with (
        pytest.raises(BgtasksError, match=rf"{name}: cannot be run as Python .*; name one with --python"),
        open_layout(Plan([case("import pools")], POOL, tmp_path / name), {}),
    ):
        pass


def test_a_copy_ends_with_its_canary_and_the_user_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MYPYPATH", "PYTHONPATH", "VIRTUAL_ENV", "PYRIGHT_PYTHON_FORCE_VERSION", "LC_ALL"):
        monkeypatch.setenv(name, os.sep)
    with open_layout(Plan([case("import pools\nx = 1")], POOL, PYTHON), {"a.ini": "[a]"}) as layout:
        [copy] = [copy for copy in layout.files if copy.name == "case.py"]
        lines = copy.read_text().splitlines()
        assert lines[last_line(layout.files[copy]) - 1] == lines[-1] == 'bgtasks_canary: int = ""'
        assert lines[:2] == ["import pools", "x = 1"]
        assert (layout.sandbox.folder / "a.ini").read_text() == "[a]"
        assert set(layout.sandbox.environment) <= {
            "PATH",
            "HOME",
            "TMPDIR",
            "XDG_CONFIG_HOME",
            "LANG",
            "NO_COLOR",
        }
        assert list(layout.sandbox.cwd.iterdir()) == []
    assert not layout.sandbox.folder.exists()


def test_a_cache_is_out_of_sight_of_git_and_may_be_missing(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with open_layout(Plan([case("import pools")], POOL, PYTHON, cache=cache), {}) as layout:
        assert layout.sandbox.cache == cache.resolve()
        assert (cache / ".gitignore").read_text() == "*\n"
    (tmp_path / "file").touch()
    plan = Plan([case("import pools")], POOL, PYTHON, cache=tmp_path / "file" / "cache")
    with open_layout(plan, {}) as layout:
        assert layout.sandbox.cache.parent == layout.sandbox.folder


def test_copies_of_one_length_differ_in_their_time_stamp() -> None:
    stamps: list[float] = []
    for number in "12":
        with open_layout(Plan([case(f"import pools\nx = {number}")], POOL, PYTHON), {}) as layout:
            [copy] = [copy for copy in layout.files if copy.name == "case.py"]
            stamps.append(copy.stat().st_mtime)
    assert stamps[0] != stamps[1]


def test_stubs_that_are_none_are_named(tmp_path: Path) -> None:
    plan = Plan([case("import pools")], POOL, PYTHON, stubs=tmp_path)
    with (
        pytest.raises(BgtasksError, match=r"--stubs .*: no folder such as 'starlette-stubs' in it"),
        open_layout(plan, {}),
    ):
        pass


def test_a_module_that_is_under_test_may_lie_among_the_cases() -> None:
    tested = read_case(Path("pools.py"), Path("pools.py"), "class Pool: ...", frozenset())
    with open_layout(Plan([tested, case("import pools")], POOL, PYTHON), {}) as layout:
        assert (layout.sandbox.project / "pools.py").exists()


def test_without_a_target_what_the_cases_import_is_proved() -> None:
    importing = case("import json, a.b  # OK\nfrom c import d\nfrom . import e\nimport f  # E\n")
    with open_layout(Plan([importing], None, PYTHON), {}) as layout:
        source = (layout.sandbox.project / "bgtasks_canary.py").read_text()
    assert [line.split()[1] for line in source.splitlines() if line.startswith("import")] == [
        "a.b",
        "c",
        "json",
    ]


def test_what_lies_beside_the_cases_is_laid_out_and_not_heard(tmp_path: Path) -> None:
    (tmp_path / "lib.pyi").write_text("x: int\n")
    plan = Plan([case("import pools")], POOL, PYTHON, beside=[(Path("a/lib.pyi"), tmp_path / "lib.pyi")])
    with open_layout(plan, {}) as layout:
        copy = layout.sandbox.project / "a" / "lib.pyi"
        assert copy.read_text() == "x: int\n"
        assert layout.silent == [copy]
        assert copy not in layout.files


def test_a_method_is_imported_by_its_class() -> None:
    method = Target("pools", "Pool.add")
    assert imports_target("from pools import Pool", method)
    assert redirect("from bgtasks import BackgroundTasks", DEFAULT_TARGET, method) == (
        "from pools import Pool as BackgroundTasks"
    )


@pytest.mark.parametrize("place", ["bgtasks.pyi", "bgtasks/background.pyi"])
def test_a_stub_that_hides_an_installed_target_is_named(tmp_path: Path, place: str) -> None:
    importing = case("from bgtasks import BackgroundTasks")
    plan = Plan([importing], DEFAULT_TARGET, PYTHON, beside=[(Path(place), tmp_path / place)])
    with (
        pytest.raises(BgtasksError, match=rf"{place}: hides the module 'bgtasks' that is under test"),
        open_layout(plan, {}),
    ):
        pass


def test_a_case_that_is_named_as_an_installed_target_does_not_define_it() -> None:
    hiding = read_case(Path("bgtasks.py"), Path("bgtasks.py"), "class BackgroundTasks: ...", frozenset())
    importing = case("from bgtasks import BackgroundTasks")
    with (
        pytest.raises(BgtasksError, match=r"bgtasks.py: hides the module 'bgtasks' that is under test"),
        open_layout(Plan([hiding, importing], DEFAULT_TARGET, PYTHON), {}),
    ):
        pass


def test_a_case_that_hides_what_is_under_test_is_named() -> None:
    hiding = read_case(Path("a/pools.py"), Path("pools.py"), "import pools", frozenset())
    with (
        pytest.raises(BgtasksError, match=r"a/pools.py: hides the module 'pools' that is under test"),
        open_layout(Plan([hiding], POOL, PYTHON), {}),
    ):
        pass
