"""What is sent, all of it in the background."""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from ..trace import leave


def send(path: str) -> None:
    leave(path)


async def notify(path: str) -> None:
    await asyncio.sleep(0)
    leave(path)


def rows(path: str) -> Iterator[int]:
    leave(path)
    yield 1


async def pages(path: str):
    leave(path)
    yield 1


def read_rows(path: str) -> None:
    for _ in rows(path):
        pass


def rows_of(path: str) -> list[int]:
    def inner() -> Iterator[int]:
        yield 1

    leave(path)
    return list(inner())


@contextmanager
def connection(path: str) -> Iterator[str]:
    leave(path)
    yield path


@asynccontextmanager
async def session(path: str):
    leave(path)
    yield path


def save(path: str) -> None:
    with connection(path):
        pass


def later(path: str) -> Coroutine[Any, Any, None]:
    return notify(path)


async def awaited_later(path: str) -> None:
    await later(path)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def logged_async(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


@logged
async def logged_notify(path: str) -> None:
    leave(path)


@logged_async
async def traced_notify(path: str) -> None:
    leave(path)


def schedule(path: str) -> None:
    coroutine = notify(path)
    asyncio.create_task(coroutine)


def run(path: str) -> None:
    asyncio.run(notify(path))


def make_task(path: str) -> Callable[[], None]:
    return functools.partial(send, path)


class Sender:
    def __init__(self, path: str) -> None:
        self.path = path

    async def __call__(self) -> None:
        leave(self.path)


class Reader:
    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self) -> Iterator[str]:
        leave(self.path)
        yield self.path


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print(end="")
        try:
            return function(*args, **kwargs)
        finally:
            print(end="")

    return wrapper


class Client:
    def send(self, path: str):
        return self.execute(path)

    def execute(self, path: str):
        leave(path)


class AsyncClient(Client):
    async def execute(self, path: str) -> None:
        leave(path)
