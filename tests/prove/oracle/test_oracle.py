"""What Python is made to say of claims, in a process of its own."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.prove.oracle.report import render, summary
from bgtasks.prove.oracle.run import judge_claims
from bgtasks.verify.model import Answer, Decision, Judgement, Plan, Report

pytestmark = pytest.mark.checker

HEAD = """\
import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, Generic, Literal, NamedTuple, NewType, ParamSpec, TypeVar, overload
from typing_extensions import TypedDict, Unpack
from bgtasks import BackgroundTask, BackgroundTasks
P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
S = TypeVar("S", str, bytes)
Id = NewType("Id", int)
class Options(TypedDict):
    size: int
def send(to: str, copies: int = 1) -> None: ...
async def notify(user: int) -> None: ...
def rows(count: int) -> Iterator[int]: yield count
def store(**fields: int) -> None: ...
def log(level: int, *lines: str) -> None: ...
def box(*sides: Unpack[tuple[int, Unpack[tuple[str, ...]]]]) -> None: ...
def draw(**options: Unpack[Options]) -> None: ...
def block(user: Id) -> None: ...
def feed(counts: list[float]) -> None: ...
def paint(mode: Literal["flat"]) -> None: ...
def run(action: Callable[[int], object]) -> None: ...
def join(head: S, tail: S) -> None: ...
def wrapped(func: Callable[P, R]) -> Callable[Concatenate[str, P], R]:
    def wrapper(user: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)
    return wrapper
