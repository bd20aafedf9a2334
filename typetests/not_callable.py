"""Values that cannot be called, that may be None, or that are one of several callables."""

import json
from collections.abc import Callable

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def send(to: str) -> None: ...


def post(to: str, body: str = "") -> int:
    return 1


def pay(cents: int) -> None: ...


async def notify(to: str) -> None: ...


class Mail: ...


class Letter:
    def __init__(self, to: str) -> None: ...


class Postcard:
    def __init__(self, to: str) -> None: ...


class Parcel:
    def __init__(self, to: str, weight: int) -> None: ...


def choose(flag: bool, on_done: Callable[[str], object] | None) -> None:
    either = send if flag else notify
    tasks.add_task(either, "ada")  # OK
    tasks.add_task(either, 1)  # E: argument-type
    wider = send if flag else post
    tasks.add_task(wider, "ada")  # OK
    tasks.add_task(wider, "ada", "hello")  # E: too-many-positional
    unlike = send if flag else pay
    tasks.add_task(unlike, "ada")  # E: argument-type
    note = Letter if flag else Postcard
    tasks.add_task(note, "ada")  # OK
    tasks.add_task(note, 1)  # E: argument-type
    package = Letter if flag else Parcel
    tasks.add_task(package, "ada")  # E: missing-argument
    tasks.add_task(on_done, "ada")  # E: not-callable
    if on_done is not None:
        tasks.add_task(on_done, "ada")  # OK
    tasks.add_task(on_done or send, "ada")  # OK
    maybe = "send" if flag else send
    tasks.add_task(maybe, "ada")  # E: not-callable
    if callable(maybe):
        tasks.add_task(maybe, "ada")  # OK


routes: dict[str, Callable[[str], object]] = {"send": send, "post": post}

tasks.add_task(send, "ada")  # OK
tasks.add_task(send("ada"))  # E: not-callable
tasks.add_task(notify, "ada")  # OK
tasks.add_task(notify("ada"))  # E: not-callable
tasks.add_task(1)  # E: not-callable
tasks.add_task("send", "ada")  # E: not-callable
tasks.add_task(None)  # E: not-callable
tasks.add_task(Mail())  # E: not-callable
tasks.add_task([send], "ada")  # E: not-callable
tasks.add_task(json)  # E: not-callable
tasks.add_task()  # E: missing-argument
without_func: Callable[[], None] = tasks.add_task  # E: assignment
with_any: Callable[..., None] = tasks.add_task  # OK
tasks.add_task(routes["send"], "ada")  # OK
tasks.add_task(routes.get("sms"), "ada")  # E: not-callable
