"""`bgtasks mutate` as its users meet it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bgtasks.cli import app
from bgtasks.errors import BgtasksError
from bgtasks.prove.jobs import read_executor

FILES = {
    "lib.py": "def f(a: int) -> int: return a\n",
    "tests/case.py": "from lib import f\n\nf(1)  # OK\nf('')  # E: argument-type\n",
    "pyproject.toml": '[tool.bgtasks]\ncases = ["tests"]\ntarget = "lib:f"\ncheckers = ["mypy"]\n',
}
EQUIVALENT = """\
[[equivalent]]
mutant = "lib:f"
after = "def f(a: int) -> Any"
checkers = ["mypy"]
reason = "the result is not looked at"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.live
@pytest.mark.checker
def test_survivors_are_shown_and_listed_ones_are_not(folder: Path) -> None:
    (folder / "tests" / "equivalents.toml").write_text(EQUIVALENT)

    done = CliRunner().invoke(app, ["mutate", "lib.py", "--output", "json=report.json"])

    assert done.exit_code == 1, done.output
    assert "  - def f(a: int) -> int\n  + def f(a: int) -> object\n" in done.output
    assert "+ def f(a: int) -> Any" not in done.output
    report = json.loads((folder / "report.json").read_text())
    assert report["checkers"][0]["counts"]["equivalent"] == 1
    assert report["mutants"][0]["path"] == "lib.py"


WRONG = {
    "nothing there": (["none.py"], "none.py: no Python file or stub"),
    "no such format": (["lib.py", "--output", "html=x"], "'html' is no format; known are json, markdown"),
    "no executor": (["lib.py", "--executor", "spark://x"], "--executor: 'spark://x' is no executor"),
    "no test of it": (["lib.py", "--cases", "lib.py"], "no case has a claim"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_line(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["mutate", *arguments])

    assert isinstance(done.exception, BgtasksError)
    assert said in str(done.exception)


@pytest.mark.parametrize("text", ["", "dask", "dask://host", "http://host:1"])
def test_what_is_no_executor(text: str) -> None:
    with pytest.raises(BgtasksError, match="is no executor; write local, or dask://HOST:PORT"):
        read_executor(text)
