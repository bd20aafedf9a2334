"""Classes as tasks: what counts is how the class is constructed."""

from dataclasses import InitVar, dataclass, field
from typing import NamedTuple, NewType

from typing_extensions import Self, TypedDict

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


class Report:
    def __init__(self, title: str, pages: int = 1) -> None: ...


class YearReport(Report):
    def __init__(self, year: int, /) -> None:
        super().__init__(str(year))


class Token:
    def __new__(cls, text: str, *, length: int = 8) -> Self:
        return super().__new__(cls)


class Marker: ...


class Registered(type):
    def __call__(cls, name: str) -> object:
        return type.__call__(cls)


class Plugin(metaclass=Registered): ...


@dataclass
class Invoice:
    customer: str
    cents: int
    paid: bool = field(default=False, kw_only=True)
    lines: list[str] = field(default_factory=lambda: [], init=False)


@dataclass(frozen=True, kw_only=True)
class Job:
    name: str
    priority: InitVar[int] = 0


class Point(NamedTuple):
    x: int
    y: int = 0


class Options(TypedDict):
    subject: str


UserId = NewType("UserId", int)
kind: type[Report] = Report

tasks.add_task(Report, "cats", pages=2)  # OK
tasks.add_task(Report)  # E: missing-argument
tasks.add_task(Report, "cats", page=2)  # E: unknown-keyword
tasks.add_task(Report, "cats", title="dogs")  # E: multiple-values
tasks.add_task(Report, "cats", pages="2")  # E: argument-type

tasks.add_task(YearReport, 2024)  # OK
tasks.add_task(YearReport, year=2024)  # E: positional-only-as-keyword

tasks.add_task(Token, "abc", length=4)  # OK
tasks.add_task(Token, "abc", 4)  # E: too-many-positional

tasks.add_task(Job, name="backup", priority=1)  # OK
tasks.add_task(Job, priority=1)  # E: missing-argument

tasks.add_task(Marker)  # OK
tasks.add_task(Marker, 1)  # E: too-many-positional

tasks.add_task(Invoice, "ada", 500)  # OK
tasks.add_task(Invoice, "ada")  # E: missing-argument
tasks.add_task(Invoice, "ada", 500, lines=["tea"])  # E: unknown-keyword

tasks.add_task(Point, x=1, y=2)  # OK
tasks.add_task(Point, 1, 2, 3)  # E: too-many-positional
tasks.add_task(Point, 1, "2")  # E: argument-type

tasks.add_task(Plugin, "search")  # OK  !mypy,mypy+plugin python/mypy#14122
tasks.add_task(Plugin)  # E: missing-argument  !mypy,mypy+plugin python/mypy#14122
tasks.add_task(Plugin, 1)  # E: argument-type  !mypy,mypy+plugin python/mypy#14122

tasks.add_task(Options, subject="hello")  # OK  !pyright,basedpyright cannot solve P for a TypedDict class
tasks.add_task(Options, subject=1)  # E: argument-type  !pyrefly takes a TypedDict class for anything

tasks.add_task(UserId, 1)  # OK
tasks.add_task(
    UserId, "1"
)  # E: argument-type  !pyright,basedpyright takes a NewType for anything  !zuban takes it for int

tasks.add_task(kind, "cats")  # OK
tasks.add_task(kind)  # E: missing-argument  !mypy takes a type[C] value for a callable of anything
tasks.add_task(kind, 1)  # E: argument-type  !mypy takes a type[C] value for a callable of anything
