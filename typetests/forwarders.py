"""A project's own functions and methods that hand a task on to `add_task`."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from bgtasks import BackgroundTasks

P = ParamSpec("P")

tasks = BackgroundTasks()


def enqueue(queue: BackgroundTasks, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    queue.add_task(func, *args, **kwargs)  # OK


def enqueue_badly(
    queue: BackgroundTasks, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> None:
    queue.add_task(func)  # E: missing-argument  !zuban does not ask for P.args and P.kwargs
    queue.add_task(func, *args)  # E: missing-argument
    queue.add_task(func, 1, *args, **kwargs)  # E: argument-type
    queue.add_task(func, *args, **kwargs, retry=True)  # E: argument-type


def enqueue_for(
    user: str, func: Callable[Concatenate[str, P], object], *args: P.args, **kwargs: P.kwargs
) -> None:
    tasks.add_task(func, user, *args, **kwargs)  # OK


def enqueue_loose(func: Callable[..., object], *args: object, **kwargs: object) -> None:
    tasks.add_task(func, *args, **kwargs)  # OK


def later(func: Callable[P, object]) -> Callable[P, None]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        tasks.add_task(func, *args, **kwargs)  # OK

    return wrapper


class Service:
    def __init__(self, queue: BackgroundTasks) -> None:
        self.queue = queue

    def defer(self, func: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> "Service":
        self.queue.add_task(func, *args, **kwargs)  # OK
        return self


def send(to: str, body: str = "") -> None: ...


async def charge(customer: str, *, cents: int) -> None: ...


@later
def resize_image(path: str, width: int) -> None: ...


service = Service(tasks)
add = tasks.add_task

enqueue(tasks, send, "ada")  # OK
enqueue(tasks, send)  # E: missing-argument
enqueue(tasks, send, "ada", subject="hello")  # E: unknown-keyword
enqueue(tasks, send, 1)  # E: argument-type

enqueue_for("ada", charge, cents=500)  # OK
enqueue_for("ada", charge)  # E: missing-argument
enqueue_for("ada", send, "hello", "bob")  # E: too-many-positional

enqueue_loose(send, "ada")  # OK

resize_image("cat.png", width=640)  # OK
resize_image("cat.png")  # E: missing-argument

service.defer(send, "ada").defer(charge, "ada", cents=500)  # OK
service.defer(charge, "ada", 500)  # E: too-many-positional

add(send, "ada")  # OK
add(send)  # E: missing-argument

BackgroundTasks.add_task(tasks, send, "ada")  # OK
BackgroundTasks.add_task(tasks, send)  # E: missing-argument

tasks.add_task(tasks.add_task, send, "ada")  # OK  !ty astral-sh/ty#2859
