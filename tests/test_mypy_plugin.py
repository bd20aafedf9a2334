import ast
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mypy.plugin import Plugin

from bgtasks.cases import find_cases, read_case
from bgtasks.checkers import NAMES, mypy
from bgtasks.match import match
from bgtasks.model import Case, Diagnostic, Kind, Run, Span
from bgtasks.mypy_plugin import plugin
from bgtasks.mypy_plugin.hooks import TaskPlugin

ROOT = Path(__file__).parent.parent
CONFIG = "[mypy]\nstrict = True\nwarn_unreachable = True\nshow_column_numbers = True\n"

CALLS = """
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, ParamSpec

import fastapi
import starlette.background

from bgtasks import BackgroundTask, BackgroundTasks
from bgtasks import BackgroundTasks as Renamed

P = ParamSpec("P")


class Inheriting(BackgroundTasks): ...


class Forwarding(BackgroundTasks):
    def add_task(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        super().add_task(func, *args, **kwargs)
        self.tasks.append(BackgroundTask(func, *args, **kwargs))
        self.tasks.append(BackgroundTask(func, *args))  # E: missing-argument


class Loose(BackgroundTasks):
    def add_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None: ...


class Other:
    def add_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None: ...


class Task(BackgroundTask): ...


Single = BackgroundTask


def send(to: str, body: str = "") -> int:
    return 1


def crash(code: int) -> NoReturn:
    sys.exit(code)


def describe(self: str, func: str = "") -> None: ...


def apply(func: Callable[[int], object], fields: dict[str, object]) -> None: ...


def rows() -> list[object]:
    return []


ours = BackgroundTasks()
starlettes = starlette.background.BackgroundTasks()
fastapis = fastapi.BackgroundTasks()
more = {"b": "x"}

# Every class.
ours.add_task(partial(send, "ada"))  # OK
ours.add_task(partial(send, "ada"), 1)  # E: argument-type
starlettes.add_task(partial(send, "ada"), 1)  # E: argument-type
fastapis.add_task(partial(send, "ada"), 1)  # E: argument-type
Inheriting().add_task(partial(send, "ada"), 1)  # E: argument-type
Forwarding().add_task(partial(send, "ada"), 1)  # E: argument-type
Renamed().add_task(partial(send, "ada"), 1)  # E: argument-type
BackgroundTask(partial(send, "ada"), 1)  # E: argument-type
starlette.background.BackgroundTask(partial(send, "ada"), 1)  # E: argument-type
Task(partial(send, "ada"), 1)  # E: argument-type
Task(partial(send, "ada"), "hello")  # OK
Single(partial(send, "ada"), 1)  # E: argument-type
Loose().add_task(partial(send, "ada"), 1)  # OK
Other().add_task(partial(send, "ada"), 1)  # OK

# Every form of the call.
BackgroundTasks.add_task(ours, partial(send, "ada"), 1)  # E: argument-type
BackgroundTasks.add_task(ours, partial(send, "ada"), "hello")  # OK
BackgroundTasks.add_task(starlettes, send, "ada")  # E: argument-type
ours.add_task(func=partial(send, "ada"), body=1)  # E: argument-type
ours.add_task(func=partial(send, "ada"), body="hello")  # OK
ours.add_task(body="hello", func=partial(send, "ada"))  # OK
ours.add_task("ada", func=send)  # E: multiple-values
ours.add_task(send, "ada", func=send)  # E: multiple-values
ours.add_task()  # E: missing-argument
ours.add_task(body="hello")  # E: missing-argument
pair = (partial(send, "ada"), "hello")
wrong = (partial(send, "ada"), 1)
ours.add_task(*pair)  # OK
ours.add_task(*wrong)  # E: argument-type
ours.add_task(*wrong, **{})  # E: argument-type
BackgroundTask(*pair)  # OK
ours.add_task(*("a", "b"))  # E: not-callable

# Other names for the bound method.
add_later = ours.add_task
add_later(partial(send, "ada"), "hello")  # OK
add_later(partial(send, "ada"), 1)  # E: argument-type


class Service:
    def __init__(self, tasks: fastapi.BackgroundTasks, other: Other) -> None:
        self.later = tasks.add_task
        self.other = other.add_task

    def welcome(self, name: str) -> None:
        self.later(partial(send, name), "hello")  # OK
        self.later(partial(send, name), 1)  # E: argument-type
        self.other(partial(send, name), 1)  # OK


Service(fastapis, Other()).later(partial(send, "ada"), 1)  # E: argument-type

# What Python takes for add_task's own parameters.
ours.add_task(describe, "x")  # OK
ours.add_task(describe, self="x")  # E: multiple-values
ours.add_task(describe, "x", func="y")  # E: multiple-values
BackgroundTask(describe, self="x")  # E: multiple-values
BackgroundTasks.add_task(ours, describe, self="x")  # E: multiple-values

# Arguments are checked as the direct call checks them, and once.
ours.add_task(apply, lambda number: number + 1, {"a": 1, **more})  # OK
ours.add_task(apply, lambda number: number.name, {"a": 1, **more})  # E: unknown-attribute
ours.add_task(send, send(1))  # E: argument-type
ours.add_task(send, ours.add_task(send, "ada"))  # E: assignment
ours.add_task(lambda to, times=2: None, 1)  # OK
ours.add_task(crash, 1)  # OK
ours.add_task(crash, "1")  # E: argument-type
for count in range(3):
    ours.add_task(send, count)  # E: argument-type
    ours.add_task(send, str(count))  # OK
[ours.add_task(send, each) for each in [1]]  # E: argument-type


def inside(
    either: BackgroundTasks | fastapi.BackgroundTasks,
    perhaps: BackgroundTasks | None,
    anything: Any,
    kinds: type[BackgroundTasks],
    word: str | None,
) -> str:
    add = ours.add_task
    add(partial(send, "ada"), "hello")  # OK
    add(partial(send, "ada"), 1)  # E: argument-type
    either.add_task(partial(send, "ada"), 1)  # E: argument-type
    either.add_task(partial(send, "ada"), "hello")  # OK
    if perhaps:
        perhaps.add_task(partial(send, "ada"), 1)  # E: argument-type
    kinds().add_task(partial(send, "ada"), 1)  # E: argument-type
    kinds.add_task(ours, partial(send, "ada"), 1)  # E: argument-type
    anything.add_task(send, 1)  # OK
    ours.add_task(anything, 1, 2)  # OK
    ours.add_task(send, anything)  # OK
    ours.add_task(*anything)  # OK
    ours.add_task(send, *anything, **anything)  # OK
    ours.add_task(send, word or "")  # OK
    ours.add_task(send, word)  # E: argument-type
    ours.add_task(send, word := "hello")  # OK
    ours.add_task(send, word)  # OK
    ours.add_task(sys.exit, 1)  # OK
    return word
"""

