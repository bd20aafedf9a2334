"""`BackgroundTask`, a list of them, and the responses that take one."""

from collections.abc import Callable

from starlette.background import BackgroundTask as StarletteTask
from starlette.responses import JSONResponse, Response, StreamingResponse
from typing_extensions import assert_type

from bgtasks import BackgroundTask, BackgroundTasks


def ping() -> None: ...


def send(to: str, body: str = "") -> None: ...


async def charge(customer: str, *, cents: int) -> bool:
    return True


task = BackgroundTask(send, "ada")  # OK
tasks = BackgroundTasks([task])  # OK

BackgroundTask(send)  # E: missing-argument
BackgroundTask(send, "ada", "hello", "bob")  # E: too-many-positional
BackgroundTask(send, "ada", subject="hello")  # E: unknown-keyword
BackgroundTask(send, "ada", to="bob")  # E: multiple-values
BackgroundTask(send, 1)  # E: argument-type
BackgroundTask(charge, "ada", cents=500)  # OK
BackgroundTask(charge, "ada", 500)  # E: too-many-positional
BackgroundTask(send("ada"))  # E: not-callable
BackgroundTask(None)  # E: not-callable
BackgroundTask()  # E: missing-argument
BackgroundTask(func=ping)  # OK

BackgroundTasks(tasks=[BackgroundTask(ping), BackgroundTask(send, "ada")])  # OK
BackgroundTasks(tasks=(task,))  # OK
BackgroundTasks(None)  # OK
BackgroundTasks(tasks=[send])  # E: argument-type
BackgroundTasks(tasks=[BackgroundTask(send)])  # E: missing-argument
BackgroundTasks(tasks=task)  # E: argument-type

Response(background=tasks)  # OK
Response(background=BackgroundTask(send, "ada"))  # OK
Response(background=BackgroundTask(send))  # E: missing-argument
Response(background=send)  # E: argument-type
JSONResponse({"sent": True}, background=BackgroundTask(send, 1))  # E: argument-type
StreamingResponse(iter([b""]), background=BackgroundTask(ping, 1))  # E: too-many-positional

tasks.tasks.append(BackgroundTask(send, "ada"))  # OK
tasks.tasks.append(send)  # E: argument-type

without_func: Callable[[], object] = BackgroundTask  # E: assignment
with_any: Callable[..., object] = BackgroundTask  # OK

assert_type(tasks.tasks, list[StarletteTask])
assert_type(BackgroundTask(send, "ada"), StarletteTask)


def report(on_done: Callable[[str], object] | None) -> None:
    BackgroundTask(on_done, "ada")  # E: not-callable
    if on_done is not None:
        BackgroundTask(on_done, "ada")  # OK


async def run() -> None:
    await tasks()  # OK
    await task()  # OK
    assert_type(await task(), None)
    assert_type(await tasks(), None)
