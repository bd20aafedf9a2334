import asyncio
import contextlib
import functools
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import Executor
from functools import partial, wraps
from typing import Any, Generic, NoReturn, ParamSpec, Protocol, TypeVar

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


def collected(func: Callable[P, Iterator[R]]) -> Callable[P, list[R]]:
    return lambda *args, **kwargs: list(func(*args, **kwargs))


@collected
def collected_rows(count: int) -> Iterator[int]:
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
future: asyncio.Future[None]
anything: Any
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
tasks.add_task(collected_rows, 1)  # OK
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
tasks.add_task(asyncio.shield, notify(1))  # E: pitfall
tasks.add_task(asyncio.shield, future)  # OK
tasks.add_task(asyncio.gather, future, notify(1))  # OK
tasks.add_task(asyncio.ensure_future, anything)  # OK
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
Page("", 200, None, None, tasks.add_task(send, "ada"))  # E: pitfall
Page("", 200, None, None, tasks)  # OK
Page(background=tasks)  # OK
Page(background=BackgroundTask(send, "ada"))  # OK
Page(background=Pool().add_task(send))  # OK
page = Page()
page.background = tasks.add_task(send, "ada")  # E: pitfall
page.background = tasks  # OK
page.background = Pool().add_task(send)  # OK


def crash(code: int) -> NoReturn:
    raise SystemExit(code)


class Late:
    def add(self) -> None:
        tasks.add_task(send, self.name)  # E: argument-type
        tasks.add_task(send, str(self.name))  # OK
        page.background = tasks.add_task(send, self.name)  # E: argument-type

    def set(self) -> None:
        self.name = send("ada")


def stop() -> None:
    tasks.add_task(crash, "1")  # E: argument-type
    tasks.add_task(crash, 1)  # OK
    tasks.add_task(send, 1)  # E: argument-type


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