PITFALLS = """
import asyncio
import contextlib
import functools
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import Executor
from functools import partial, wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from anyio import from_thread
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from bgtasks import BackgroundTask, BackgroundTasks

P = ParamSpec("P")
R = TypeVar("R")
tasks = BackgroundTasks()


def send(to: str) -> int:
    return 1


async def notify(user: int) -> None: ...


def rows(count: int) -> Iterator[int]:
    yield count


async def pages(count: int) -> AsyncIterator[int]:
    yield count


@contextlib.contextmanager
def session(user: int) -> Generator[int, None, None]:
    yield user


@contextlib.asynccontextmanager
async def async_session(user: int) -> AsyncGenerator[int, None]:
    yield user


def later(user: int) -> Coroutine[Any, Any, None]:
    return notify(user)


def run(func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return func(*args, **kwargs)


def iterator(count: int) -> Iterator[int]:
    return iter([count])


def logged(func: Callable[P, R]) -> Callable[P, R]:
    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


def retried(times: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorator(func: Callable[P, R]) -> Callable[P, R]:
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            return func(*args, **kwargs)

        return wrapper

    return decorator


def async_logged(func: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(func)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return await func(*args, **kwargs)

    return wrapper


def registered(func: Callable[P, R]) -> Callable[P, R]:
    return func


@logged
async def logged_notify(user: int) -> None: ...


@retried(3)
async def retried_notify(user: int) -> None: ...


@async_logged
async def async_logged_notify(user: int) -> None: ...


@registered
async def registered_notify(user: int) -> None: ...


@async_logged
def awaited_later(user: int) -> Awaitable[None]:
    return notify(user)


@functools.lru_cache
async def cached_notify(user: int) -> None: ...


@logged
def logged_rows(count: int) -> Iterator[int]:
    yield count


class Job(Generic[P, R]):
    def __init__(self, func: Callable[P, R]) -> None:
        self.func = func

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.func(*args, **kwargs)


class Rows:
    def __call__(self, count: int) -> Iterator[int]:
        yield count

    def below(self, count: int) -> Iterator[int]:
        yield count

    @staticmethod
    def none() -> Iterator[int]:
        yield 0

    @classmethod
    def one(cls) -> Iterator[int]:
        yield 1

    @property
    def sender(self) -> Callable[[str], int]:
        return send


class Notify:
    async def __call__(self, user: int) -> None: ...

    def later(self, user: int) -> Awaitable[None]:
        return notify(user)


class Abstract:
    def later(self, user: int) -> Awaitable[None]:
        raise NotImplementedError


class Notifies(Protocol):
    def __call__(self, user: int) -> Awaitable[None]: ...


class Page(Response): ...


class Pool:
    def add_task(self, func: Callable[..., Any]) -> BackgroundTask:
        return BackgroundTask(func)


same_rows = rows
five_rows = partial(same_rows, 5)
schedule = asyncio.create_task
changed = rows
changed = iterator
declared: Callable[[int], Iterator[int]] = rows
fetch = iterator
chosen = rows if tasks.tasks else iterator

tasks.add_task(rows, 1)  # E: pitfall
BackgroundTask(rows, 1)  # E: pitfall
tasks.add_task(pages, 1)  # E: pitfall
tasks.add_task(session, 1)  # E: pitfall
tasks.add_task(async_session, 1)  # E: pitfall
tasks.add_task(partial(rows, 1))  # E: pitfall
tasks.add_task(partial(partial(rows), 1))  # E: pitfall
tasks.add_task(partial(session, 1))  # E: pitfall
tasks.add_task(Rows(), 1)  # E: pitfall
tasks.add_task(Rows().below, 1)  # E: pitfall
tasks.add_task(Rows.below, Rows(), 1)  # E: pitfall
tasks.add_task(Rows.none)  # E: pitfall
tasks.add_task(Rows.one)  # E: pitfall
tasks.add_task(logged_rows, 1)  # E: pitfall
tasks.add_task(same_rows, 1)  # E: pitfall
tasks.add_task(five_rows)  # E: pitfall
tasks.add_task(schedule, notify(1))  # E: pitfall
tasks.add_task(changed, 1)  # OK
tasks.add_task(declared, 1)  # OK
tasks.add_task(fetch, 1)  # OK
tasks.add_task(chosen, 1)  # OK
tasks.add_task(later, 1)  # E: pitfall
tasks.add_task(run, notify, 1)  # E: pitfall
tasks.add_task(run, send, "ada")  # OK
tasks.add_task(Notify().later, 1)  # E: pitfall
tasks.add_task(logged_notify, 1)  # E: pitfall
tasks.add_task(retried_notify, 1)  # E: pitfall
tasks.add_task(cached_notify, 1)  # E: pitfall
tasks.add_task(Job(notify), 1)  # E: pitfall
tasks.add_task(Job(send), "ada")  # OK
tasks.add_task(lambda: notify(1))  # E: pitfall
tasks.add_task(lambda user: notify(user), 1)  # E: pitfall
tasks.add_task(partial(lambda user: notify(user), 1))  # E: pitfall
tasks.add_task(lambda: rows(1))  # E: pitfall
tasks.add_task(lambda: send("ada"))  # OK
tasks.add_task(lambda: asyncio.run(notify(1)))  # OK
tasks.add_task(asyncio.create_task, notify(1))  # E: pitfall
tasks.add_task(asyncio.ensure_future, notify(1))  # E: pitfall
tasks.add_task(asyncio.gather, notify(1), notify(2))  # E: pitfall
tasks.add_task(partial(asyncio.create_task, notify(1)))  # E: pitfall
tasks.add_task(lambda: asyncio.create_task(notify(1)))  # E: pitfall
tasks.add_task(notify(1))  # E: pitfall
tasks.add_task(send("ada"))  # E: not-callable
tasks.add_task(asyncio.run(notify(1)))  # E: not-callable
tasks.add_task(notify("1"))  # E: argument-type
Response(background=tasks.add_task(send, "ada"))  # E: pitfall
JSONResponse({}, background=tasks.add_task(send, "ada"))  # E: pitfall
StreamingResponse(iter([""]), background=BackgroundTasks().add_task(send, "ada"))  # E: pitfall
Page(background=tasks.add_task(send, "ada"))  # E: pitfall
Page(background=tasks.add_task(send, 1))  # E: argument-type
Page(background=tasks)  # OK
Page(background=BackgroundTask(send, "ada"))  # OK
Page(background=Pool().add_task(send))  # OK
page = Page()
page.background = tasks.add_task(send, "ada")  # E: pitfall
page.background = tasks  # OK
page.background = Pool().add_task(send)  # OK


async def endpoint(
    awaitable: Callable[..., Awaitable[None]],
    protocol: Notifies,
    abstract: Abstract,
    database: sqlite3.Connection,
    executor: Executor,
    anything: Any,
) -> None:
    tasks.add_task(await notify(1))  # E: pitfall
    tasks.add_task(awaitable, 1)  # OK
    tasks.add_task(protocol, 1)  # OK
    tasks.add_task(abstract.later, 1)  # OK
    tasks.add_task(database.execute, "select 1")  # OK
    tasks.add_task(executor.submit, send, "ada")  # OK
    tasks.add_task(anything, 1)  # OK
    tasks.add_task(anything())  # OK
    tasks.add_task(asyncio.run, notify(1))  # OK
    tasks.add_task(asyncio.wait_for, notify(1), 1)  # OK
    tasks.add_task(from_thread.run, notify, 1)  # OK
    tasks.add_task(run_in_threadpool, send, "ada")  # OK
    tasks.add_task(iterator, 1)  # OK
    tasks.add_task(notify, 1)  # OK
    tasks.add_task(Notify(), 1)  # OK
    tasks.add_task(async_logged_notify, 1)  # OK
    tasks.add_task(registered_notify, 1)  # OK
    tasks.add_task(awaited_later, 1)  # OK
    tasks.add_task(Rows().sender, "ada")  # OK
    tasks.add_task(partial(notify, 1))  # OK
    tasks.add_task(lambda: None)  # OK
"""


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
    return [understand(each) for each in mypy.read(done.stdout)]


