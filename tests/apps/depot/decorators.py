"""Decorators that keep the parameters of what they decorate."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

log = logging.getLogger(__name__)


def logged(task: Callable[P, T]) -> Callable[P, T]:
    @functools.wraps(task)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        log.info("started")
        return task(*args, **kwargs)

    return run


def retried(times: int) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    def decorate(task: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(task)
        async def run(*args: P.args, **kwargs: P.kwargs) -> T:
            for _ in range(times - 1):
                try:
                    return await task(*args, **kwargs)
                except OSError:
                    log.info("tried again")
            return await task(*args, **kwargs)

        return run

    return decorate


class Connection:
    def execute(self, statement: str) -> None:
        log.info("%s", statement)


def connected(task: Callable[Concatenate[Connection, P], T]) -> Callable[P, T]:
    """Have the task given a connection of its own."""

    @functools.wraps(task)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return task(Connection(), *args, **kwargs)

    return run


def registered(task: F) -> F:
    return task
