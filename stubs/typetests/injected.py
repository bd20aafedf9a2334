"""The class that FastAPI gives to an endpoint is Starlette's list of tasks."""

import fastapi
from fastapi import BackgroundTasks
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from typing_extensions import assert_type


def send(to: str) -> None: ...


tasks = BackgroundTasks([BackgroundTask(send, "ada")])  # OK
inherited: StarletteBackgroundTasks = tasks  # OK

assert_type(tasks.tasks, list[BackgroundTask])
assert_type(tasks.add_task(send, "ada"), None)
assert_type(fastapi.__version__, str)

tasks.add_task(func=send, to="ada")  # OK
tasks.add_task(send)  # E: missing-argument
tasks.add_task()  # E: missing-argument


async def run() -> None:
    await tasks()  # OK
    assert_type(await tasks(), None)