def understand(diagnostic: Diagnostic) -> Diagnostic:
    own = {Kind.PITFALL} if diagnostic.rule == "background-task" else set[Kind]()
    return replace(diagnostic, kinds=diagnostic.kinds | own)


def judge(case: Case, diagnostics: list[Diagnostic]) -> list[tuple[int, str, list[str]]]:
    """Return the claims that are not met, and what was said instead."""
    run = Run("mypy+plugin", "2", "3.12", 0)
    spoken = [each for each in diagnostics if each.path.name == case.path.name]
    return [
        (verdict.line, str(verdict.claim), [str(each) for each in verdict.diagnostics])
        for verdict in match(case, run, spoken)
        if not verdict.outcome.ok
    ]


@pytest.mark.checker
def test_every_form_of_a_call_and_every_pitfall_is_judged(tmp_path: Path) -> None:
    sources = {"calls.py": CALLS, "pitfalls.py": PITFALLS}
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


# The direct call has them too, or it has what the claim was made for said another way.
OPEN = {
    "class_objects.py": {90, 91, 92},  # python/mypy#14122
    "decorated.py": {118},  # python/typeshed#11280
    "generic_tasks.py": {67, 68},
    "library_callables.py": {34, 36},
    "overloads.py": {66, 69, 74, 83},
    "partials.py": {36, 45, 63},
    "star_arguments.py": {84},
}


