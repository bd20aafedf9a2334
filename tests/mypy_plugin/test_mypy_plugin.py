import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mypy.plugin import Plugin

from bgtasks.checkers import NAMES, mypy
from bgtasks.checkers.meaning import by_name, widen
from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Verdict
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.mypy_plugin import plugin
from bgtasks.mypy_plugin.hooks import TaskPlugin
from places import ROOT

CONFIG = "[mypy]\nstrict = True\nwarn_unreachable = True\nshow_column_numbers = True\n"


def run_mypy(folder: Path, *arguments: str, plugins: str = "bgtasks.mypy_plugin") -> list[Diagnostic]:
    """Run mypy over `folder`; return what it says, with what the plugin's own code means."""
    (folder / "mypy.ini").write_text(CONFIG + (f"plugins = {plugins}\n" if plugins else ""))
    (folder / ".git").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "mypy", "--config-file=mypy.ini", "--output=json", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--soft-error-limit=-1", *(arguments or ["."])],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode in {0, 1}, done.stderr) == (True, ""), done.stdout
    return [understand(widen(each, by_name)) for each in mypy.read(done.stdout)]


def understand(diagnostic: Diagnostic) -> Diagnostic:
    own = {Kind.PITFALL} if diagnostic.rule == "background-task" else set[Kind]()
    return diagnostic._replace(kinds=diagnostic.kinds | own)


def is_said(verdict: Verdict) -> bool:
    """Tell whether the claim is met beside another mistake: some statements here have two on purpose."""
    kind = verdict.claim.kind if verdict.claim else None
    return kind is not None and any(kind in diagnostic.kinds for diagnostic in verdict.diagnostics)


def judge(case: Case, diagnostics: list[Diagnostic]) -> list[tuple[int, str, list[str]]]:
    """Return the claims that are not met, and what was said instead."""
    run = Run("mypy+plugin", "2", "3.12", 0)
    spoken = [each for each in diagnostics if each.path.name == case.path.name]
    return [
        (verdict.line, str(verdict.claim), [str(each) for each in verdict.diagnostics])
        for verdict in match(case, run, spoken)
        if not (verdict.outcome.ok or is_said(verdict))
    ]


@pytest.mark.checker
def test_every_form_of_a_call_and_every_pitfall_is_judged(tmp_path: Path) -> None:
    sources = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "tests" / "plugin").glob("*.py"))
    }
    assert len(sources) == 2
    for name, source in sources.items():
        (tmp_path / name).write_text(source)
    cold = run_mypy(tmp_path)
    for name, source in sources.items():
        case = read_case(Path(name), Path(name), source, frozenset(NAMES))
        assert len(case.claims) == source.count("  # ")
        assert judge(case, cold) == []
    # From its cache, after a change, mypy says the same.
    for name, source in sources.items():
        (tmp_path / name).write_text(f"{source}\n")
    assert run_mypy(tmp_path) == cold


MESSAGES = """
import asyncio
from collections.abc import Iterator
from starlette.responses import Response
from bgtasks import BackgroundTask, BackgroundTasks
def send(to: str, body: str = "") -> int: return 1
async def notify(user: int) -> None: ...
def rows(count: int) -> Iterator[int]: yield count
def add(tasks: BackgroundTasks) -> None:
    tasks.add_task(send, 1, "hello")
    tasks.add_task(
        send,
        1,
    )
    tasks.add_task(send)
    BackgroundTask(func=send, to="a", body=2)
    tasks.add_task(send, to="a", self=1)
    tasks.add_task(rows, 1)
    tasks.add_task(notify(1))
    tasks.add_task(lambda: notify(1))
    tasks.add_task(asyncio.create_task, notify(1))
    tasks.add_task(asyncio.create_task, notify(1))  # type: ignore[background-task]
    response = Response(background=tasks.add_task(send, "ada"))
    response.background = BackgroundTasks().add_task(send, 1)
    for _ in range(2):
        response.background = tasks.add_task(rows, 1)
    tasks.add_task(tasks.add_task(send, "ada"))
    tasks.add_task(*(send,), 1)
    tasks.add_task(*(send, "a"), 1)
    tasks.add_task(rows(1))
"""


