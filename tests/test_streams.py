import os
import subprocess
import sys
from pathlib import Path

import pytest

from bgtasks.streams import tame

CHECK = [sys.executable, "-m", "bgtasks", "check", "--select", "BGT2", "--python", sys.executable]
APP = """\
from fastapi import BackgroundTasks, FastAPI


def f() -> None:
    tasks = BackgroundTasks()
    tasks.add_task(print)
"""


@pytest.mark.parametrize(
    ("text", "tamed"),
    [
        ("\x1b[31mred", "\N{REPLACEMENT CHARACTER}[31mred"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("::error::x", ": :error::x"),
        ("a\n  ::stop-commands::x", "a\n  : :stop-commands::x"),
        ("##[group]x", "## [group]x"),
        ("a::b and c", "a::b and c"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_nothing_is_obeyed(text: str, tamed: str) -> None:
    assert tame(text) == tamed


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
def test_names_reach_no_terminal_as_they_are(app: Path) -> None:
    (app / "a\n::warning::b\x1b[31m.py").write_text(APP)
    (app / "ü.py").write_text(APP)
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(CHECK, cwd=app, env=env, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"BGT" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr
    assert not any(line.strip().startswith(b"::") for line in done.stdout.splitlines())
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_behind_stdout_is_no_success(app: Path) -> None:
    (app / "a.py").write_text("x = 1\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(CHECK, cwd=app, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    line = "bgtasks: stdout cannot be written: No space left on device; not all was shown\n"
    assert done.stderr == line


@pytest.mark.skipif(sys.platform == "win32", reason="closes a descriptor")
def test_a_closed_stdout_changes_nothing(app: Path) -> None:
    (app / "a.py").write_text(APP)
    command = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *CHECK]
    assert subprocess.run(command, cwd=app, check=False).returncode == 1
