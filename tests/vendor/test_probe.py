"""
A project as somebody would make it, its stubs vendored, and each checker run as it is configured there.

The session `vendoring` of nox runs this with the oldest checkers.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bgtasks.vendor.configure import NEEDS

pytestmark = pytest.mark.checker

CHECKERS = tuple(NEEDS)
SCRIPTS = Path(sys.executable).parent
COMMANDS = {
    "mypy": ("mypy", "shop.py", "right.py"),  # given a folder, it would check what lies in typings/ too
    "pyright": ("pyright",),
    "basedpyright": ("basedpyright",),
    "pyrefly": ("pyrefly", "check", "--output-format=min-text"),
    "ty": ("ty", "check", "--output-format=concise"),
    "zuban": ("zuban", "check"),
}
# A checker names the type of what it cannot assign; the wrong call is one that pyright accepts of
# Starlette's own signature, and the right one such that it rejects.
APP = """\
import fastapi
import starlette.requests
from fastapi import BackgroundTasks
from starlette.background import BackgroundTasks as StarletteTasks


def send(*, kwargs: int) -> None:
    print(kwargs)


a: None = fastapi.FastAPI()  # FastAPI
b: None = fastapi.FastAPI().url_path_for("a")  # URLPath
c: None = fastapi.Depends  # use_cache
d: None = starlette.requests.Request({"type": "http"})  # Request
e: None = BackgroundTasks().add_task  # object
f: None = StarletteTasks().add_task  # object
BackgroundTasks().add_task(send, kwargs="a")  # str|Literal
StarletteTasks().add_task(send, kwargs="a")  # str|Literal
"""
RIGHT = """\
from typing import Annotated

import fastapi
import starlette.requests
from starlette.background import BackgroundTasks

app = fastapi.FastAPI()


def send(*, kwargs: int) -> None:
    print(kwargs)


@app.get("/")
def ship(tasks: fastapi.BackgroundTasks, token: Annotated[str, fastapi.Depends(str)]) -> str:
    tasks.add_task(send, kwargs=1)
    return token


async def answer(request: starlette.requests.Request) -> BackgroundTasks:
    tasks = BackgroundTasks()
    tasks.add_task(send, kwargs=len(request.url.path))
    return tasks
"""
PYPROJECT = """\
# What was there before.
[project]
name = "shop"

[tool.mypy]
warn_unreachable = true
"""
VARIABLES = {
    **os.environ,
    "VIRTUAL_ENV": sys.prefix,
    "PATH": os.pathsep.join([str(SCRIPTS), os.environ["PATH"]]),
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "NO_COLOR": "1",
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=VARIABLES, capture_output=True, text=True, check=False)


def vendor(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-m", "bgtasks", "vendor", *options)


def make_shop(folder: Path, *options: str, pyproject: str = PYPROJECT) -> Path:
    (folder / "shop.py").write_text(APP)
    (folder / "right.py").write_text(RIGHT)
    (folder / "pyproject.toml").write_text(pyproject)
    done = vendor(folder, "--write-config", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project that uses all six at once."""
    return make_shop(tmp_path_factory.mktemp("shop"), "--for", "all")


def lines_said(folder: Path, checker: str) -> dict[str, dict[int, str]]:
    name, *arguments = COMMANDS[checker]
    done = run(folder, str(SCRIPTS / name), *arguments)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    said: dict[str, dict[int, str]] = {}
    for path, line, text in re.findall(r"([\w./-]+\.pyi?):(\d+)\b(.*)", done.stdout):
        lines = said.setdefault(Path(path).name, {})
        lines[int(line)] = lines.get(int(line), "") + text
    return said


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_checker_reads_the_stubs_and_loses_nothing_else(shop: Path, checker: str) -> None:
    said = lines_said(shop, checker)
    assert set(said) <= {"shop.py"}, "what is right, and the stubs themselves, must pass"
    for number, line in enumerate(APP.splitlines(), 1):
        if expected := line.partition("  # ")[2]:
            assert re.search(rf"\b({expected})\b", said["shop.py"].get(number, "")), (number, said)
    assert len(said["shop.py"]) == 8


