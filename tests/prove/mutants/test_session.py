"""Mutants of small modules, judged by real checkers."""

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.model import Target
from bgtasks.prove.jobs import Workers
from bgtasks.prove.mutants.model import Fate, MutationReport
from bgtasks.prove.mutants.session import mutate
from bgtasks.verify.settings import Settings

THREADS = Workers(lambda: ThreadPoolExecutor(2))
POOL = Target("lib.pools", "Pool")

FILES = {
    "code/lib/__init__.py": "from lib.pools import Pool as Pool\n",
    "code/lib/py.typed": "",
    "code/lib/pools.py": """\
class Pool:
    size: int = 1

    def submit(self, text: str) -> bool:
        return bool(text)
""",
    "cases/pool.py": """\
from lib.pools import Pool

Pool().submit("a")  # OK
Pool().submit(1)  # E: argument-type
""",
    "cases/package.py": """\
import lib
from helper import pool
from typing_extensions import assert_type

assert_type(lib.Pool().size, int)
assert_type(pool.submit("a"), bool)
""",
    "cases/helper.py": """\
from lib.pools import Pool

pool = Pool()
""",
    "cases/apart.py": """\
def take(number: int) -> None: ...


take("")  # E: argument-type
""",
}


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run(folder: Path, *checkers: str, paths: tuple[str, ...] = ("code/lib/pools.py",)) -> MutationReport:
    settings = Settings((folder / "cases",), POOL, checkers=checkers or ("mypy",), timeout=120)
    return mutate([folder / path for path in paths], settings, POOL, workers=THREADS)


def fates(report: MutationReport) -> dict[str, set[str]]:
    """Return what the mutants with each fate look like."""
    [score] = report.scores
    assert score.failure is None
    found: dict[str, set[str]] = {}
    for judgement in score.judgements:
        found.setdefault(judgement.fate.value, set()).add(judgement.mutant.after)
    return found


SURVIVORS = {
    "def submit(self, text: str | None) -> bool",
    "def submit(self, text: str=...) -> bool",
    "def submit(self, text_renamed: str) -> bool",
    "def submit(self, text: str, /) -> bool",
}


@pytest.mark.live
@pytest.mark.checker
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_what_is_claimed_kills_and_what_is_not_survives(tmp_path: Path, checker: str) -> None:
    lay_out(tmp_path, FILES)

    found = fates(run(tmp_path, checker))

    # The default is "...", which is no string: in a module, unlike in a stub, a checker says so.
    assert found["survived"] | found["rejected"] == SURVIVORS
    assert "def submit(self, text: str=...) -> bool" in found["rejected"]
    assert found["killed"] == {
        "size: Any = 1",
        "size: object = 1",
        "size: int | None = 1",
        "def submit(self, text: Any) -> bool",
        "def submit(self, text: object) -> bool",
        "def submit(self, text: str) -> Any",
        "def submit(self, text: str) -> object",
        "def submit(self, text: str) -> None",
        "def submit(self, text: str) -> bool | None",
    }


@pytest.mark.live
@pytest.mark.checker
def test_in_place_a_mutant_has_the_same_fate(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        FILES | {"code/lib/pools.py": "class Pool:\n    def submit(self, text: str) -> bool: return True\n"},
    )
    (tmp_path / "cases" / "package.py").unlink()
    beside = fates(run(tmp_path))

    # A plugin goes by the names of modules, so its checker is asked in place.
    assert fates(run(tmp_path, "mypy+plugin"))["killed"] == beside["killed"]


@pytest.mark.live
@pytest.mark.checker
def test_a_stub_is_mutated_and_those_who_use_it_see_that(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "stubs/starlette-stubs/__init__.pyi": "__version__: str\n",
            "stubs/starlette-stubs/background.pyi": (
                "class BackgroundTask:\n    is_async: bool\nclass BackgroundTasks(BackgroundTask): ...\n"
            ),
            "stubs/starlette-stubs/py.typed": "partial\n",
            "cases/tasks.py": """\
from starlette.background import BackgroundTasks
from starlette.responses import Response

Response(background=BackgroundTasks())  # OK
Response(background=1)  # E: argument-type
""",
        },
    )
    settings = Settings(
        (tmp_path / "cases",), Target("starlette.background", "BackgroundTasks"), checkers=("mypy",)
    )

    report = mutate(
        [tmp_path / "stubs/starlette-stubs/background.pyi"], settings, settings.target, workers=THREADS
    )

    assert fates(report) == {
        "killed": {"class BackgroundTasks"},
        "survived": {"is_async: Any", "is_async: object", "is_async: bool | None"},
    }


@pytest.mark.live
@pytest.mark.checker
def test_a_suite_that_the_original_does_not_meet_proves_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES | {"cases/pool.py": FILES["cases/pool.py"].replace("argument-type", "override")})

    report = run(tmp_path)

    assert report.exit_code == 2
    assert "pool.py:4: claimed override, but of the original it said: " in str(report.scores[0].failure)


@pytest.mark.live
@pytest.mark.checker
def test_what_no_test_imports_survives_unasked(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES | {"code/lib/extra.py": "x: int = 1\n"})

    report = run(tmp_path, paths=("code/lib/pools.py", "code/lib/extra.py"))

    unasked = [one for one in report.scores[0].of(Fate.SURVIVED) if one.mutant.module == "lib.extra"]
    assert {one.said for one in unasked} == {"no type test imports lib.extra"}
    assert len(unasked) == 3


WRONG = {
    "nothing to see": ("code/lib/__init__.py", "defines nothing that a type test could see changed"),
    "no test": ("code/lib/extra.py", "no type test imports lib.extra; name some that do with --cases"),
    "no Python": ("code/lib/broken.py", "broken.py: cannot be parsed: "),
    "no UTF-8": ("code/lib/latin.py", "latin.py: cannot be read: "),
    "deep": ("code/lib/deep.py", "deep.py: is nested too deeply to be read"),
}


@pytest.mark.parametrize(("path", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_done_is_told(tmp_path: Path, path: str, said: str) -> None:
    deep = "if a:\n  pass\n" + "elif a:\n  pass\n" * 2_000 + "x: int = 1\n"
    files = {
        "extra.py": "x: int = 1\n",
        "broken.py": "def",
        "deep.py": deep,
        "latin.py": "# coding: ascii\n\xe9",
    }
    # Each is a package: what is changed is laid out with all that is beside it.
    lay_out(
        tmp_path, FILES | {f"code/lib/{name}": text for name, text in files.items() if path.endswith(name)}
    )

    with pytest.raises(BgtasksError, match=said):
        run(tmp_path, paths=(path,))


def test_without_type_tests_there_is_nothing_to_judge(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES)
    settings = replace(Settings(), python=Path(sys.executable))

    with pytest.raises(BgtasksError, match="no type tests named"):
        mutate([tmp_path / "code/lib/pools.py"], settings, POOL, workers=THREADS)
