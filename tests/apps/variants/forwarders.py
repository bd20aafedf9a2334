import functools
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException
from starlette.background import BackgroundTask

app = FastAPI()


async def notify(to): ...
def send(to): ...
def rows(to):
    yield to


def refuse(to):
    raise HTTPException(404)


def needs(to, db=Depends(send)): ...


def enqueue(tasks: BackgroundTasks, func, *args, **kwargs):
    tasks.add_task(func, *args, **kwargs)


def get_enqueue(tasks: BackgroundTasks):
    def later(func, *args):
        tasks.add_task(func, *args)

    return later


def get_add(tasks: BackgroundTasks):
    return tasks.add_task


def wrapped(tasks: BackgroundTasks, func, *args):
    def run():
        func(*args)

    tasks.add_task(run)


def wrapped_async(tasks: BackgroundTasks, func, *args):
    async def run():
        await func(*args)

    tasks.add_task(run)


def safely(func, *args):
    try:
        func(*args)
    except Exception:
        pass


def by_runner(tasks: BackgroundTasks, func, *args):
    tasks.add_task(safely, func, *args)


class Base:
    tasks: BackgroundTasks

    def defer(self, func, *args):
        self.tasks.add_task(func, *args)


class Users(Base):
    def __init__(self, tasks: BackgroundTasks):
        self.tasks = tasks

    def create(self):
        self.defer(rows, 1)  # BGT301
        self.defer(send, 1)
        super().defer(rows, 1)  # BGT301
        super().defer(send, 1)


class Quiet(Base):
    def defer(self, func, *args):
        if func:
            super().defer(func, *args)


@app.post("/")
def f(tasks: BackgroundTasks, users: Users = Depends(), later=Depends(get_enqueue), add=Depends(get_add)):
    enqueue(tasks, rows, 1)  # BGT301
    enqueue(tasks, func=rows, to=1)  # BGT301
    enqueue(func=rows, tasks=tasks)  # BGT301
    enqueue(tasks, refuse, 1)  # BGT313
    enqueue(tasks, needs, 1)  # BGT310
    enqueue(tasks, needs, 1, db=2)
    enqueue(tasks, lambda: notify(1))  # BGT303
    enqueue(tasks, lambda: send(1))
    enqueue(tasks, partial(rows, 1))  # BGT301
    enqueue(tasks, notify, 1)
    users.defer(rows, 1)  # BGT301
    users.defer(notify, 1)
    for each in [1, 2]:
        enqueue(tasks, lambda: send(each))  # BGT311
        enqueue(tasks, send, each)
    with open("x") as file:
        enqueue(tasks, send, file)  # BGT210
        users.defer(send, file)  # BGT210
    wrapped(tasks, send, 1)
    wrapped_async(tasks, notify, 1)
    by_runner(tasks, send, 1)
    wrapped(tasks, notify, 1)  # BGT303
    by_runner(tasks, notify, 1)  # BGT303
    later(send, 1)
