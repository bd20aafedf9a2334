"""Objects with a `__call__`, callback protocols, and variables that hold a callable."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


@dataclass
class Throttle:
    seconds: int

    def __call__(self, user: str, *, burst: int = 1) -> None: ...


class Uploader:
    async def __call__(self, path: str, chunks: int, /) -> bool:
        return True


class Sink(Protocol):
    def __call__(self, line: str, level: int = 0) -> None: ...


class Hook(Protocol):
    def __call__(self, *events: str, **extra: int) -> object: ...


@dataclass
class Signals:
    on_start: Callable[[int], None]
    on_stop: Sink


def write(line: str, level: int = 0) -> None: ...


async def notify(user: int) -> None: ...


def record(*events: str, **extra: int) -> None: ...


def started(pid: int, /) -> None: ...


def anything(*args: object, **kwargs: object) -> None: ...


throttle = Throttle(60)
uploader = Uploader()
sink: Sink = write
hook: Hook = record
signals = Signals(started, write)
ask: Callable[[int], Awaitable[None]] = notify
loose: Callable[..., None] = anything
unknown: Any = json.loads("null") or anything

tasks.add_task(throttle, "ada")  # OK
tasks.add_task(throttle)  # E: missing-argument
tasks.add_task(throttle, "ada", 2)  # E: too-many-positional
tasks.add_task(throttle, 1)  # E: argument-type

tasks.add_task(uploader, "cat.png", 4)  # OK
tasks.add_task(uploader, "cat.png")  # E: missing-argument
tasks.add_task(uploader, "cat.png", chunks=4)  # E: positional-only-as-keyword

tasks.add_task(sink, line="hello", level=2)  # OK
tasks.add_task(sink)  # E: missing-argument
tasks.add_task(sink, "hello", 2, 3)  # E: too-many-positional
tasks.add_task(sink, "hello", level="info")  # E: argument-type

tasks.add_task(hook, "start", "stop", pid=1)  # OK
tasks.add_task(hook, "start", pid="1")  # E: argument-type

tasks.add_task(signals.on_start, 1)  # OK
tasks.add_task(signals.on_start, pid=1)  # E: positional-only-as-keyword
tasks.add_task(signals.on_start, "1")  # E: argument-type
tasks.add_task(signals.on_stop, "bye", level=1)  # OK
tasks.add_task(signals.on_stop, level=1)  # E: missing-argument

tasks.add_task(ask, 1)  # OK
tasks.add_task(ask, "ada")  # E: argument-type

tasks.add_task(loose, 1, 2, level=3)  # OK
tasks.add_task(unknown, 1, 2, level=3)  # OK
