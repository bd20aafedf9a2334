import sys
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.model import DEFAULT_TARGET
from bgtasks.verify.around import default_target, find_starts, leave_project
from bgtasks.verify.find import find_suite

PYTHON = Path(sys.executable)


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("files", "given", "starts"),
    [
        pytest.param(["pyproject.toml", "mylib/__init__.py"], "t", ["."], id="beside"),
        pytest.param(["pyproject.toml", "src/mylib/__init__.py"], "t", ["src"], id="src"),
        pytest.param(["src/mylib/__init__.py"], "t", ["src"], id="src of no project"),
        pytest.param(["mylib.pyi"], "t", ["."], id="stub"),
        pytest.param(["pyproject.toml", "mylib/part.py"], "t", ["."], id="namespace"),
        pytest.param(["pyproject.toml", "mylib/part.txt"], "t", [], id="no package"),
        pytest.param(["t/mylib.py"], "t", [], id="a case"),
        pytest.param(["t/mylib.py"], "t/case.py", ["t"], id="beside one file"),
        pytest.param(["pyproject.toml", "t/mylib.py", "mylib.py"], "t/case.py", ["t"], id="the nearest"),
        pytest.param(["t/pyproject.toml", "mylib.py"], "t", [], id="out of the project"),
        pytest.param(["pyproject.toml", "starlette/__init__.py"], "t", [], id="installed with types"),
        pytest.param(
            ["pyproject.toml", "builtins.pyi", "mylib.pyi"], "t", [], id="the standard library's stubs"
        ),
    ],
)
def test_imports_start_where_the_project_has_what_cases_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], given: str, starts: list[str]
) -> None:
    lay(tmp_path, *files)
    (tmp_path / "t").mkdir(exist_ok=True)
    (tmp_path / "t" / "case.py").write_text("import json\nimport starlette\nfrom mylib.part import x\n")
    monkeypatch.chdir(tmp_path)
    cases = find_suite([Path(given)], []).cases
    assert find_starts([Path(given)], cases, PYTHON) == tuple(tmp_path / start for start in starts)


def test_what_is_given_and_what_tools_are_told_counts_too(tmp_path: Path) -> None:
    lay(tmp_path, "lib/mylib.py", "more/other.py")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["lib"]\n')
    (tmp_path / "case.py").write_text("def f():\n    import mylib\n")
    cases = find_suite([tmp_path / "case.py"], []).cases
    starts = find_starts([tmp_path / "case.py"], cases, PYTHON, [tmp_path / "more"])
    assert starts == (tmp_path / "more", tmp_path / "lib")


def test_the_files_of_the_project_are_no_cases(tmp_path: Path) -> None:
    lay(tmp_path, "src/mylib.py", "t/tools.py")
    (tmp_path / "t" / "case.py").write_text("import mylib  # OK\n")
    cases = find_suite([tmp_path], []).cases
    kept = leave_project(cases, [tmp_path / "src"], [tmp_path])
    assert [case.path.name for case in kept] == ["case.py", "tools.py"]
    # Cases within the project are no less cases.
    assert len(leave_project(cases, [tmp_path], [tmp_path / "src", tmp_path / "t"])) == 3
    assert len(leave_project(cases, [tmp_path], [tmp_path])) == 3


@pytest.mark.parametrize(
    ("source", "ours"),
    [("from bgtasks import BackgroundTasks", True), ("from bgtasks import BackgroundTask", False)],
)
def test_our_own_class_is_the_target_where_a_case_imports_it(source: str, *, ours: bool) -> None:
    case = read_case(Path("case.py"), Path("case.py"), source, frozenset())
    assert default_target([case]) == (DEFAULT_TARGET if ours else None)
