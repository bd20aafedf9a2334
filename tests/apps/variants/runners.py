import asyncio
import logging
from functools import partial

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(to): ...
def send(to): ...


def safely(func, *args):
    try:
        func(*args)
    except Exception:
        logging.exception("failed")


def timed(name, func, *args, **kwargs):
    logging.info(name)
    result = func(*args, **kwargs)
    return result


def runs(func, *args):
    asyncio.run(func(*args))


def looks(func, *args):
    result = func(*args)
    if asyncio.iscoroutine(result):
        asyncio.run(result)


def chooses(func, *args):
    if asyncio.iscoroutinefunction(func):
        asyncio.run(func(*args))
    else:
        func(*args)


async def awaits(func, *args):
    await func(*args)


class Runner:
    def run(self, func, *args):
        return func(*args)

    def add(self, tasks: BackgroundTasks, func, *args):
        tasks.add_task(self.run, func, *args)


@app.post("/")
def f(tasks: BackgroundTasks, runner: Runner):
    tasks.add_task(safely, notify, "a")  # BGT303
    tasks.add_task(safely, send, "a")
    tasks.add_task(safely, lambda: notify("a"))  # BGT303
    tasks.add_task(partial(safely, notify), "a")  # BGT303
    tasks.add_task(timed, "x", notify, "a")  # BGT303
    tasks.add_task(timed, "x", send, "a")
    tasks.add_task(runs, notify, "a")
    tasks.add_task(looks, notify, "a")
    tasks.add_task(chooses, notify, "a")
    tasks.add_task(awaits, notify, "a")
    tasks.add_task(Runner.run, runner, notify, "a")  # BGT303
    tasks.add_task(Runner.run, runner, send, "a")
