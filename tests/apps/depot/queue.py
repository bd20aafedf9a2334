"""Tasks of our own, which take what Starlette's take."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, Protocol

from fastapi import BackgroundTasks

from .work import Archive, pack

P = ParamSpec("P")


class Queue(BackgroundTasks):
    def add_task(self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        super().add_task(func, *args, **kwargs)


class AddTask(Protocol):
    def __call__(self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...


class Outbox:
    def __init__(self, tasks: BackgroundTasks, archive: Archive[int]) -> None:
        self.defer = tasks.add_task
        self.archive = archive

    def flush(self, parcel: int) -> None:
        self.defer(pack, parcel, "large")
        self.defer(self.archive.keep, parcel)


def pack_all(parcels: list[int], add: AddTask) -> None:
    for parcel in parcels:
        add(pack, parcel, fragile=True)


def enqueue(tasks: BackgroundTasks, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    tasks.add_task(func, *args, **kwargs)


def enqueue_logged(
    tasks: BackgroundTasks, name: str, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> None:
    assert name
    enqueue(tasks, func, *args, **kwargs)


def on_done(tasks: BackgroundTasks, done: Callable[[int], None]) -> Callable[..., None]:
    tasks.add_task(done, 1)
    return partial(tasks.add_task, done, 2)
