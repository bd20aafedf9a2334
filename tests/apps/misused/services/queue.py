"""Helpers that add a task on behalf of somebody, and a queue that merely looks like it."""

from collections.abc import Callable
from typing import Any

from fastapi import BackgroundTasks
from starlette.responses import JSONResponse


def enqueue(tasks: BackgroundTasks, function: Callable[..., Any], *args: Any) -> None:
    tasks.add_task(function, *args)


def respond(tasks: BackgroundTasks) -> JSONResponse:
    return JSONResponse({}, background=tasks)


class Notifier:
    """Adds tasks to those of one response."""

    def __init__(self, tasks: BackgroundTasks) -> None:
        self.tasks = tasks

    def later(self, function: Callable[..., Any], *args: Any) -> None:
        self.tasks.add_task(function, *args)


class Queue:
    """Runs what it gets at once; it is no background."""

    async def add_task(self, function: Callable[..., Any], *args: Any) -> int:
        function(*args)
        return 1


def later(tasks, function):
    tasks.add_task(function)