OWN_PARAMETERS = {31, 47, 50, 56}


@pytest.mark.checker
def test_a_task_is_judged_as_the_direct_call(tmp_path: Path) -> None:
    cases, _ = find_cases([ROOT / "typetests"], NAMES)
    task, direct = tmp_path / "task", tmp_path / "direct"
    rewritten: dict[str, set[Span]] = {}
    for folder in (task, direct):
        folder.mkdir()
    for case in cases:
        source, rewritten[case.path.name] = call_directly(case)
        (task / case.path.name).write_text(case.source)
        (direct / case.path.name).write_text(source)
    said = run_mypy(task)
    plain = run_mypy(direct, plugins="")
    differences = {
        (case.path.name, span.first): (said_of[span], plain_of[span])
        for case in cases
        for said_of, plain_of in [(by_span(case, said), by_span(case, plain))]
        for span in rewritten[case.path.name]
        if said_of[span] != plain_of[span] and not any("[background-task]" in each for each in said_of[span])
    }
    # add_task has parameters of its own; a task cannot have a keyword "func" or "self" through it.
    assert set(differences) == {("parameter_names.py", line) for line in OWN_PARAMETERS}
    unmet = {case.path.name: {line for line, *_ in judge(ungapped(case), said)} for case in cases}
    assert {name: lines for name, lines in unmet.items() if lines} == OPEN
    assert sum(map(len, rewritten.values())) > 400