SAID = """\
10:26: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
13:9: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
15:5: Missing positional argument "to" in call to "send"  [call-arg]
16:44: Argument "body" to "send" has incompatible type "int"; expected "str"  [arg-type]
17:5: "tasks.add_task" gets multiple values for keyword argument "self"  [misc]
17:5: Unexpected keyword argument "self" for "send"  [call-arg]
18:20: "rows" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]
19:20: "Coroutine[Any, Any, None]" not callable: "notify" makes a coroutine here, which is never awaited and cannot be called; write tasks.add_task(notify, ...)  [background-task]
20:20: The lambda returns a coroutine that is never awaited; write tasks.add_task(notify, ...)  [background-task]
21:20: "asyncio.create_task" would be called in a thread that runs no event loop, and fail there; write tasks.add_task(notify, ...)  [background-task]
23:36: "tasks.add_task" returns None, not a background task; write tasks.add_task(...) before it, and background=tasks  [background-task]
24:27: "BackgroundTasks.add_task" returns None, not a background task; write background=BackgroundTask(send, ...)  [background-task]
24:60: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
26:31: "tasks.add_task" returns None, not a background task; write tasks.add_task(...) before it, and background=tasks  [background-task]
26:46: "rows" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]
27:5: "None" not callable  [misc]
27:20: "add_task" of "BackgroundTasks" does not return a value (it only ever returns None)  [func-returns-value]
28:30: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
29:34: Argument 2 to "send" has incompatible type "int"; expected "str"  [arg-type]
30:20: "Iterator[int]" not callable: "rows" is called at once, not in the background; add a function that iterates over it  [background-task]
"""  # noqa: E501 - a message is one line


@pytest.mark.checker
def test_messages_name_the_task_and_stand_in_the_call(tmp_path: Path) -> None:
    (tmp_path / "case.py").write_text(MESSAGES)
    assert show(tmp_path) == SAID
    off = show(tmp_path, "--disable-error-code=background-task")
    assert "[background-task]" not in off
    assert '19:5: "Coroutine[Any, Any, None]" not callable' in off
    assert off.count("does not return a value") == 4


def show(folder: Path, *arguments: str, plugins: str = "bgtasks.mypy_plugin") -> str:
    (folder / "mypy.ini").write_text(f"{CONFIG}plugins = {plugins}\nwarn_unused_ignores = False\n")
    done = start(folder, "mypy", "--no-error-summary", "--no-pretty", *arguments, "case.py")
    notes = [line for line in done.stdout.splitlines() if ": note: " in line]
    assert (notes, done.stderr) == ([], "")
    return re.sub(r"(?m)^case.py:(.*?): error:", r"\1:", done.stdout)


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


LIBRARY = """
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Coroutine, Generator
from starlette.background import BackgroundTask, BackgroundTasks
async def notify(user: int) -> None: ...
def rows(count: int) -> Iterator[int]: yield count
def later(user: int) -> Coroutine[Any, Any, None]: return notify(user)
@contextmanager
def session(user: int) -> Generator[int, None, None]: yield user
class Rows:
    def below(self, count: int) -> Iterator[int]: yield count
    @staticmethod
    def none(count: int) -> Iterator[int]: yield count
class Loose:
    def __init__(self, func: Callable[..., Any], *args: Any) -> None: ...
class Job(Loose): ...
class Worker:
    def __init__(self) -> None: self.later = BackgroundTasks().add_task
add_later = BackgroundTasks().add_task
"""

CALLER = """
from starlette.responses import Response
from bgtasks import BackgroundTasks
from library import Job, Rows, Worker, add_later, later, notify, rows, session
def add(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, 1)
    tasks.add_task(rows, 1)
    tasks.add_task(later, 1)
    tasks.add_task(session, 1)
    tasks.add_task(Rows().below, 1)
    tasks.add_task(Rows.none, 1)
    Job(rows, 1)
    add_later(rows, 1)
    Worker().later(rows, 1)
"""


@pytest.mark.checker
def test_a_definition_that_mypy_takes_from_its_cache_is_known_too(tmp_path: Path) -> None:
    (tmp_path / "library.py").write_text(LIBRARY)
    # What a stub says of a function may be said of an "async def".
    (tmp_path / "stub.pyi").write_text(
        "from typing import Awaitable\ndef fetch(to: int) -> Awaitable[None]: ...\n"
    )
    caller = f"{CALLER}    import stub\n    tasks.add_task(stub.fetch, 1)\n"
    (tmp_path / "case.py").write_text(caller)
    cold = show(tmp_path)
    assert cold.count("[background-task]") == cold.count("\n") == 5
    (tmp_path / "case.py").write_text(f"{caller}\n")
    assert show(tmp_path) == cold


