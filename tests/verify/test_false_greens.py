"""Each way in which a checker is known to find nothing wrong, and that none of them fools a run of ours."""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.claims.model import Outcome
from bgtasks.model import DEFAULT_TARGET
from bgtasks.verify.find import find_suite
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify
from environments import PACKAGE, SITE_PACKAGES, hostile_variables, make_environment

pytestmark = pytest.mark.checker

PYTHON = Path(sys.executable)
PROGRAMS = sorted({checker.program for checker in CHECKERS.values()})
CASE = """\
from bgtasks import BackgroundTasks


def send(to: str, times: int = 1) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(send)  # E: missing-argument
tasks.add_task(send, 1)  # E: argument-type
tasks.add_task(send, "ada", 1, 2)  # E: too-many-positional
tasks.add_task(send, "ada", cc="bob")  # E: unknown-keyword
tasks.add_task(send, "ada", 2)  # OK
number: int = tasks.add_task(send, "ada")  # E: assignment
tasks.no_such_method()  # E: unknown-attribute
"""
WRONG = {str(number) for number, line in enumerate(CASE.splitlines(), 1) if "# E:" in line}

# What quiets each checker, by the name of the file in which it looks for that.
QUIET = {
    "mypy.ini": "[mypy]\nignore_errors = True\n",
    "pyrightconfig.json": '{"typeCheckingMode": "off", "ignore": ["**"]}',
    "pyrefly.toml": 'preset = "off"\n',
    "ty.toml": '[rules]\nall = "ignore"\ninvalid-argument-type = "ignore"\n[src]\nexclude = ["**"]\n',
    "pyproject.toml": "".join(
        f"[tool.{section}]\n{setting}\n"
        for section, setting in {
            "mypy": "ignore_errors = true",
            "zuban": "ignore_errors = true",
            "pyright": 'ignore = ["**"]',
            "basedpyright": 'ignore = ["**"]',
            "pyrefly": 'preset = "off"',
            "ty.rules": 'all = "ignore"',
        }.items()
    ),
    ".ignore": "*\n",
    ".gitignore": "*\n",
}
# As QUIET, but below the home folder.
QUIET_HOME = {
    ".mypy.ini": QUIET["mypy.ini"],
    ".config/mypy/config": QUIET["mypy.ini"],
    ".config/ty/ty.toml": QUIET["ty.toml"],
    ".config/git/ignore": "*\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a case in it, and go there; its owner's home is empty."""
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    write(project, {"case.py": CASE})
    monkeypatch.chdir(project)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "VIRTUAL_ENV", "MYPYPATH"):
        monkeypatch.delenv(name, raising=False)
    return project


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def ours(
    *names: str, path: Path | str = "case.py", python: Path = PYTHON, versions: Sequence[str] = ()
) -> list[Result]:
    suite = find_suite([Path(path)], NAMES)
    cases, errors = suite.cases, suite.errors
    assert errors == ()
    plan = Plan(cases, DEFAULT_TARGET, python)
    return list(verify(plan, [CHECKERS[name] for name in names], python_versions=versions))


def green(results: list[Result]) -> dict[str, object]:
    """Return what was wrong with each run: nothing at all, if it is green as it must be."""
    wrong = {result.run.checker: result.run.failure or result.bad for result in results}
    return {checker: found for checker, found in wrong.items() if found}


