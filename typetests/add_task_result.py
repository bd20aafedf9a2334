"""`add_task` returns None: nothing can be made of its result, and the code after it is checked."""

import sys
from typing import NoReturn

from starlette.responses import Response

from bgtasks import BackgroundTask, BackgroundTasks

tasks = BackgroundTasks()


def send(to: str) -> int:
    return 1


async def notify(user: int) -> str:
    return ""


def crash(code: int) -> NoReturn:
    raise SystemExit(code)


async def crash_later(code: int) -> NoReturn:
    raise SystemExit(code)


def queue_mail() -> None:
    return tasks.add_task(send, "ada")  # OK


def queue_count() -> int:
    return tasks.add_task(send, "ada")  # E: assignment


count: int = tasks.add_task(send, "ada")  # E: assignment
task: BackgroundTask = tasks.add_task(send, "ada")  # E: assignment

Response(background=tasks)  # OK
Response(
    background=tasks.add_task(send, "ada")
)  # E: pitfall  !pyright,basedpyright microsoft/pyright#5672  !pyrefly,ty None is allowed here
BackgroundTasks(
    tasks.add_task(send, "ada")
)  # E: pitfall  !pyright,basedpyright microsoft/pyright#5672  !pyrefly,ty None is allowed here
tasks.add_task(tasks.add_task(send, "ada"))  # E: not-callable


async def endpoint() -> None:
    tasks.add_task(notify, 1)  # OK
    await tasks.add_task(notify, 1)  # E: pitfall
    await tasks()  # OK


def stop_sync() -> None:
    tasks.add_task(crash, 1)  # OK
    tasks.add_task(crash, "1")  # E: argument-type
    tasks.add_task(send)  # E: missing-argument


def stop_async() -> None:
    tasks.add_task(crash_later, code=1)  # OK
    tasks.add_task(send, 1)  # E: argument-type


tasks.add_task(sys.exit, 1)  # OK
tasks.add_task(crash, 1)  # OK
tasks.add_task(send)  # E: missing-argument
tasks.add_task(send, "ada")  # OK
