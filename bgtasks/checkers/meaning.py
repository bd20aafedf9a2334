"""Which kinds a checker may mean: most rules say it, some only in their message."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from bgtasks.model import Diagnostic, Kind

# What reading an answer raises that is not of the form it should be.
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)


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


def say(
    place: tuple[object, object, object],
    rule: object,
    message: object,
    by_rule: Mapping[str, AbstractSet[Kind]],
    by_message: Sequence[tuple[str, AbstractSet[Kind]]],
    *,
    more: str = "",
) -> Diagnostic:
    """
    Return what a checker says at a `place`: the file, the line and the column, both counted from 1.

    Raises `TypeError` where something is not of its type; checkers have been seen to answer null.
    """
    path, line, column = place
    if (
        isinstance(path, str)
        and isinstance(line, int)
        and isinstance(column, int)
        and isinstance(rule, str)
        and isinstance(message, str)
    ):
        kinds = meaning(rule, message, by_rule, by_message)
        return Diagnostic(path_of(path), line, rule, message + more, kinds, column)
    raise TypeError(f"{str((*place, rule, message))[:200]} is no diagnostic")
