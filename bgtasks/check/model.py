"""The nouns of a check: modules go in; call sites, findings and coverage come out."""

import ast
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; lines and columns are counted from 1, the end column is the one behind it."""

    path: Path
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Module:
    """
    A Python file of the app, parsed and never imported.

    `name` is its dotted name as the app imports it.
    """

    path: Path
    name: str
    source: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class CallSite:
    """
    A call that makes a background task: `tasks.add_task(...)` or `BackgroundTask(...)`.

    `task` is where the function that becomes the task stands, None where it is not written out, as
    in `add_task(*pair)`. `sure` tells whether the source alone shows that the call is Starlette's or
    FastAPI's; where it does not, the type of the receiver decides.
    """

    place: Place
    task: Place | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """What is reported under one code, such as "BGT201"; `summary` is one line of it for listings."""

    code: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one place; `by` names the checkers that say so, none for a rule of ours."""

    rule: Rule
    place: Place
    message: str
    by: tuple[str, ...] = ()


class Grade(Enum):
    """How much of a call a type checker really checks."""

    TYPED = "fully typed"
    PARTLY = "some parameters Any"
    ERASED = "parameters erased"
    ANY = "task is Any"


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    How well one call site is checked, and why not better: `reason` is "" where it is fully typed.

    `grade` is the best of the `grades` that it has under each checker.
    """

    site: CallSite
    grade: Grade
    reason: str
    grades: tuple[tuple[str, Grade], ...] = ()
