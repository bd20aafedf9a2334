"""Reading a table of the user's pyproject.toml, and the values that several commands take."""

import difflib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from bgtasks.documents import from_toml
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole

# Longer than any checker runs, and no more than a timer takes.
LONGEST = 1_000_000
SHOWN = 200

# Tables that are read by themselves.
APART = {"tool.bgtasks.check"}


def load_values(
    folder: Path, keys: Sequence[str], readers: Mapping[str, Callable[[object, Path], object]]
) -> dict[str, Any]:
    """
    Return what the table at `keys` says in the nearest pyproject.toml at or above `folder`.

    Each value is read by the reader of its key. Raises `BgtasksError`, with the file and the key, for
    one that cannot be read or that says what it may not.
    """
    here = folder.resolve()
    for parent in (here, *here.parents):
        if os.path.isfile(parent / "pyproject.toml"):  # noqa: PTH113 - False where one may not look
            return read_values(Path(os.path.relpath(parent)) / "pyproject.toml", keys, readers)
    return {}


def read_values(
    file: Path, keys: Sequence[str], readers: Mapping[str, Callable[[object, Path], object]]
) -> dict[str, Any]:
    try:
        found = from_toml(read_whole(file))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BgtasksError(f"{file}: cannot be read: {why}") from None
    values: dict[str, Any] = {}
    key = ""
    try:
        for name in keys:
            found = table(found.get(name, {}))
        for key, value in found.items():
            if f"{'.'.join(keys)}.{key}" not in APART:
                values[key.replace("-", "_")] = read_value(key, value, file.parent, readers)
    except BgtasksError as error:
        raise BgtasksError(f"{file}: {'.'.join(filter(None, [*keys, key]))}: {error}") from None
    return values


def read_value(
    key: str, value: object, folder: Path, readers: Mapping[str, Callable[[object, Path], object]]
) -> object:
    if key not in readers:
        [near] = difflib.get_close_matches(key, list(readers), n=1, cutoff=0)
        raise BgtasksError(f"no such key; did you mean {near!r}?")
    return readers[key](value, folder)


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
