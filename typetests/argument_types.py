"""Arguments are checked against the parameter's type, and literals take their type from it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Literal, NewType

from typing_extensions import TypedDict

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


class Color(Enum):
    RED = 1
    BLUE = 2


class Address(TypedDict):
    street: str
    number: int


class Animal: ...


class Cat(Animal): ...


UserId = NewType("UserId", int)


def paint(color: Color, mode: Literal["flat", "glossy"] = "flat") -> None: ...


def block(user: UserId, reason: str | None = None) -> None: ...


def pay(amount: float, on: date) -> None: ...


def feed(animals: list[Animal]) -> None: ...


def look_at(animals: Sequence[Animal]) -> None: ...


def ship(address: Address, notes: dict[str, list[str]]) -> None: ...


def tally(counts: Mapping[str, float | None], limits: tuple[int, int] = (0, 1)) -> None: ...


def convert(value: int | str, how: Callable[[str], int] = int) -> None: ...


def adopt(kind: type[Animal], names: Iterable[str]) -> None: ...


anything: Any = json.loads("1")
cats: list[Cat] = [Cat()]
count: int | None = len(cats) or None
mode = "flat".lower()

tasks.add_task(paint, Color.RED)  # OK
tasks.add_task(paint, Color.RED, mode="flat")  # OK
tasks.add_task(paint, Color.RED, "matt")  # E: argument-type
tasks.add_task(paint, Color.RED, mode)  # E: argument-type

tasks.add_task(block, UserId(1), None)  # OK
tasks.add_task(block, 1)  # E: argument-type
tasks.add_task(block, UserId(1), reason=2)  # E: argument-type

tasks.add_task(pay, 5, date(2024, 1, 1))  # OK
tasks.add_task(pay, count, date(2024, 1, 1))  # E: argument-type
tasks.add_task(pay, anything, anything)  # OK

tasks.add_task(feed, [Animal(), Cat()])  # OK
tasks.add_task(feed, [Cat()])  # OK
tasks.add_task(feed, animals=[])  # OK
tasks.add_task(feed, cats)  # E: argument-type
tasks.add_task(look_at, cats)  # OK
tasks.add_task(look_at, cats[0])  # E: argument-type

tasks.add_task(ship, {"street": "Main", "number": 1}, {})  # OK
tasks.add_task(ship, {"street": "Main"}, {})  # E: argument-type
tasks.add_task(ship, Address(street="Main", number=1), {"door": ["red"]})  # OK

tasks.add_task(tally, {"a": 1, "b": None})  # OK
tasks.add_task(tally, {}, (1, 2))  # OK
tasks.add_task(tally, {}, (1, 2, 3))  # E: argument-type

tasks.add_task(convert, 1, how=lambda text: len(text.strip()))  # OK
tasks.add_task(convert, 1.5)  # E: argument-type
tasks.add_task(convert, "1", str.upper)  # E: argument-type

tasks.add_task(adopt, Cat, ("Tom", "Kit"))  # OK
tasks.add_task(adopt, Cat(), [])  # E: argument-type
