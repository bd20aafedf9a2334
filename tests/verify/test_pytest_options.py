from pathlib import Path

import pytest

from bgtasks.verify.pytest_options import aim, as_options

SOURCE = "f(1)\nf(\n    1,\n    2,\n)  # OK\ng(\n    1,  # E\n    2,  # OK\n)\n"


@pytest.mark.parametrize(
    ("argument", "aimed"),
    [
        pytest.param("case.py::5", "case.py::5", id="line of the claim"),
        pytest.param("case.py::2", "case.py::5", id="first line"),
        pytest.param("case.py::3[mypy-3.12]", "case.py::5[mypy-3.12]", id="under a checker"),
        pytest.param("case.py::7", "case.py::7", id="one claim of several"),
        pytest.param("case.py::6", "case.py::6", id="a line that none of several is for"),
        pytest.param("case.py::1", "case.py::1", id="no claim"),
        pytest.param("case.py::99", "case.py::99", id="no such line"),
        pytest.param("nowhere.py::2", "nowhere.py::2", id="no such file"),
        pytest.param("case.py::silent[mypy]", "case.py::silent[mypy]", id="silence"),
        pytest.param("case.py", "case.py", id="file"),
    ],
)
def test_any_line_of_a_statement_is_that_of_its_claim(tmp_path: Path, argument: str, aimed: str) -> None:
    (tmp_path / "case.py").write_text(SOURCE)
    assert aim(argument, tmp_path, ignores=False) == aimed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("allow it more with --timeout", "allow it more with --bgtasks-timeout"),
        ("name one with --python", "name one with --bgtasks-python"),
        ("name it with --target module:Class", "name it with --bgtasks-target module:Class"),
        ("--stubs x: no folder", "--stubs x: no folder"),
        ("x--timeout", "x--timeout"),
    ],
)
def test_options_are_called_as_pytest_calls_them(line: str, expected: str) -> None:
    assert as_options(line) == expected
