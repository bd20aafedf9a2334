from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import starlette.background as sb
from fastapi import BackgroundTasks as BT, Depends


def enqueue(tasks: BT, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    tasks.add_task(func, *args, **kwargs)


class Queue:
    def __init__(self, background_tasks: BT) -> None:
        self._tasks = background_tasks

    def push(self, func: Callable[..., Any], /, *args: Any) -> None:
        self._tasks.add_task(func, *args)

    def push_all(self, *funcs: Callable[[], Any]) -> None:
        for func in funcs:
            self._tasks.add_task(func)


def get_queue(background_tasks: BT) -> Queue:
    return Queue(background_tasks)


QueueDep = Annotated[Queue, Depends(get_queue)]
