"""[tool.bgtasks] in the user's pyproject.toml."""

import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from bgtasks.checkers import CHECKERS, GATING
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


# Tables that are read by themselves.
APART = {"tool.bgtasks.check"}


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What a project says of its type tests; a path is relative to where its pyproject.toml lies.

    `target` is the class under test, which the cases import. `outputs` are files to write, by
    format. `timeout` is in seconds, for each run.
    """

    cases: tuple[Path, ...] = ()
    target: Target = DEFAULT_TARGET
    stubs: Path | None = None
    python: Path = Path(sys.executable)
    checkers: tuple[str, ...] = GATING
    gating: frozenset[str] = frozenset(GATING)
    python_versions: tuple[str, ...] = ()
    timeout: float = 300
    outputs: tuple[tuple[str, Path], ...] = ()


def load_settings(folder: Path) -> Settings:
    """
    Return the settings of the nearest pyproject.toml at or above `folder`, or the defaults.

    Raises `BgtasksError`, with the file and the key, for one that cannot be read or that says
    what it may not.
    """
    return replace(Settings(), **load_values(folder, ("tool", "bgtasks"), READERS))


def load_values(
    folder: Path, keys: Sequence[str], readers: Mapping[str, Callable[[object, Path], object]]
) -> dict[str, Any]:
    """
    Return what the table at `keys` says in the nearest pyproject.toml at or above `folder`.

    Each value is read by the reader of its key. Raises `BgtasksError` as `load_settings` does.
    """
    here = folder.resolve()
    for parent in (here, *here.parents):
        if (parent / "pyproject.toml").is_file():
            return read_values(Path(os.path.relpath(parent)) / "pyproject.toml", keys, readers)
    return {}


def read_values(
    file: Path, keys: Sequence[str], readers: Mapping[str, Callable[[object, Path], object]]
) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            found: dict[str, object] = tomllib.load(stream)
    except (OSError, ValueError) as error:
        raise BgtasksError(f"{file}: cannot be read: {error}") from None
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


def read_target(text: str) -> Target:
    """Read `module:name`."""
    match = re.fullmatch(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*)", text)
    if match is None:
        raise BgtasksError(f"{text!r} is not of the form module:Class, such as {DEFAULT_TARGET}")
    return Target(match[1], match[2])


def read_checkers(names: Sequence[str], known: Sequence[str] = tuple(CHECKERS)) -> tuple[str, ...]:
    """Read the names of checkers; "all" stands for every one that is `known`."""
    for name in names:
        if name not in (*known, "all"):
            raise BgtasksError(f"{name!r} is no checker; known are {', '.join(known)}, and all")
    if not names:
        raise BgtasksError(f"names no checker; known are {', '.join(known)}, and all")
    return tuple(known) if "all" in names else tuple(dict.fromkeys(names))


def read_versions(versions: Sequence[str]) -> tuple[str, ...]:
    """Read Python versions such as "3.12"."""
    for version in versions:
        if not re.fullmatch(r"3\.\d+", version):
            raise BgtasksError(f"{version!r} is not a Python version such as '3.12'")
    return tuple(dict.fromkeys(versions))


def read_outputs(outputs: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Read reports to write, each `format=path`."""
    pairs = [output.partition("=") for output in outputs]
    for name, _, path in pairs:
        if not name or not path:
            raise BgtasksError(f"{name or path!r} is not of the form format=path, such as json=report.json")
    return tuple((name, Path(path)) for name, _, path in pairs)


def text(value: object) -> str:
    if not isinstance(value, str):
        raise BgtasksError(f"{value!r} is not a string")
    return value


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise BgtasksError(f"{value!r} is not a list of strings")
    return [text(item) for item in cast("list[object]", value)]


def table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BgtasksError(f"{value!r} is not a table")
    return cast("dict[str, object]", value)


def seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
        raise BgtasksError(f"{value!r} is not a number of seconds above 0")
    return value


READERS: Mapping[str, Callable[[object, Path], object]] = {
    "cases": lambda value, folder: tuple(folder / path for path in texts(value)),
    "target": lambda value, _: read_target(text(value)),
    "stubs": lambda value, folder: folder / text(value),
    "python": lambda value, folder: folder / text(value),
    "checkers": lambda value, _: read_checkers(texts(value)),
    "gating": lambda value, _: frozenset(read_checkers(texts(value))),
    "python-versions": lambda value, _: read_versions(texts(value)),
    "timeout": lambda value, _: seconds(value),
    "outputs": lambda value, folder: tuple(
        (name, folder / text(path)) for name, path in table(value).items()
    ),
}