def ungapped(case: Case) -> Case:
    return replace(case, claims=tuple(replace(claim, gaps=()) for claim in case.claims))


def by_span(case: Case, diagnostics: list[Diagnostic]) -> defaultdict[Span | None, set[str]]:
    found: defaultdict[Span | None, set[str]] = defaultdict(set)
    for each in diagnostics:
        if each.path.name == case.path.name:
            found[case.span_at(each.line)].add(str(each))
    return found


def call_directly(case: Case) -> tuple[str, set[Span]]:
    """Rewrite each statement `tasks.add_task(func, ...)` to `lambda: (func)(...)`, on the same lines."""
    source, spans = case.source, set[Span]()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for call in reversed(list(find_calls(ast.parse(source)))):
        func, *others = [*call.args, *(keyword.value for keyword in call.keywords)]

        def place(node: ast.expr, *, end: bool = False) -> int:
            line, column = (node.end_lineno, node.end_col_offset) if end else (node.lineno, node.col_offset)
            assert line is not None
            assert column is not None
            return starts[line - 1] + column

        begin, first, last, end = place(call), place(func), place(func, end=True), place(call, end=True)
        middle = source[last:end].replace(",", "", 1) if others else source[last:end]
        before = re.sub(r"[^\n]", "", source[begin:first])
        source = f"{source[:begin]}lambda: ({before}{source[first:last]})({middle}{source[end:]}"
        span = case.span_at(call.lineno)
        assert span is not None
        spans.add(span)
    return source, spans


