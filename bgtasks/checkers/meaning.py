"""Which kinds a checker may mean: most rules say it, some only in their message."""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from bgtasks.model import CALL_KINDS, Blamed, Diagnostic, Kind

# What reading an answer raises that is not of the form it should be.
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)

# A diagnostic of these may blame a callable as a whole.
BLAMING = frozenset({Kind.ARGUMENT_TYPE, Kind.NO_OVERLOAD})


# re has a cache of its own, but to look into that costs more than most searches.
@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# One path for all that is said of a file: to make and to hash a path costs more than all the rest.
@lru_cache(4096)
def path_of(name: str) -> Path:
    return Path(name)


def meaning(
    rule: str,
    message: str,
    by_rule: Mapping[str, AbstractSet[Kind]],
    by_message: Sequence[tuple[str, AbstractSet[Kind]]],
) -> frozenset[Kind]:
    """Return the kinds that `rule` stands for, and those of every pattern found in `message`."""
    kinds = frozenset(by_rule.get(rule, frozenset()))
    for pattern, named in by_message:
        if compiled(pattern).search(message):
            kinds |= named
    return kinds


def blame(patterns: Sequence[str], message: str) -> Blamed | None:
    """
    Return what the first of `patterns` that is found in `message` blames.

    A dotted name is that of a method, and of a constructor that of its class.
    """
    for pattern in patterns:
        if found := compiled(pattern).search(message):
            names = found["function"].split(".")
            name = names[-2] if len(names) > 1 and names[-1] == "__init__" else names[-1]
            return Blamed(name, found.groupdict().get("parameter") or "")
    return None


def by_name(blamed: Blamed) -> bool:
    """Tell whether a task is blamed, by Starlette's names, where no signature is known."""
    return blamed.parameter in {"1", "func"} or blamed == Blamed("add_task")


def widen(diagnostic: Diagnostic, is_task: Callable[[Blamed], bool]) -> Diagnostic:
    """Return a diagnostic that blames the task as one that may mean any kind of call."""
    if diagnostic.blamed is None or not is_task(diagnostic.blamed):
        return diagnostic
    return diagnostic._replace(kinds=diagnostic.kinds | CALL_KINDS)


def say(
    place: tuple[object, object, object],
    rule: object,
    message: object,
    by_rule: Mapping[str, AbstractSet[Kind]],
    by_message: Sequence[tuple[str, AbstractSet[Kind]]],
    *,
    more: str = "",
    blames: Sequence[str] = (),
    revealed: str | None = None,
    last: object = 0,
) -> Diagnostic:
    """
    Return what a checker says at a `place`: the file, the line and the column, both counted from 1.

    Of `blames`, patterns with the groups function and parameter, the first says what it blames as a whole.
    `revealed` is the type that it was asked for, None where it says what is wrong. `last` is the line that
    the place ends on, 0 where that is not known.

    Raises `TypeError` where something is not of its type; checkers have been seen to answer null.
    """
    path, line, column = place
    if (
        isinstance(path, str)
        and isinstance(line, int)
        and isinstance(column, int)
        and isinstance(rule, str)
        and isinstance(message, str)
        and isinstance(last, int)
    ):
        kinds = meaning(rule, message, by_rule, by_message)
        blamed = blame(blames, message) if kinds & BLAMING else None
        return Diagnostic(path_of(path), line, rule, message + more, kinds, column, revealed, blamed, last)
    raise TypeError(f"{str((*place, rule, message))[:200]} is no diagnostic")