def bare(name: str, *arguments: object, **env: str) -> set[str]:
    """Run a checker as anybody would, and return the lines of the case on which it finds an error."""
    options = {
        "mypy": ["--python-executable", PYTHON],
        "pyright": ["--pythonpath", PYTHON],
        "basedpyright": ["--pythonpath", PYTHON],
        "pyrefly": [
            "check",
            "--python-interpreter-path",
            PYTHON,
            "--summary=none",
            "--output-format=min-text",
        ],
        "ty": ["check", "--python", PYTHON, "--output-format=concise"],
        "zuban": ["check", "--python-executable", PYTHON],
    }[name]
    command = [Path(sysconfig.get_path("scripts"), name), *options, *arguments]
    done = subprocess.run(
        [*map(str, command)], env=os.environ | env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return {
        match[1]
        for line in done.stdout.splitlines()
        if "error" in line.lower() and (match := re.search(r"case\.py:(\d+):", line))
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_checker_is_not_fooled_where_nothing_is_hostile(folder: Path, name: str) -> None:
    if name == "pyrefly":
        write(folder, {"pyrefly.toml": ""})
    assert bare(name, "case.py") == WRONG


@pytest.mark.usefixtures("folder")
def test_starlette_that_does_not_resolve_fails_every_checker(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "bgtasks").symlink_to(PACKAGE)
    (modules / "typing_extensions.py").symlink_to(Path(SITE_PACKAGES, "typing_extensions.py"))
    results = ours(*CHECKERS, python=make_environment(tmp_path / "environment", modules))
    assert {result.run.checker for result in results} == set(CHECKERS)
    for result in results:
        # So it has taken a call that no class has for a right one.
        assert "takes the target for Any" in (result.run.failure or "")


def test_hostile_configurations_variables_and_homes_change_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "node_modules" / ".venv" / "tmp"
    for place in (tmp_path, folder, temporary.parent, temporary):
        write(place, QUIET)
    write(home, QUIET_HOME)
    write(home, {".gitconfig": f"[core]\nexcludesFile = {tmp_path / '.gitignore'}\n"})
    write(
        folder,
        {"bgtasks.pyi": "from typing import Any\nBackgroundTasks: Any\n", "starlette/__init__.pyi": ""},
    )
    for name, value in hostile_variables(folder).items():
        if name != "XDG_CONFIG_HOME":
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("TY_CONFIG_FILE", str(folder / "ty.toml"))
    monkeypatch.setenv("PYREFLY_CONFIG", str(folder / "pyrefly.toml"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for name in PROGRAMS:
        assert bare(name, "case.py") == set(), name
    assert green(ours(*CHECKERS)) == {}


@pytest.mark.usefixtures("folder")
def test_pyrefly_without_a_configuration() -> None:
    assert bare("pyrefly", "case.py") < WRONG
    assert green(ours("pyrefly")) == {}


@pytest.mark.parametrize("section", ["mypy", "pyright"])
def test_pyrefly_beside_the_configuration_of_another_checker(folder: Path, section: str) -> None:
    rules = {
        "mypy": 'disable_error_code = ["arg-type"]',
        "pyright": "reportArgumentType = false\nreportCallIssue = false",
    }
    write(folder, {"pyproject.toml": f"[tool.{section}]\n{rules[section]}\n"})
    assert bare("pyrefly", "case.py") < WRONG
    assert green(ours("pyrefly")) == {}


@pytest.mark.parametrize("name", ["venv", "node_modules", "__pycache__"])
def test_pyrefly_below_a_folder_that_it_passes_over(folder: Path, name: str) -> None:
    path = f"{name}/case.py"
    write(folder, {path: CASE, "pyrefly.toml": ""})
    assert bare("pyrefly", path) == set()
    assert green(ours("pyrefly", path=path)) == {}


def test_folders_that_some_checker_passes_over(folder: Path) -> None:
    names = ("__pypackages__", "_build", "build", "dist", "env", "target", "tests", "venv")
    write(folder, {f"suite/deep/{name}/case.py": CASE for name in names})
    results = ours(*CHECKERS, path="suite")
    assert green(results) == {}
    assert {len(result.verdicts) for result in results} == {len(names) * CASE.count("  # ")}


@pytest.mark.parametrize("name", ["pyright", "basedpyright"])
def test_pyright_below_the_configuration_of_a_parent(folder: Path, name: str) -> None:
    write(folder.parent, {"pyrightconfig.json": QUIET["pyrightconfig.json"]})
    write(folder, {"pyproject.toml": f'[tool.{name}]\ntypeCheckingMode = "strict"\n'})
    assert bare(name) == set()
    assert green(ours(name)) == {}


def test_basedpyright_beside_its_baseline(folder: Path) -> None:
    bare("basedpyright", "--writebaseline")
    assert (folder / ".basedpyright" / "baseline.json").exists()
    assert bare("basedpyright") == set()
    assert green(ours("basedpyright")) == {}


def test_basedpyright_in_a_project_with_pyrights_settings_too(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.pyright]\n[tool.basedpyright]\n"})
    with pytest.raises(AssertionError, match="cannot have both"):
        bare("basedpyright")
    assert green(ours("basedpyright")) == {}


@pytest.mark.usefixtures("folder")
def test_ty_with_a_configuration_of_its_users(tmp_path: Path) -> None:
    write(tmp_path, {"home/.config/ty/ty.toml": QUIET["ty.toml"], "empty.toml": ""})
    assert bare("ty", "--config-file", tmp_path / "empty.toml", "case.py") == set()
    assert green(ours("ty")) == {}


def test_every_checker_goes_by_the_python_version_it_is_told(folder: Path) -> None:
    write(
        folder,
        {"case.py": f"import sys\n{CASE}if sys.version_info < (3, 14):\n    send(1)  # E: argument-type\n"},
    )
    assert len(bare("zuban", "--python-version=3.13", "case.py")) == len(bare("zuban", "case.py")) + 1
    results = ours(*CHECKERS, versions=["3.12", "3.14"])
    outcomes = {
        (result.run.checker, result.run.python_version): result.verdicts[-1].outcome for result in results
    }
    assert outcomes == {
        (name, version): outcome
        for name in CHECKERS
        for version, outcome in {"3.12": Outcome.MET, "3.14": Outcome.ELSEWHERE}.items()
    }
    assert [result.bad for result in results] == [()] * len(results)


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("mypy", "# type: ignore"),
        ("pyright", "# pyright: ignore"),
        ("pyrefly", "# pyrefly: ignore"),
        ("pyrefly", "# type: ignore[attr-defined]"),
        ("ty", "# ty: ignore"),
        ("ty", "# type: ignore"),
        ("zuban", "# zuban: ignore"),
        ("zuban", "# type: ignore"),
    ],
)
def test_an_ignore_comment_is_refused(folder: Path, name: str, comment: str) -> None:
    write(folder, {"case.py": CASE.replace("# E: unknown-attribute", comment), "pyrefly.toml": ""})
    assert bare(name, "case.py") == WRONG - {"14"}
    [error] = find_suite([Path("case.py")], NAMES).errors
    assert "an ignore comment hides what checkers say" in str(error)