def find_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield each call that adds a task, is a statement of its own, and has its task in front."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    for statement in sorted(statements, key=lambda node: node.lineno):
        match statement.value:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="add_task"), args=[func, *_]
                ) as call
            ):
                unbound = name[0].isupper()
            case ast.Call(func=ast.Name(id="BackgroundTask"), args=[func, *_]) as call:
                unbound = False
            case _:
                continue
        # No lambda has a super().
        if not unbound and not isinstance(func, ast.Starred) and "super()" not in ast.unparse(func):
            yield call


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
"""


SAID = """\
10:26: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
13:9: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
15:5: Missing positional argument "to" in call to "send"  [call-arg]
16:44: Argument "body" to "send" has incompatible type "int"; expected "str"  [arg-type]
17:5: "tasks.add_task" gets multiple values for keyword argument "self"  [misc]
17:5: Unexpected keyword argument "self" for "send"  [call-arg]
18:20: "rows" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]
19:20: "Coroutine[Any, Any, None]" not callable: "notify" is called at once, not in the background; write tasks.add_task(notify, ...)  [background-task]
20:20: The lambda returns a coroutine that is never awaited; write tasks.add_task(notify, ...)  [background-task]
21:20: "asyncio.create_task" would be called in a thread that runs no event loop, and fail there; write tasks.add_task(notify, ...)  [background-task]
23:36: "tasks.add_task" returns None, so the response has no background task; write tasks.add_task(...) before it, and background=tasks  [background-task]
24:27: "BackgroundTasks.add_task" returns None, so the response has no background task; write background=BackgroundTask(send, ...)  [background-task]
24:60: Argument 1 to "send" has incompatible type "int"; expected "str"  [arg-type]
26:31: "tasks.add_task" returns None, so the response has no background task; write tasks.add_task(...) before it, and background=tasks  [background-task]
26:46: "rows" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]
27:5: "None" not callable  [misc]
27:20: "add_task" of "BackgroundTasks" does not return a value (it only ever returns None)  [func-returns-value]
"""  # noqa: E501 - a message is one line


@pytest.mark.checker
def test_messages_name_the_task_and_stand_in_the_call(tmp_path: Path) -> None:
    (tmp_path / "case.py").write_text(MESSAGES)
    assert show(tmp_path) == SAID
    off = show(tmp_path, "--disable-error-code=background-task")
    assert "[background-task]" not in off
    assert '19:5: "Coroutine[Any, Any, None]" not callable' in off
    assert off.count("does not return a value") == 4


def show(folder: Path, *arguments: str) -> str:
    (folder / "mypy.ini").write_text(f"{CONFIG}plugins = bgtasks.mypy_plugin\nwarn_unused_ignores = False\n")
    done = start(folder, "mypy", "--no-error-summary", "--no-pretty", *arguments, "case.py")
    notes = [line for line in done.stdout.splitlines() if ": note: " in line]
    assert (notes, done.stderr) == ([], "")
    return re.sub(r"(?m)^case.py:(.*?): error:", r"\1:", done.stdout)


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


LIBRARY = """
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Coroutine, Generator
async def notify(user: int) -> None: ...
def rows(count: int) -> Iterator[int]: yield count
def later(user: int) -> Coroutine[Any, Any, None]: return notify(user)
@contextmanager
def session(user: int) -> Generator[int, None, None]: yield user
class Rows:
    def below(self, count: int) -> Iterator[int]: yield count
    @staticmethod
    def none(count: int) -> Iterator[int]: yield count
"""

CALLER = """
from bgtasks import BackgroundTasks
from library import Rows, later, notify, rows, session
def add(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, 1)
    tasks.add_task(rows, 1)
    tasks.add_task(later, 1)
    tasks.add_task(session, 1)
    tasks.add_task(Rows().below, 1)
    tasks.add_task(Rows.none, 1)
"""


@pytest.mark.checker
def test_a_definition_that_mypy_takes_from_its_cache_is_known_too(tmp_path: Path) -> None:
    (tmp_path / "library.py").write_text(LIBRARY)
    (tmp_path / "case.py").write_text(CALLER)
    cold = show(tmp_path)
    assert cold.count("[background-task]") == cold.count("\n") == 5
    (tmp_path / "case.py").write_text(f"{CALLER}\n")
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
        assert ask().startswith(f"{expected}12:28: Argument 1 to")
        (tmp_path / "case.py").write_text(CALLER)
        assert ask() == expected
    finally:
        start(tmp_path, "mypy.dmypy", "stop")


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


@pytest.mark.parametrize("version", ["1.7.1", "3.0.0", "next"])
def test_an_unknown_mypy_checks_without_it(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert plugin(version) is Plugin
    assert capsys.readouterr().err == (
        f"bgtasks.mypy_plugin does not know mypy {version}; tasks are checked without it\n"
    )
