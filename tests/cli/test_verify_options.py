import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bgtasks.checkers import CHECKERS
from bgtasks.verify.reporters.json import schema
from environments import INSTALLED, make_environment
from places import ROOT

pytestmark = pytest.mark.checker

CASE = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


BackgroundTasks().add_task(send, 1)  # E: argument-type
BackgroundTasks().add_task(send, "a")  # OK
"""
# What only our stubs let pyright see: a task's own parameter called "kwargs".
STARLETTE_CASE = """\
from starlette.background import BackgroundTasks


def send(*, kwargs: int) -> None: ...


BackgroundTasks().add_task(send, kwargs="a")  # E: argument-type
BackgroundTasks().add_task(send, kwargs=1)  # OK
"""


def bgtasks(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bgtasks", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.node.get_closest_marker("checker"):
        request.getfixturevalue("cache")
    (tmp_path / "typetests").mkdir()
    (tmp_path / "typetests" / "case.py").write_text(CASE)
    return tmp_path


def test_the_settings_say_what_the_command_line_does_not(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.bgtasks]\ncases = ["typetests"]\ncheckers = ["mypy"]\npython-versions = ["3.11"]\n'
        'outputs = { json = "report.json" }\n'
    )
    done = bgtasks("verify", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(" on 3.11.")
    validator: Any = import_module("jsonschema").Draft202012Validator(schema())
    validator.validate(json.loads((folder / "report.json").read_text()))
    done = bgtasks("verify", "--python-version", "3.12", "--output", "json=-", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)
    assert " on 3.12." in done.stderr


def test_without_cases_there_is_nothing_to_check(tmp_path: Path) -> None:
    done = bgtasks("verify", cwd=tmp_path)
    assert done.returncode == 2
    assert "no type tests named" in done.stderr


def test_a_checker_that_does_not_gate_turns_nothing_red(folder: Path) -> None:
    (folder / "typetests" / "case.py").write_text(CASE + "BackgroundTasks().add_task(send)  # OK\n")
    options = ("verify", "typetests", "--checkers", "mypy,zuban", "--gating")
    assert bgtasks(*options, "mypy", cwd=folder).returncode == 1
    # pyright is not asked, so all that are asked gate.
    assert bgtasks(*options, "pyright", cwd=folder).returncode == 1
    (folder / "typetests" / "case.py").write_text(
        CASE + "BackgroundTasks().add_task(send)  # E: missing-argument  !zuban in words\n"
    )
    done = bgtasks(*options, "mypy", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert bgtasks(*options, "zuban", cwd=folder).returncode == 1


def test_stubs_are_laid_over_the_environment(folder: Path) -> None:
    (folder / "typetests" / "case.py").write_text(STARLETTE_CASE)
    options = (
        "verify",
        "typetests",
        "--target",
        "starlette.background:BackgroundTasks",
        "--checkers",
        "pyright",
    )
    assert bgtasks(*options, cwd=folder).returncode == 1
    done = bgtasks(*options, "--stubs", ROOT / "stubs", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("keyword", "claims"),
    [
        ("argument-type", "1 claim"),
        ('add_task(send, "A")', "1 claim"),
        ("case.py", "2 claims"),
        (":8 ", "1 claim"),
    ],
)
def test_a_keyword_selects_claims(folder: Path, keyword: str, claims: str) -> None:
    done = bgtasks("verify", "typetests", "--checkers", "mypy", "-k", keyword, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"Green: {claims} in 1 file")


def test_a_keyword_leaves_what_others_import(folder: Path) -> None:
    (folder / "typetests" / "notes.py").write_text("def send(to: str) -> None: ...\n")
    (folder / "typetests" / "case.py").write_text(
        CASE.replace("def send(to: str) -> None: ...", "from notes import send")
    )
    done = bgtasks("verify", "typetests", "--checkers", "mypy", "-k", "argument-type", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_open_claims_are_filled_in(folder: Path) -> None:
    case = folder / "typetests" / "case.py"
    case.write_text(CASE.replace("argument-type", "?"))
    done = bgtasks("verify", "typetests", cwd=folder)
    assert done.returncode == 2
    assert "case.py:7: the kind is still open" in done.stdout
    done = bgtasks("verify", "typetests", "--update", "--yes", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "+BackgroundTasks().add_task(send, 1)  # E: argument-type" in done.stdout
    assert case.read_text() == CASE


OPEN = """\
import sys
from collections.abc import Iterable
from functools import partial

from bgtasks import BackgroundTasks


def send(to: str, count: int = 1) -> None: ...
def join(parts: Iterable[str]) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(send, "ada", 1)  # E: ?
tasks.add_task(send, 1)  # E: ?
tasks.add_task(send)  # E: ?
tasks.add_task(send, "ada", cuont=1)  # E: ?
tasks.add_task(send, "ada", 1, 2)  # E: ?
tasks.add_task(partial(send, "ada"), to="b")  # E: ?
tasks.add_task(join, [1])  # E: ?
send("ada").upper()  # E: ?
1 + "a"  # E: ?
number: int = "a"  # E: ?
print(undefined)  # E: ?
reveal_type([1])  # revealed: ?
reveal_type(send)  # revealed: ?
reveal_type(sys)  # revealed: ?
if sys.platform == "win32":
    send(1)  # E: ?