@pytest.mark.checker
def test_the_daemon_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "library.py").write_text(LIBRARY)
    (tmp_path / "case.py").write_text(CALLER)
    expected = show(tmp_path)

    def ask() -> str:
        done = start(tmp_path, "mypy.dmypy", "run", "--", "--no-error-summary", "--no-pretty", "case.py")
        return re.sub(r"(?m)^case.py:(.*?): error:", r"\1:", done.stdout.replace("Daemon started\n", ""))

    try:
        assert ask() == expected
        (tmp_path / "case.py").write_text(f"{CALLER}\n    tasks.add_task(notify, 'a')\n")
        assert ask().startswith(f"{expected}16:28: Argument 1 to")
        (tmp_path / "case.py").write_text(CALLER)
        assert ask() == expected
        # What was no task becomes one.
        (tmp_path / "library.py").write_text(LIBRARY.replace("Job(Loose)", "Job(BackgroundTask)"))
        assert ask().startswith(f'{expected}12:9: "rows" is a generator function')
        (tmp_path / "library.py").write_text(LIBRARY)
        assert ask() == expected
        # What is looked into for the None that it yields is looked into again.
        (tmp_path / "case.py").write_text(f"{CALLER}    Response().background = tasks.add_task(notify, 1)\n")
        assert ask().startswith(f'{expected}15:29: "tasks.add_task" returns None')
        (tmp_path / "library.py").write_text(LIBRARY.replace("notify(user: int)", "notify(user: bytes)"))
        assert '15:52: Argument 1 to "notify" has incompatible type' in ask()
    finally:
        start(tmp_path, "mypy.dmypy", "stop")


@pytest.mark.checker
def test_mypy_checks_anew_when_the_plugin_has_changed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bgtasks" / "mypy_plugin", tmp_path / "copied")
    shutil.copy(ROOT / "bgtasks" / "wording.py", tmp_path / "copied_wording.py")
    for path in (tmp_path / "copied").glob("*.py"):
        text = path.read_text().replace("bgtasks.mypy_plugin", "copied")
        text = text.replace("bgtasks.wording", "copied_wording")
        path.write_text(text.replace("from bgtasks import wording", "import copied_wording as wording"))
    pitfalls = (tmp_path / "copied" / "pitfalls.py").read_text()
    (tmp_path / "copied" / "pitfalls.py").write_text(f"{pitfalls}\n\nfind_pitfall = lambda *_: None\n")
    (tmp_path / "library.py").write_text(LIBRARY)
    (tmp_path / "case.py").write_text(CALLER)
    assert show(tmp_path, plugins="copied") == ""
    (tmp_path / "copied" / "pitfalls.py").write_text(pitfalls)
    said = show(tmp_path, plugins="copied")
    assert said.count("[background-task]") == 5
    wording = (tmp_path / "copied_wording.py").read_text()
    (tmp_path / "copied_wording.py").write_text(wording.replace("nothing in it runs", "it is idle"))
    assert show(tmp_path, plugins="copied") == said.replace("nothing in it runs", "it is idle") != said


@pytest.mark.checker
def test_what_goes_wrong_in_a_hook_leaves_the_plain_signature(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(
        "from bgtasks.mypy_plugin import direct, hooks, plugin\n"
        "direct.check_direct = hooks.find_none = None\n"
    )
    (tmp_path / "case.py").write_text(MESSAGES)
    (tmp_path / "mypy.ini").write_text(f"{CONFIG}plugins = broken\n")
    done = start(tmp_path, "mypy", "case.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert 'case.py:10:26: error: Argument 2 to "add_task" of "BackgroundTasks"' in done.stdout


@pytest.mark.parametrize("version", ["1.8.0", "1.19.1", "2.4.1", "2.5.0+dev.0123456789abcdef"])
def test_a_known_mypy_gets_the_plugin(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert plugin(version) is TaskPlugin
    assert capsys.readouterr().err == ""


UNKNOWN = "bgtasks.mypy_plugin does not know mypy {}; tasks are checked without it\n"


@pytest.mark.parametrize("version", ["1.7.1", "3.0.0", "next"])
def test_an_unknown_mypy_checks_without_it(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert plugin(version) is Plugin
    assert capsys.readouterr().err == UNKNOWN.format(version)


@pytest.mark.checker
def test_a_mypy_that_lacks_what_is_imported_from_it_checks_without_it(tmp_path: Path) -> None:
    (tmp_path / "later.py").write_text(
        "import mypy.semanal\n"
        "from bgtasks.mypy_plugin import plugin as ours\n"
        "del mypy.semanal.is_trivial_body\n"
        "def plugin(version): return ours('2.999')\n"
    )
    (tmp_path / "case.py").write_text(MESSAGES)
    (tmp_path / "mypy.ini").write_text(f"{CONFIG}plugins = later\n")
    done = start(tmp_path, "mypy", "case.py")
    assert (done.returncode, done.stderr) == (1, UNKNOWN.format("2.999"))
    assert 'case.py:10:26: error: Argument 2 to "add_task" of "BackgroundTasks"' in done.stdout
