"""The nouns of a check: modules go in; call sites, findings and coverage come out."""

import ast
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bgtasks.model import Kind


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


AS_A_WHOLE = frozenset({Kind.NOT_CALLABLE, Kind.PITFALL})
"""What a checker means that rejects the task, or the call, and not an argument."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What is reported under one code, such as "BGT201"; `summary` is one line of it for listings.

    `also` are the kinds of what a checker says where it means the same; then it is said once. `on`
    tells whether it is reported where nobody asks for it.
    """

    code: str
    name: str
    summary: str
    also: frozenset[Kind] = frozenset()
    on: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is wrong at one place; `by` names the checkers that say so, none for a rule of ours.

    `was` is the code under which it was reported before its kinds had codes of their own, "" where
    that is its code still. `call` is the whole call, where the place is only a part of one.
    """

    rule: Rule
    place: Place
    message: str
    by: tuple[str, ...] = ()
    was: str = ""
    call: Place | None = None

    @property
    def codes(self) -> frozenset[str]:
        """The codes that comments and baselines may know it by."""
        return frozenset({self.rule.code, self.was} - {""})


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

    `place` is where the call stands, and `task` where the function that becomes the task does, None
    where that is not written out. `grade` is the best of the `grades` that it has under each checker.
    """

    place: Place
    task: Place | None
    grade: Grade
    reason: str
    grades: tuple[tuple[str, Grade], ...] = ()


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A call of an `add_task` at `place` of which nobody can tell whether it is Starlette's, and why."""

    place: Place
    reason: str
