"""`bgtasks verify --oracle` and `bgtasks fuzz` at the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.checker

CASE = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


BackgroundTasks().add_task(send, 1)  # E: argument-type
BackgroundTasks().add_task(send, "a")  # OK
"""


def bgtasks(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bgtasks", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        pytest.param(CASE, 0, "Green: of 2 claims Python bears out 2", id="borne out"),
        pytest.param(
            CASE + "BackgroundTasks().add_task(send)  # OK\n", 1, "contradicts 1", id="contradicted"
        ),
        pytest.param(
            CASE + "1 / 0\n", 2, "case.py: not executed to its end: line 9: ZeroDiv", id="not executed"
        ),
    ],
)
def test_the_oracle_ends_as_its_exit_code_says(tmp_path: Path, source: str, code: int, said: str) -> None:
    (tmp_path / "case.py").write_text(source)
    done = bgtasks("verify", "case.py", "--oracle", "--output", "json=report.json", cwd=tmp_path)
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["exit_code"], report["runs"]) == (code, [])
    assert len(report["oracle"]["answers"]) == source.count("  # ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--watch"], "--oracle asks no checker; leave out --watch", id="watch"),
        pytest.param(["-k", "send"], "--oracle asks no checker; leave out -k", id="keyword"),
        pytest.param(["--output", "html=a.html"], "--oracle writes no html; give --output json=", id="html"),
        pytest.param(
            ["--target", "nothing:There"], "nothing:There cannot be imported: ModuleNot", id="target"
        ),
    ],
)
def test_the_oracle_refuses_what_has_no_meaning(tmp_path: Path, options: list[str], said: str) -> None:
    (tmp_path / "case.py").write_text(CASE)
    done = bgtasks("verify", "case.py", "--oracle", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_environment_without_the_run_time_checker_is_named(tmp_path: Path) -> None:
    (tmp_path / "case.py").write_text(CASE)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    python = tmp_path / "bare" / "bin" / "python"
    done = bgtasks("verify", "case.py", "--oracle", "--python", python, cwd=tmp_path)
    assert done.returncode == 2
    assert "typing_extensions is not installed in the environment of" in done.stderr


# zuban, because it takes no time; it does not gate, so whatever it misses is no failure.
def test_a_seed_gives_the_same_bytes_and_a_case_that_holds(tmp_path: Path) -> None:
    for name in ("one", "two"):
        outputs = [f"--output={kind}={name}.{suffix}" for kind, suffix in (("json", "json"), ("case", "py"))]
        done = bgtasks(*("fuzz", "--calls", 150, "--seed", 9, "--checkers", "zuban", *outputs), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    for suffix in ("json", "py"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()
    assert json.loads((tmp_path / "one.json").read_text())["causes"]
    done = bgtasks("verify", "one.py", "--checkers", "zuban", "--gating", "zuban", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


SHELF = """\
from collections.abc import Callable
from typing import Any, ParamSpec

P = ParamSpec("P")


class Shelf:
    def __init__(self, size: int) -> None: ...
    def put(self, fn: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None: ...
    @classmethod
    def of_class(cls, fn: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None: ...


shelf = Shelf(1)


async def later(fn: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None: ...
"""


@pytest.mark.parametrize("name", ["Shelf.put", "Shelf.of_class", "shelf.put", "later"])
def test_calls_are_made_through_any_function_or_method(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shelf.py").write_text(SHELF)
    checkers = ("--checkers", "zuban")
    done = bgtasks(
        "fuzz", "--calls", 60, "--target", f"shelf:{name}", *checkers, "--output=case=case.py", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "* a core construct" in done.stdout.replace(":", "")
    target = ("--target", f"shelf:{name}")
    done = bgtasks("verify", "case.py", *target, *checkers, "--gating", "all", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--calls", "0"], "0 is not in the range", id="no calls"),
        pytest.param(["--seed", "x"], "not a valid integer", id="no seed"),
        pytest.param(["--output", "html=a.html"], "'html' is no format", id="no format"),
        pytest.param(["--executor", "here"], "is no executor", id="no executor"),
        pytest.param(["--target", "nothing:There", "--checkers", "ty"], "nothing", id="no target"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, options: list[str], said: str) -> None:
    done = bgtasks("fuzz", "--calls", "5", *options, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


LIBRARY = """\
from collections.abc import Callable
from typing import ParamSpec, TypeVar
P = ParamSpec("P")
T = TypeVar("T")
class Queue:
    def put(self, func: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return func(*args, **kwargs)
    def plan(self, delay: int, func: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> None: ...
"""
LIBRARY_CASE = """\
from shelf import Queue
def send(to: str) -> None: ...
if not send:
    send("a")  # OK
queue = Queue()
queue.put(send, "a")  # OK
queue.put(send)  # E: missing-argument
queue.plan(1, send, "a")  # OK
queue.plan(1, send)  # E: missing-argument
queue.plan(send, 1, "a")  # E
queue.put(send, 1)  # E: argument-type | no-overload
queue.put(send, "a")  # E: "words"
queue.put(send, 1)  # E?
"""


@pytest.mark.parametrize("given", [[], ["--path", "code"]], ids=["found", "given"])
def test_the_oracle_finds_a_library_as_verify_does(tmp_path: Path, given: list[str]) -> None:
    package = tmp_path / ("code" if given else "src") / "shelf"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(LIBRARY)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "queued.py").write_text(LIBRARY_CASE)
    done = bgtasks("verify", "cases", "--oracle", *given, "--output", "json=report.json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = json.loads((tmp_path / "report.json").read_text())["oracle"]["answers"]
    decided = [answer["line"] for answer in answers if answer["decision"] == "decided"]
    assert decided == [6, 7, 8, 9, 10, 11]
    assert "undecidable, not reached when its file is executed: 1" in done.stdout
