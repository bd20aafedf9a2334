"""Generic functions and classes: type variables are solved by the arguments."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()

T = TypeVar("T")
S = TypeVar("S", str, bytes)


class Event:
    name = "event"


class Signup(Event): ...


E = TypeVar("E", bound=Event)


def repeat(value: T, times: int) -> list[T]:
    return [value] * times


def replace(old: T, new: T, *, among: list[T]) -> None: ...


def join(head: S, tail: S) -> S:
    return head + tail


def publish(event: E, to: Sequence[E] = ()) -> E:
    return event


async def apply(action: Callable[[T], object], value: T) -> None: ...


@dataclass
class Box(Generic[T]):
    value: T
    label: str = ""

    def put(self, value: T) -> None: ...

    def extend(self, values: Iterable[T], *, limit: int = 10) -> None: ...


def double(n: int) -> int:
    return 2 * n


box = Box(1)
words: list[str] = ["a", "b"]

tasks.add_task(repeat, "a", 3)  # OK
tasks.add_task(repeat, 1, times=3)  # OK
tasks.add_task(repeat, times=3)  # E: missing-argument  !mypy keywords of a generic go unchecked
tasks.add_task(repeat, "a", 3, sep=",")  # E: unknown-keyword
tasks.add_task(repeat, "a", 3, value="b")  # E: multiple-values  !mypy keywords of a generic go unchecked

tasks.add_task(replace, "a", "b", among=words)  # OK
tasks.add_task(
    replace, 1.5, 2.5, among=[1, 2]
)  # OK  !mypy,mypy+plugin,zuban takes [1, 2] for a list[int] first
tasks.add_task(replace, 1, 2, among=words)  # E: argument-type

tasks.add_task(join, "a", "b")  # OK
tasks.add_task(join, b"a", tail=b"b")  # OK
tasks.add_task(join, "a", b"b")  # E: argument-type

tasks.add_task(publish, Signup(), [Event()])  # OK
tasks.add_task(publish, event="signup")  # E: argument-type

tasks.add_task(apply, double, 1)  # OK
tasks.add_task(apply, double, "1")  # E: argument-type

tasks.add_task(box.put, 2)  # OK
tasks.add_task(box.put, "2")  # E: argument-type
tasks.add_task(box.extend, [1, 2], limit=1)  # OK
tasks.add_task(box.extend, [1, 2], 1)  # E: too-many-positional

tasks.add_task(Box, 1, label="one")  # OK
tasks.add_task(Box[str], "a")  # OK
tasks.add_task(Box)  # E: missing-argument
tasks.add_task(Box[str], 1)  # E: argument-type
tasks.add_task(Box, 1, name="one")  # E: unknown-keyword
