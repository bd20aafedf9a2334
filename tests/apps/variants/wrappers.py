import asyncio
import functools
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, wraps
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Depends
from starlette.background import BackgroundTask

router = APIRouter()


async def notify(to: str) -> None: ...
def send(to: str) -> None: ...


def timed(func):
    @wraps(func)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        result = func(*args, **kwargs)
        logging.info("took %s", time.perf_counter() - start)
        return result

    return inner


def safe(func):
    def run(*a, **k):
        try:
            func(*a, **k)
        except Exception:
            logging.exception("failed")

    return run


def retry(times):
    def deco(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            for _ in range(times):
                try:
                    return func(*args, **kwargs)
                except Exception:
                    pass

        return wrapper

    return deco


def awaiting(func):
    @wraps(func)
    async def inner(*args, **kwargs):
        return await func(*args, **kwargs)

    return inner


def both(func):
    @wraps(func)
    def inner(*args, **kwargs):
        result = func(*args, **kwargs)
        if inspect.isawaitable(result):
            return asyncio.run(result)
        return result

    return inner


def choosing(func):
    if asyncio.iscoroutinefunction(func):

        @wraps(func)
        async def inner(*args, **kwargs):
            return await func(*args, **kwargs)

    else:

        @wraps(func)
        def inner(*args, **kwargs):
            return func(*args, **kwargs)

    return inner


def blocking(func):
    def inner(*args):
        asyncio.run(func(*args))

    return inner


class Logged:
    def __init__(self, func):
        self.func = func

    def __call__(self, *args, **kwargs):
        logging.info("run")
        return self.func(*args, **kwargs)


class Awaited:
    def __init__(self, func):
        self.func = func

    async def __call__(self, *args):
        await self.func(*args)


@timed
async def decorated(to: str) -> None: ...
@timed
def decorated_plain(to: str) -> None: ...
@retry(3)
async def retried(to: str) -> None: ...
@retry(times=3)
def retried_plain(to: str) -> None: ...
@awaiting
async def awaited(to: str) -> None: ...
@Logged
async def logged(to: str) -> None: ...


class Base:
    def run(self, x):
        return self.work(x)

    def work(self, x): ...

    @timed
    async def timed_method(self): ...

    @staticmethod
    @safe
    async def static_safe(): ...


class Child(Base):
    async def work(self, x): ...


class Grand(Child): ...


class Plain(Base):
    def work(self, x): ...


class Service:
    def __init__(self, base: Child, plain: Plain):
        self.base = base
        self.plain = plain

    def go(self, tasks: BackgroundTasks):
        tasks.add_task(self.base.run, 1)  # BGT303
        tasks.add_task(self.plain.run, 1)
        tasks.add_task(timed(self.work), 1)  # BGT303
        tasks.add_task(self.work, 1)
        tasks.add_task(self.later, 1)  # BGT303
        tasks.add_task(partial(self.later, 1))  # BGT303

    async def work(self, x): ...
    def later(self, x) -> Coroutine[Any, Any, None]:
        return self.work(x)


@router.post("/")
def f(tasks: BackgroundTasks, child: Child = Depends()):
    tasks.add_task(timed(notify), "a")  # BGT303
    tasks.add_task(timed(send), "a")
    tasks.add_task(safe(notify), "a")  # BGT303
    tasks.add_task(safe(send), "a")
    tasks.add_task(retry(3)(notify), "a")  # BGT303
    tasks.add_task(retry(3)(send), "a")
    tasks.add_task(awaiting(notify), "a")
    tasks.add_task(both(notify), "a")
    tasks.add_task(choosing(notify), "a")
    tasks.add_task(blocking(notify), "a")
    tasks.add_task(Logged(notify), "a")  # BGT303
    tasks.add_task(Logged(send), "a")
    tasks.add_task(Awaited(notify), "a")
    tasks.add_task(decorated, "a")  # BGT303
    tasks.add_task(decorated_plain, "a")
    tasks.add_task(retried, "a")  # BGT303
    tasks.add_task(retried_plain, "a")
    tasks.add_task(awaited, "a")
    tasks.add_task(logged, "a")  # BGT303
    tasks.add_task(child.run, 1)  # BGT303
    tasks.add_task(Grand().run, 1)  # BGT303
    tasks.add_task(Plain().run, 1)
    tasks.add_task(child.timed_method)  # BGT303
    tasks.add_task(Base.static_safe)  # BGT303
    task = timed(notify)
    tasks.add_task(task, "a")  # BGT303
    ok = timed(send)
    tasks.add_task(ok, "a")
    tasks.add_task(timed(partial(notify, "a")))  # BGT303
    tasks.add_task(partial(timed(notify), "a"))  # BGT303
    tasks.add_task(timed(func=notify), "a")  # BGT303
    BackgroundTask(timed(notify), "a")  # BGT201 BGT303
    tasks.add_task(lambda: notify("a"))  # BGT303
    tasks.add_task(lambda to: notify(to), "a")  # BGT303
    tasks.add_task(lambda: send("a"))
    tasks.add_task(lambda: asyncio.run(notify("a")))

    def inner():
        return notify("a")

    tasks.add_task(inner)  # BGT303

    def inner_run():
        asyncio.run(notify("a"))

    tasks.add_task(inner_run)