"""


def test_what_is_written_is_met_under_all_checkers(folder: Path) -> None:
    case = folder / "typetests" / "case.py"
    case.write_text(OPEN)
    checkers = ("--checkers", "mypy,pyright,basedpyright,pyrefly,ty,zuban")
    platforms = ("--platform", "linux", "--platform", "win32")
    done = bgtasks("verify", "typetests", "--update", "--yes", *checkers, *platforms, cwd=folder)
    assert done.returncode in {0, 2}, done.stdout + done.stderr
    left = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": left open, " in line}
    lines = case.read_text().splitlines()
    assert {number for number, line in enumerate(lines, 1) if line.endswith("?")} == left
    assert {'tasks.add_task(send, "ada", 1)  # OK', "    send(1)  # E: argument-type"} < set(lines)
    case.write_text("\n".join(line for number, line in enumerate(lines, 1) if number not in left) + "\n")
    done = bgtasks("verify", "typetests", *checkers, "--gating", "all", *platforms, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_keyword_that_selects_nothing_is_an_error(folder: Path) -> None:
    done = bgtasks("verify", "typetests", "-k", "nonsense", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "bgtasks: -k nonsense: found in no claim, its place or its statement\n"


def test_a_claim_is_explained_checker_by_checker(folder: Path) -> None:
    done = bgtasks("verify", "typetests", "--explain", "typetests/case.py:7", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(
        "typetests/case.py:7 claims argument-type\nBackgroundTasks().add_task(send, 1)"
    )
    assert "[arg-type]" in done.stdout
    assert "[reportArgumentType]" in done.stdout
    done = bgtasks("verify", "typetests", "--explain", "typetests/case.py:1", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == (
        "bgtasks: --explain typetests/case.py:1: no claim stands there; "
        "the nearest in the file are on lines 7 and 8\n"
    )


def test_what_is_explained_need_not_be_named_besides(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.bgtasks]\ncases = ["typetests"]\ncheckers = ["zuban"]\n')
    (folder / "typetests" / "red.py").write_text("len(1)  # OK\n")
    (folder / "more.py").write_text("len(1)  # OK\nlen(1)  # E: ?\n")
    codes = {
        place: bgtasks("verify", "--explain", place, cwd=folder).returncode
        for place in ("typetests/case.py:7", "typetests/red.py:1", "more.py:1", "more.py:2")
    }
    assert codes == {"typetests/case.py:7": 0, "typetests/red.py:1": 1, "more.py:1": 1, "more.py:2": 1}


@pytest.mark.parametrize("output", ["nonsense=a", "json", "json=missing/report.json"])
def test_an_output_that_cannot_be_is_named(folder: Path, output: str) -> None:
    done = bgtasks("verify", "typetests", "--checkers", "mypy", "--output", output, cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in folder.iterdir()) in (
        ["typetests"],
        [".bgtasks_cache", "typetests"],
    )


def test_the_doctor_tells_what_each_checker_sees(folder: Path) -> None:
    done = bgtasks("doctor", "--json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    healths = {health["checker"]: health for health in json.loads(done.stdout)}
    assert list(healths) == list(CHECKERS)
    assert {name: health["problem"] for name, health in healths.items()} == dict.fromkeys(healths)
    assert [name for name, health in healths.items() if health["gates"]] == ["mypy", "pyright"]
    assert Path(healths["ty"]["target"]).name == "__init__.py"


def test_the_doctor_names_what_is_wrong(folder: Path) -> None:
    python = make_environment(folder / "environment")
    done = bgtasks("doctor", "--checkers", "mypy", "--python", python, cwd=folder)
    assert done.returncode == 2
    assert "not found" in done.stdout
    assert "cannot resolve the target" in " ".join(done.stdout.split())
    python = make_environment(folder / "whole", *INSTALLED)
    assert bgtasks("doctor", "--checkers", "mypy", "--python", python, cwd=folder).returncode == 0


def test_a_full_disk_is_one_clear_line(folder: Path) -> None:
    # To a process that may write no more to a file than this the disk is full.
    code = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}));"
        "runpy.run_module('bgtasks', run_name='__main__')"
    )
    for limit, line in (
        (0, "no temporary folder can be made"),
        (100, "the temporary folder cannot be written"),
    ):
        command = [sys.executable, "-c", code.format(limit), "verify", "typetests"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert done.stderr.strip().startswith(f"bgtasks: {line}: ")


def test_what_is_cached_is_not_stale(folder: Path) -> None:
    run = ("verify", "typetests", "--checkers", "mypy")
    assert bgtasks(*run, cwd=folder).returncode == 0
    assert bgtasks(*run, cwd=folder).returncode == 0
    # As long as before, and within the same second as far as the file's time stamp goes.
    (folder / "typetests" / "case.py").write_text(CASE.replace("send, 1)  #", "send, '')#"))
    assert bgtasks(*run, cwd=folder).returncode == 1
    (folder / "typetests" / "case.py").write_text(CASE)
    assert bgtasks(*run, cwd=folder).returncode == 0


def test_a_single_file_is_watched_also_where_it_is_replaced(folder: Path) -> None:
    file = folder / "typetests" / "case.py"
    command = [sys.executable, "-m", "bgtasks", "verify", str(file), "--checkers", "mypy", "--watch"]
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = (line for line in process.stdout if line.startswith(("Green", "Red")))
        assert next(lines).startswith("Green: 2 claims")
        for claim, start in (("# E: override", "Red"), ("# OK", "Green"), ("# E: override", "Red")):
            draft = folder / "draft"
            draft.write_text(CASE.replace("# OK", claim))
            draft.replace(file)
            assert next(lines).startswith(start)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_watching_checks_again_when_a_file_is_saved(folder: Path) -> None:
    command = [sys.executable, "-m", "bgtasks", "verify", "typetests", "--checkers", "mypy", "--watch"]
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = (line for line in process.stdout if line.startswith(("Green", "Red")))
        assert next(lines).startswith("Green: 2 claims")
        (folder / "typetests" / "case.py").write_text(CASE.replace("# OK", "# E: override"))
        assert next(lines).startswith("Red: 1 verdict")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
