import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bgtasks import cli
from bgtasks.__main__ import answer

NUL = '[tool.bgtasks]\nstubs = "a\\u0000b"\n'


BUG = "this is a bug in bgtasks, please report it"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RuntimeError("odd\nthing"), BUG),
        (RecursionError(), BUG),
        (OSError("odd"), "the system refused something that was needed: odd"),
        (
            UnicodeEncodeError("utf-8", "a\nb/\udcff/c", 4, 5, "surrogates not allowed"),
            "no checker can be told of what is no UTF-8: 'b/\\udcff'; rename it",
        ),
        (MemoryError(), "there is not enough memory"),
        (PermissionError(errno.EACCES, "Permission denied", "a\nb"), "a b: Permission denied"),
        (
            OSError(errno.EMFILE, "Too many open files"),
            "the system refused something that was needed: Too",
        ),
    ],
)
@pytest.mark.parametrize("debug", ["", "1"])
def test_what_nobody_thought_of_is_one_line(
    error: Exception,
    line: str,
    debug: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def app(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setenv("BGTASKS_DEBUG", debug)
    assert answer() == 2
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith(f"bgtasks: {line}")
    assert ("Traceback" in said) == (debug == "1")
    assert debug or said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "settings", "line"),
    [
        ("chekc", "", "no such command 'chekc'; known are check, rule, "),
        ("chekc", "", "did you mean check?"),
        ("lint", "", "no such command 'lint'; known are "),
        ("check --selct BGT1", "", "--select"),
        ("check --checkers pyrihgt", "", "did you mean pyright?"),
        ("check --output jsno=x", "", "did you mean json?"),
        ("check --select bgt204", "", "did you mean BGT204?"),
        ("check --ignore never-atached", "", "did you mean BGT201?"),
        ("verify t --platform win", "", "did you mean win32?"),
        ("verify t --config mipy=x", "", "did you mean mypy?"),
        ("vendor --only fast-api", "", "did you mean fastapi?"),
        ("verify t --timeout nan", "", "is no number"),
        ("verify t --timeout 1e400", "", "is not in the range"),
        ("verify t --target if:else", "", "not of the form module:Class"),
        ("verify t --output json=.", "", "it is a folder"),
        ("verify t --output json=no/such.json", "", "there is no folder no"),
        (f"verify t --explain t/a.py:{'9' * 5000}", "", "is no place; write file:line"),
        ("verify t --explain t/a.py:1", "", "no claim stands there; the nearest in the file is on line 2"),
        ("verify --explain t/b.py:1", "", "t/b.py: no such file or folder"),
        ("verify --explain t/a.py:2 --watch", "", "--explain shows one claim; leave out --watch"),
        (f"verify {'x' * 5000}", "", "no such file or folder"),
        (f"check {'x' * 5000}", "", "no such file or folder"),
        (f"vendor {'x' * 5000}", "", "can be no folder"),
        ("check --min-coverage nan", "", "is not a percentage"),
        ("verify t", NUL, "has a NUL in it"),
        ("verify t", "[tool.bgtasks]\ntimeout = nan\n", "not a number of seconds"),
        ("verify t", f"[tool.bgtasks]\ntimeout = {'9' * 400}\n", "not a number of seconds"),
        ("verify t", f"a = {'[' * 9999}", "nested too deeply"),
        ("vendor --write-config", "tool = 1\n", "is no table"),
        ("vendor --write-config", "tool = {mypy = {strict = true}}\n", "cannot be added to"),
    ],
)
def test_what_can_be_mended_is_one_line(tmp_path: Path, arguments: str, settings: str, line: str) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a.py").write_text("from bgtasks import BackgroundTasks\nBackgroundTasks()  # OK\n")
    (tmp_path / "pyproject.toml").write_text(settings)
    command = [sys.executable, "-m", "bgtasks", *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert line in done.stderr
    assert "Traceback" not in done.stderr
    assert "this is a bug" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pyproject.toml", "t"]
    assert (tmp_path / "pyproject.toml").read_text() == settings


@pytest.mark.skipif(sys.platform == "win32", reason="removes the folder that it stands in")
def test_a_folder_that_is_gone_is_one_line(tmp_path: Path) -> None:
    code = "import os; os.rmdir(os.getcwd()); from bgtasks.__main__ import main; main()"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("bgtasks: the current folder cannot be found: No such file")


INTERRUPTING = """
import sys
from importlib.abc import MetaPathFinder

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "bgtasks.leftovers":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("import runpy; runpy.run_module('bgtasks', run_name='__main__')", id="the module"),
        pytest.param("from bgtasks.__main__ import main; main()", id="the script"),
    ],
)
def test_an_interrupt_while_we_are_imported_is_one_line(start: str) -> None:
    command = [sys.executable, "-c", f"{INTERRUPTING}\n{start}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "bgtasks: interrupted; nothing was checked\n")


def test_what_lies_where_we_stand_is_not_run(tmp_path: Path) -> None:
    for name in ("click", "json", "starlette"):
        (tmp_path / f"{name}.py").write_text(f"open({name!r}, 'w')\n")
    command = [sys.executable, "-m", "bgtasks", "rule", "BGT201"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"click.py", "json.py", "starlette.py"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each name is text")
@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("verify case.py --checkers mypy", "no checker can be told of what is no UTF-8: "),
        ("vendor --for mypy --write-config ./a", "pyproject.toml: cannot be added to ("),
    ],
)
def test_a_folder_whose_name_is_no_text_is_one_line(tmp_path: Path, command: str, line: str) -> None:
    folder = tmp_path / "a\udcff"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    (folder / "other.py").touch()
    (folder / "case.py").write_text("import other\nother.x  # E\n")
    arguments = [f"{part}\udcff" if part == "./a" else part for part in command.split()]
    done = subprocess.run(
        [sys.executable, "-m", "bgtasks", *arguments], cwd=folder, capture_output=True, check=False
    )
    said = done.stderr.decode()
    assert done.returncode == 2
    assert said.splitlines()[-1].startswith(f"bgtasks: {line}")
