"""Tasks that are called rightly and do nothing: they make a generator, a coroutine or a context manager."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

from bgtasks import BackgroundTask, BackgroundTasks

P = ParamSpec("P")
R = TypeVar("R")

tasks = BackgroundTasks()


def rows(count: int) -> Iterator[int]:
    yield from range(count)


def read(count: int) -> list[int]:
    return list(rows(count))


def numbers(count: int) -> Iterator[int]:
    return iter(range(count))


async def pages(count: int) -> AsyncIterator[int]:
    yield count


@contextmanager
def session(user: int) -> Generator[int, None, None]:
    yield user


@asynccontextmanager
async def connection(user: int) -> AsyncGenerator[int, None]:
    yield user


def save(user: int) -> None:
    with session(user):
        pass


async def notify(user: int) -> None: ...


def later(user: int) -> Coroutine[Any, Any, None]:
    return notify(user)


def run(func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return func(*args, **kwargs)


def logged(func: Callable[P, R]) -> Callable[P, R]:
    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


def awaited(func: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(func)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return await func(*args, **kwargs)

    return wrapper


@logged
async def logged_notify(user: int) -> None: ...


@awaited
async def awaited_notify(user: int) -> None: ...


class Reader:
    def __call__(self, count: int) -> Iterator[int]:
        yield count

    def below(self, count: int) -> Iterator[int]:
        yield count

    def read(self, count: int) -> list[int]:
        return list(self.below(count))


class Mailer:
    async def __call__(self, user: int) -> None: ...

    def later(self, user: int) -> Awaitable[None]:
        return self(user)


reader, mailer = Reader(), Mailer()
database = sqlite3.connect(":memory:")
hook: Callable[[int], Awaitable[None]] = notify

tasks.add_task(rows, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(pages, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(partial(rows, 1))  # E: pitfall  !plain python/typing#801
tasks.add_task(lambda: rows(1))  # E: pitfall  !plain python/typing#801
tasks.add_task(reader, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(reader.below, 1)  # E: pitfall  !plain python/typing#801
BackgroundTask(rows, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(read, 1)  # OK
tasks.add_task(reader.read, 1)  # OK
tasks.add_task(numbers, 1)  # OK
tasks.add_task(database.execute, "select 1")  # OK

tasks.add_task(session, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(connection, 1)  # E: pitfall  !plain python/typing#801
tasks.add_task(partial(session, 1))  # E: pitfall  !plain python/typing#801
tasks.add_task(save, 1)  # OK

tasks.add_task(later, 1)  # E: pitfall  !plain has the type of an async def
tasks.add_task(run, notify, 1)  # E: pitfall  !plain has the type of an async def
tasks.add_task(mailer.later, 1)  # E: pitfall  !plain has the type of an async def
tasks.add_task(logged_notify, 1)  # E: pitfall  !plain has the type of an async def
tasks.add_task(lambda: notify(1))  # E: pitfall  !plain has the type of an async def
tasks.add_task(lambda user: notify(user), 1)  # E: pitfall  !plain has the type of an async def
tasks.add_task(notify, 1)  # OK
tasks.add_task(mailer, 1)  # OK
tasks.add_task(hook, 1)  # OK
tasks.add_task(awaited_notify, 1)  # OK
tasks.add_task(run, read, 1)  # OK
tasks.add_task(lambda: read(1))  # OK

tasks.add_task(asyncio.create_task, notify(1))  # E: pitfall  !plain its type asks for no event loop
tasks.add_task(asyncio.ensure_future, notify(1))  # E: pitfall  !plain its type asks for no event loop
tasks.add_task(asyncio.gather, notify(1), notify(2))  # E: pitfall  !plain its type asks for no event loop
tasks.add_task(lambda: asyncio.create_task(notify(1)))  # E: pitfall  !plain its type asks for no event loop
tasks.add_task(asyncio.run, notify(1))  # OK
tasks.add_task(asyncio.wait_for, notify(1), 1)  # OK
tasks.add_task(run_in_threadpool, read, 1)  # OK