def enqueue(func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    tasks.add_task(func, *args, **kwargs)
@lru_cache
def look_up(name: str) -> int: return 1
@contextmanager
def session(user: int) -> Iterator[int]: yield user
@overload
def load(page: int) -> bytes: ...
@overload
def load(page: str, size: int) -> bytes: ...
def load(page: int | str, size: int = 0) -> bytes: return b""
class Mailer:
    def send(self, to: str) -> None: ...
    @classmethod
    def connect(cls, host: str) -> None: ...
    def __call__(self, to: str) -> None: ...
class Point(NamedTuple):
    x: int
@dataclass
class Box(Generic[T]):
    value: T
    size: int = 0
    def put(self, value: T) -> None: ...
tasks = BackgroundTasks()
mailer = Mailer()
maybe: int | None = len("a") or None
anything: Any = json.loads("1")
counts: list[int] = [1]
shout: Callable[[str], None] = lambda text: None
mode = "flat".lower()
fields = {"a": "b"}
"""

DECIDED, UNDECIDABLE, CONTRADICTED = Decision.DECIDED, Decision.UNDECIDABLE, Decision.CONTRADICTED

# By statement: what is said of a claim that it is right, and of each kind of reject that is claimed.
STATEMENTS: Mapping[str, tuple[str, Decision]] = {
    "right": ('tasks.add_task(send, "a")  # OK', DECIDED),
    "a right call, claimed to be wrong": ('tasks.add_task(send, "a")  # E: missing-argument', CONTRADICTED),
    "a right type, claimed to be wrong": ('tasks.add_task(send, "a")  # E: argument-type', CONTRADICTED),
    "a missing argument": ("tasks.add_task(send)  # E: missing-argument", DECIDED),
    "a wrong call, claimed to be right": ("tasks.add_task(send)  # OK", CONTRADICTED),
    "a wrong type": ("tasks.add_task(send, 1)  # E: argument-type", DECIDED),
    "a wrong type, claimed to be right": ("tasks.add_task(send, 1)  # OK", CONTRADICTED),
    "int for float": ("tasks.add_task(feed, [1])  # OK", DECIDED),
    "what is variadic by name": ('tasks.add_task(store, a="1")  # E: argument-type', DECIDED),
    "what is variadic by position": ("tasks.add_task(log, 1, 2)  # E: argument-type", DECIDED),
    "a tuple that is unpacked": ('tasks.add_task(box, 1, "a", "b")  # OK', DECIDED),
    "too little for it": ("tasks.add_task(box)  # E: missing-argument", DECIDED),
    "a TypedDict that is unpacked": ("tasks.add_task(draw)  # E: missing-argument", DECIDED),
    "too much for it": ("tasks.add_task(draw, size=1, a=2)  # E: unknown-keyword", DECIDED),
    "a partial": ('tasks.add_task(partial(send, "a"), "b")  # E: argument-type', DECIDED),
    "a method": ("tasks.add_task(mailer.send, 1)  # E: argument-type", DECIDED),
    "an unbound method": ('tasks.add_task(Mailer.send, "a", "b")  # E: argument-type', DECIDED),
    "a class method": ('tasks.add_task(Mailer.connect, "a")  # OK', DECIDED),
    "an object": ("tasks.add_task(mailer)  # E: missing-argument", DECIDED),
    "a NamedTuple": ('tasks.add_task(Point, "1")  # E: argument-type', DECIDED),
    "a dataclass": ('tasks.add_task(Box, 1, size="1")  # E: argument-type', DECIDED),
    "a generic alias": ("tasks.add_task(Box[str], 1)  # E: argument-type", DECIDED),
    "a NewType": ('tasks.add_task(Id, "1")  # E: argument-type', DECIDED),
    "a TypedDict": ('tasks.add_task(Options, size="1")  # E: argument-type', DECIDED),
    "a decorator's parameter": ("tasks.add_task(wrapped(send), 1)  # E: argument-type", DECIDED),
    "what a decorator hands on": ('tasks.add_task(wrapped(send), "a")  # E: missing-argument', DECIDED),
    "a cached function": ("tasks.add_task(look_up, 1)  # E: argument-type", DECIDED),
    "no overload": ('tasks.add_task(load, "a")  # E: no-overload', DECIDED),
    "an overload": ('tasks.add_task(load, "a", 1)  # OK', DECIDED),
    "a forwarder": ("enqueue(send)  # E: missing-argument", DECIDED),
    "a constraint": ('tasks.add_task(join, "a", b"b")  # E: argument-type', DECIDED),
    "a declared callable": ("tasks.add_task(shout, 1)  # E: argument-type", DECIDED),
    "what may be None": ("tasks.add_task(log, maybe)  # E: argument-type", DECIDED),
    "no callable": ("tasks.add_task(send('a'))  # E: not-callable", DECIDED),
    "add_task's own parameter": ("tasks.add_task(send, self=1)  # E: multiple-values", DECIDED),
    "too few parameters": ("tasks.add_task(run, lambda: None)  # E: argument-type", DECIDED),
    "a single task": ("BackgroundTask(send)  # E: missing-argument", DECIDED),
    "a generator function": ("tasks.add_task(rows, 1)  # E: pitfall", DECIDED),
    "a generator function, claimed to be right": ("tasks.add_task(rows, 1)  # OK", CONTRADICTED),
    "a context manager": ("tasks.add_task(session, 1)  # E: pitfall", DECIDED),
    "a lost coroutine": ("tasks.add_task(lambda: notify(1))  # E: pitfall", DECIDED),
    "no event loop": ("tasks.add_task(lambda: asyncio.create_task(notify(1)))  # E: pitfall", DECIDED),
    "no pitfall": ("tasks.add_task(notify, 1)  # E: pitfall", CONTRADICTED),
    "a result": ('count: int = tasks.add_task(send, "a")  # E: assignment', DECIDED),
    "an attribute": ("tasks.add_tusk  # E: unknown-attribute", DECIDED),
    "NewType is erased": ("tasks.add_task(block, 1)  # E: argument-type", UNDECIDABLE),
    "invariance is erased": ("tasks.add_task(feed, counts)  # E: argument-type", UNDECIDABLE),
    "Literal is erased": ("tasks.add_task(paint, mode)  # E: argument-type", UNDECIDABLE),
    "a type variable is erased": ('tasks.add_task(Box(1).put, "a")  # E: argument-type', UNDECIDABLE),
    "but not the shape": ("tasks.add_task(block, Id(1))  # E: missing-argument", CONTRADICTED),
    "Any": ("tasks.add_task(send, anything)  # OK", UNDECIDABLE),
    "a library's types": ("tasks.add_task(fields.get, 1)  # E: argument-type", UNDECIDABLE),
    "a library's shape": ("tasks.add_task(json.dumps)  # E: missing-argument", DECIDED),
    "what a library does": ("tasks.add_task(asyncio.create_task, notify(1))  # E: pitfall", UNDECIDABLE),
    "what a dict holds": ("tasks.add_task(send, **fields)  # E: argument-type", DECIDED),
}

HOLDERS = """
class Loose(BackgroundTasks):
    def add_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None: ...  # OK
class Narrow(BackgroundTasks):
    def add_task(self, func: Callable[[], object]) -> None: ...  # E: override
class Renamed(BackgroundTasks):
    def add_task(self, f: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...  # E: override
class Sync(BackgroundTasks):
    def __call__(self) -> None: ...  # E: override
def choose(flag: bool, done: Callable[[str], object] | None) -> int:
    either = send if flag else mailer
    tasks.add_task(either, "a")  # OK
    tasks.add_task(either, "a", 2)  # E: too-many-positional
    tasks.add_task(done, "a")  # E: not-callable
    if done:
        tasks.add_task(done, "a")  # OK
        tasks.add_task(done, 1)  # E: argument-type
    return tasks.add_task(send, "a")  # E: assignment
async def later(queue: BackgroundTasks) -> None:
    queue.add_task(notify, 1)  # OK
    await queue.add_task(notify, 1)  # E: pitfall
    await queue()  # OK
def hand_on(func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    tasks.add_task(func, *args, **kwargs)  # OK
    tasks.add_task(func, *args)  # E: missing-argument
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of all that is asked here, by its name, with the claims in functions under their line."""

    statements: Mapping[str, Answer]
    holders: tuple[Answer, ...]
    aside: Mapping[str, str]


ENDING = {
    "ends": "import os\nos._exit(0)\n",
    "hangs": "import time\ntime.sleep(60)\n",
    "raises": "1 / 0\n",
}


def ask(sources: Mapping[str, str], target: Target = DEFAULT_TARGET, timeout: float = 5) -> Judgement:
    cases = [
        read_case(Path(f"{name}.py"), Path(f"{name}.py"), source, frozenset())
        for name, source in sources.items()
    ]
    return judge_claims(Plan(cases, target, Path(sys.executable)), timeout=timeout)


@pytest.fixture(scope="module")
def told() -> Told:
    statements = [line for line, _ in STATEMENTS.values()]
    source = HEAD + "\n".join(statements) + HOLDERS
    last = '\ntasks.add_task(send, "a")  # OK\n'
    ending = {name: f"{HEAD}{line}{last}" for name, line in ENDING.items()}
    judgement = ask({"statements": source, **ending, "last": HEAD + last})
    first = HEAD.count("\n") + 1
    by_line = {answer.claim.line: answer for answer in judgement.answers if answer.path.stem == "statements"}
    assert [answer.decision for answer in judgement.answers if answer.path.stem == "last"] == [DECIDED]
    names = {first + index: name for index, name in enumerate(STATEMENTS)}
    return Told(
        {name: by_line[line] for line, name in names.items()},
        tuple(answer for line, answer in by_line.items() if line not in names),
        {path.stem: why for path, why in judgement.aside},
    )


@pytest.mark.parametrize("name", STATEMENTS)
def test_python_bears_out_contradicts_or_cannot_tell(told: Told, name: str) -> None:
    answer = told.statements[name]
    assert (answer.decision, answer.why) == (STATEMENTS[name][1], answer.why)


def test_claims_in_functions_and_of_overrides_are_borne_out(told: Told) -> None:
    assert len(told.holders) == HOLDERS.count("  # ")
    assert [(each.claim.line, each.why) for each in told.holders if each.decision is not DECIDED] == []


def test_a_case_that_ends_badly_costs_no_other(told: Told) -> None:
    assert told.aside == {
        "ends": "ended the process that executed it",
        "hangs": "gave no answer within 5 s; allow it more with --timeout",
        "raises": "line 64: ZeroDivisionError: division by zero",
    }


@pytest.mark.parametrize("text", ["[" * 9_999 + "}", '{"answers": 5, "trouble": 7}', "{}"])
def test_answers_that_a_case_has_written_are_one_line(text: str) -> None:
    lie = f"import sys\nopen(sys.argv[2], 'a').write({text + chr(10)!r})\n"
    with pytest.raises(BgtasksError, match="the answers make no sense"):
        ask({"liar": f'{HEAD}{lie}\ntasks.add_task(send, "a")  # OK\n'})


def test_the_report_says_what_is_wrong_and_why() -> None:
    source = HEAD + STATEMENTS["a wrong type, claimed to be right"][0] + "\n" + STATEMENTS["Any"][0]
    case = read_case(Path("case.py"), Path("case.py"), source, frozenset())
    [wrong, erased] = case.claims
    answers = (
        Answer(case.path, wrong, CONTRADICTED, "Python refuses it, argument-type"),
        Answer(case.path, erased, UNDECIDABLE, "Any"),
    )
    judgement = Judgement(answers)
    report = Report(DEFAULT_TARGET, (case,), (), oracle=judgement)
    line = HEAD.count("\n") + 1
    assert [str(part) for part in render(report, judgement)] == [
        f"case.py:{line}: tasks.add_task(send, 1) # OK\n    contradicted: Python refuses it, argument-type",
        "undecidable, Any: 1",
        f"    case.py:{line + 1}: tasks.add_task(send, anything) # OK",
        summary(report, judgement),
    ]
    assert summary(report, judgement) == (
        "Red: of 2 claims Python bears out 0 (0.0%), cannot decide 1, contradicts 1. "
        "Of 0 it would have contradicted the opposite."
    )
    assert report.exit_code == 1


def test_what_only_a_checker_can_say_is_not_decided() -> None:
    source = (
        "from bgtasks import BackgroundTasks\nfrom typing_extensions import assert_type\n"
        "assert_type(len(''), str)\nlen('')  # E\nlen()  # OK\n"
    )
    case = read_case(Path("case.py"), Path("case.py"), source, frozenset())
    judged = judge_claims(Plan([case], DEFAULT_TARGET, Path(sys.executable)), timeout=60)
    assert [(answer.claim.line, answer.decision) for answer in judged.answers[:2]] == [
        (3, Decision.UNDECIDABLE),
        (4, Decision.UNDECIDABLE),
    ]
