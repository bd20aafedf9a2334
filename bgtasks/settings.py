"""Reading a table of the user's pyproject.toml, and the values that several commands take."""

import difflib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast

from bgtasks.documents import from_toml
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, resolve

# Longer than any checker runs, and no more than a timer takes.
LONGEST = 1_000_000
SHOWN = 200

OURS = ("tool", "bgtasks")

Readers: TypeAlias = Mapping[str, Callable[[object, Path], object]]


def load_values(folder: Path, keys: Sequence[str], readers: Readers, others: Iterable[str]) -> dict[str, Any]:
    """
    Return what the table at `keys` says in the nearest pyproject.toml at or above `folder`.

    Each value is read by the reader of its key; `others` are the keys of our table, or of the one
    around, that somebody else reads. Raises `BgtasksError`, with the file and the key, for a key that
    nobody reads, and for a value that cannot be read or that says what it may not.
    """
    here = resolve(folder)
    for parent in (here, *here.parents):
        if os.path.isfile(parent / "pyproject.toml"):  # noqa: PTH113 - False where one may not look
            return read_values(Path(os.path.relpath(parent)) / "pyproject.toml", keys, readers, others)
    return {}


def read_values(file: Path, keys: Sequence[str], readers: Readers, others: Iterable[str]) -> dict[str, Any]:
    try:
        found = from_toml(read_whole(file))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BgtasksError(f"{file}: cannot be read: {why}") from None
    values: dict[str, Any] = {}
    place = keys
    try:
        for index, name in enumerate(keys):
            if tuple(keys[:index]) == OURS:
                for key in found:
                    place = (*OURS, key)
                    require_known(key, [*others, name])
                place = keys
            found = table(found.get(name, {}))
        apart = frozenset(others if keys == OURS else ())
        for key, value in found.items():
            place = (*keys, key)
            if key not in apart:
                require_known(key, [*readers, *apart])
                values[key.replace("-", "_")] = readers[key](value, file.parent)
    except BgtasksError as error:
        raise BgtasksError(f"{file}: {'.'.join(place)}: {error}") from None
    return values


def require_known(key: str, known: Collection[str]) -> None:
    if key not in known:
        [near] = difflib.get_close_matches(key, known, n=1, cutoff=0)
        raise BgtasksError(f"no such key; did you mean {near!r}?")


def read_checkers(names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """Read the names of checkers; "all" stands for every one that is `known`."""
    for name in names:
        if name not in (*known, "all"):
            raise BgtasksError(f"{name!r} is no checker; {name_known(name, [*known, 'all'])}")
    if not names:
        raise BgtasksError(f"names no checker; {name_known('', [*known, 'all'])}")
    return tuple(known) if "all" in names else tuple(dict.fromkeys(names))


def name_known(word: str, known: Iterable[str]) -> str:
    """Tell which words are known, and which of them was meant, if that can be guessed."""
    words = list(known)
    near = difflib.get_close_matches(word.lower(), words, 1)
    return f"known are {', '.join(words)}" + (f"; did you mean {near[0]}?" if near else "")


def read_outputs(outputs: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Read reports to write, each `format=path`."""
    pairs = [output.partition("=") for output in outputs]
    for name, _, path in pairs:
        if not name or not path:
            raise BgtasksError(f"{name or path!r} is not of the form format=path, such as json=report.json")
    return tuple((name, Path(path)) for name, _, path in pairs)


def text(value: object) -> str:
    if not isinstance(value, str):
        raise BgtasksError(f"{shorten(value)} is not a string")
    if "\0" in value:
        raise BgtasksError(f"{shorten(value)} has a NUL in it")
    return value


def shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [text(value)]
    if not isinstance(value, list):
        raise BgtasksError(f"{shorten(value)} is not a list of strings")
    return [text(item) for item in cast("list[object]", value)]


def table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BgtasksError(f"{shorten(value)} is not a table")
    return cast("dict[str, object]", value)


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise BgtasksError(f"{shorten(value)} is neither true nor false")
    return value


def seconds(value: object) -> float:
    # Not the other way round: nan is neither above nor below.
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= LONGEST:
        raise BgtasksError(f"{shorten(value)} is not a number of seconds above 0, and at most {LONGEST}")
    return value