def test_all_six_prove_it_of_a_crlf_checkout(shop: Path, tmp_path: Path) -> None:
    for file in (shop / "pyproject.toml", *(shop / "typings").rglob("*.*")):
        if file.is_file():
            copy = tmp_path / file.relative_to(shop)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert (tmp_path / "typings" / "fastapi-stubs" / "py.typed").read_bytes() == b"partial\r\n"
    done = vendor(tmp_path, "--check", "--verify")
    assert done.returncode == 0, done.stdout + done.stderr
    for checker in CHECKERS:
        words = r"reads the stubs 0\.1\.0, and resolves the rest as without them"
        assert re.search(rf"^{checker} \d+\.\d+[\d.]*: {words}$", done.stdout, re.MULTILINE), done.stdout
    assert list(tmp_path.glob("bgtasks_probe_*")) == []


def test_another_folder_is_read_too(tmp_path: Path) -> None:
    make_shop(tmp_path, "stubs/ours", "--for", "pyright,pyrefly,ty,zuban", pyproject="")
    done = vendor(tmp_path, "stubs/ours", "--check", "--verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("reads the stubs") == 4


def test_zuban_keeps_away_from_what_mypy_ini_says(tmp_path: Path) -> None:
    (tmp_path / "mypy.ini").write_text("[mypy]\nmypy_path = $MYPY_CONFIG_FILE_DIR/typings/.mypy\n")
    make_shop(tmp_path, "--for", "mypy,zuban", pyproject="")
    assert "[tool.mypy]\n" in (tmp_path / "pyproject.toml").read_text()
    done = vendor(tmp_path, "--for", "zuban", "--dry-run", "--verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_not_in_effect_is_told_with_what_to_change(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    done = vendor(tmp_path, "--for", "pyrefly,ty,zuban", "--verify")
    assert done.returncode == 1
    for checker, key in {"ty": 'extra-paths = ["typings"]', "zuban": 'mypy_path = ["typings"]'}.items():
        lines = re.findall(rf"^{checker} [\d.]+: (.*)$", done.stdout, re.MULTILINE)
        assert lines == ["does not read the stubs of starlette", "does not read the stubs of fastapi"]
        assert re.search(
            rf"^{checker} needs in pyproject\.toml\n.*\n    {re.escape(key)}$", done.stdout, re.MULTILINE
        )
    # It reads them, but without a configuration it reports next to nothing.
    [line] = re.findall(r"^pyrefly [\d.]+: (.*)$", done.stdout, re.MULTILINE)
    assert line.startswith("reads the stubs, but reports no wrong call of add_task")
    done = run(tmp_path, sys.executable, "-m", "bgtasks", "doctor", "--checkers", "ty")
    assert done.returncode == 2
    assert re.search(r"^  ty [\d.]+: does not read the stubs of starlette$", done.stdout, re.MULTILINE)
    assert '      extra-paths = ["typings"]\n' in done.stdout


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    # The second copy is for mypy alone.
    (tmp_path / "pyproject.toml").write_text('[tool.mypy]\nmypy_path = "typings/.mypy"\n')
    assert vendor(tmp_path, "--for", "mypy,zuban").returncode == 0
    done = vendor(tmp_path, "--for", "zuban", "--dry-run", "--verify")
    assert done.returncode == 1
    assert re.search(r"^zuban .*: does not resolve fastapi\.FastAPI\(\)$", done.stdout, re.MULTILINE)


def test_the_doctor_proves_it_too(shop: Path) -> None:
    done = run(shop, sys.executable, "-m", "bgtasks", "doctor", "--checkers", "ty,zuban", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('"stubs": "0.1.0"') == 2
