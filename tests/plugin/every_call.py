import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
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


class Awaiting(BackgroundTasks):
    def add_task(  # E: override
        self, func: Callable[P, Awaitable[Any]], *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


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
Awaiting().add_task(send, "ada")  # E: argument-type
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
ours.add_task(*wrong)  # E: argument-type
BackgroundTask(*pair)  # OK
ours.add_task(*("a", "b"))  # E: not-callable

# Partials of the bound method.
partial(ours.add_task, send)  # OK
partial(ours.add_task, send, "ada")  # OK
partial(ours.add_task, send, 1)  # E: argument-type
partial(fastapis.add_task, send, 1)  # E: argument-type
partial(ours.add_task, send, "ada", "hello", 1)  # E: too-many-positional
partial(ours.add_task, send, subject="hello")  # E: unknown-keyword
partial(ours.add_task, send, "ada")("hello")  # OK
partial(ours.add_task, send, "ada")(1)  # E: argument-type
partial(ours.add_task, asyncio.sleep, 1)()  # OK
given: partial[None] = partial(ours.add_task, asyncio.sleep, 1)  # OK
partial(ours.add_task)(send, "ada")  # OK
partial(send, 1)  # E: argument-type
partial(ThreadPoolExecutor().submit)(send, "ada")  # OK

# Partials of partials.
partial(partial(send, "ada"), "hello")  # OK
partial(partial(send, "ada"), body=1)  # E: argument-type
partial(partial(partial(send), "ada"), "hello", 1)  # E: too-many-positional
ours.add_task(partial(partial(send, "ada"), body="hello"))  # OK
ours.add_task(partial(partial(send, "ada")), 1)  # E: argument-type
partial(partial(ours.add_task, send), "ada")(1)  # E: argument-type

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
    last: str | None = "ada"
    for _ in range(2):
        ours.add_task(send, last)  # E: argument-type
        ours.add_task(send, last or "")  # OK
        last = None
    return word
