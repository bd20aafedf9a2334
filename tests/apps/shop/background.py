"""How this shop defers work: retries, timing, and one place that knows what is a task and what is not."""

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from fastapi import BackgroundTasks
from starlette.background import BackgroundTask

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)


class Job(Protocol):
    """Anything that a schedule may hold."""

    async def __call__(self, *args: Any, **kwargs: Any) -> object: ...


def retried(times: int, *, pause: float = 0.1) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Call the function again when it fails, up to so many times."""

    def decorate(func: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(func)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(times):
                try:
                    return func(*args, **kwargs)
                except OSError:
                    logger.warning("attempt %d of %d failed", attempt + 1, times, exc_info=True)
                    time.sleep(pause)
            return func(*args, **kwargs)

        return wrapper

    return decorate


def async_retried(
    times: int, *, pause: float = 0.1
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    def decorate(func: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @functools.wraps(func)
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(times):
                try:
                    return await func(*args, **kwargs)
                except OSError:
                    logger.warning("attempt %d of %d failed", attempt + 1, times, exc_info=True)
                    await asyncio.sleep(pause)
            return await func(*args, **kwargs)

        return wrapper

    return decorate


def timed(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        start = time.perf_counter()
        try:
            return func(*args, **kwargs)
        finally:
            logger.info("%s took %.3f s", func, time.perf_counter() - start)

    return wrapper


def defer(tasks: BackgroundTasks, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Add a task, and log that it was added."""
    logger.debug("deferring %s", func)
    tasks.add_task(func, *args, **kwargs)


class Schedule:
    """The tasks of one request, which can be called off together until the response is sent."""

    def __init__(self, tasks: BackgroundTasks) -> None:
        self.tasks = tasks
        self.cancelled = False

    def add(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        task = BackgroundTask(func, *args, **kwargs)
        self.tasks.add_task(self._run, task)

    def add_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        self.tasks.add_task(job, *args, **kwargs)

    async def _run(self, task: BackgroundTask) -> None:
        if not self.cancelled:
            await task()


class LoggedTasks(BackgroundTasks):
    """Background tasks of which the log tells."""

    def add_task(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        logger.info("adding %s", getattr(func, "__qualname__", func))
        super().add_task(func, *args, **kwargs)

    async def __call__(self) -> None:
        for number, task in enumerate(self.tasks, start=1):
            logger.info("task %d of %d", number, len(self.tasks))
            await task()
