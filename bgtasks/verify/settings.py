"""[tool.bgtasks] in the user's pyproject.toml."""

import keyword
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bgtasks.checkers import CHECKERS, GATING, NAMES
from bgtasks.checkers.options import Options, Table
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.settings import (
    OURS,
    flag,
    load_values,
    name_known,
    read_checkers,
    require_known,
    seconds,
    table,
    text,
    texts,
)

# Those that every checker knows.
PLATFORMS = ("linux", "darwin", "win32")
# The newest 3.x that has a plan for its release.
NEWEST = 16
PROGRAMS = tuple(dict.fromkeys(checker.program for checker in CHECKERS.values()))


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What a project says of its type tests; a path is relative to where its pyproject.toml lies.

    `target` is what is under test, which the cases import. `paths` are folders that imports start
    from, besides those of the project. `config` are configurations of the user's, by checker, in the
    place of ours, and the tables named after checkers are options on top. `outputs` are files to
    write, by format. `timeout` is in seconds, for each run. `suites` are settings with a name, for cases
    that need others, and `without` what lies among the cases and is of another suite.
    """

    cases: tuple[Path, ...] = ()
    target: Target | None = None
    paths: tuple[Path, ...] = ()
    stubs: Path | None = None
    python: Path = Path(sys.executable)
    checkers: tuple[str, ...] = GATING
    gating: frozenset[str] = frozenset(GATING)
    python_versions: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    ignores_are_claims: bool = False
    timeout: float = 300
    outputs: tuple[tuple[str, Path], ...] = ()
    config: tuple[tuple[str, Path], ...] = ()
    mypy: Table = field(default_factory=dict[str, object])
    pyright: Table = field(default_factory=dict[str, object])
    basedpyright: Table = field(default_factory=dict[str, object])
    pyrefly: Table = field(default_factory=dict[str, object])
    ty: Table = field(default_factory=dict[str, object])
    zuban: Table = field(default_factory=dict[str, object])
    name: str = ""
    without: tuple[Path, ...] = ()
    suites: tuple["Settings", ...] = ()

    @property
    def options(self) -> Mapping[str, Options]:
        """What is asked of each checker that anything is asked of."""
        files = dict(self.config)
        tables: Mapping[str, Table] = {name: getattr(self, name, {}) for name in NAMES}
        return {
            name: Options(files.get(name), table) for name, table in tables.items() if table or name in files
        }


def load_settings(folder: Path) -> Settings:
    """
    Return the settings of the nearest pyproject.toml at or above `folder`, or the defaults.

    Raises `BgtasksError`, with the file and the key, for one that cannot be read or that says
    what it may not.
    """
    values = load_values(folder, OURS, READERS, ["check"])
    named: Mapping[str, Mapping[str, Any]] = values.pop("suites", {})
    settings = replace(Settings(), **values)
    suites = tuple(replace(settings, name=name, **said) for name, said in named.items())
    return replace(settings, suites=suites)


def read_suites(suites: Mapping[str, object], folder: Path) -> Mapping[str, Mapping[str, object]]:
    """Read tables of settings, each with the name of a suite; what it does not say is as for all others."""
    for name, said in suites.items():
        if not re.fullmatch(r"[\w-]+", name):
            raise BgtasksError(f"{name!r} is no name of a suite; write letters, digits and hyphens")
        if not table(said).get("cases"):
            raise BgtasksError(f"{name} names no cases; say which files it is")
    return {name: read_suite(name, table(said), folder) for name, said in suites.items()}


def read_suite(name: str, said: Mapping[str, object], folder: Path) -> Mapping[str, object]:
    values: dict[str, object] = {}
    key = ""
    try:
        for key, value in said.items():
            require_known(key, OF_SUITE)
            values[key.replace("-", "_")] = OF_SUITE[key](value, folder)
    except BgtasksError as error:
        raise BgtasksError(f"{name}.{key}: {error}") from None
    return values


def read_any_checkers(names: Sequence[str]) -> tuple[str, ...]:
    """Read the names of checkers; "all" stands for every one that there is."""
    return read_checkers(names, NAMES)


def read_target(text: str) -> Target:
    """Read `module:name`; of a method, the name is `Class.method`."""
    match = re.fullmatch(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*(?:\.[^\W\d]\w*)*)", text)
    if match is None or any(map(keyword.iskeyword, re.split(r"[.:]", text))):
        raise BgtasksError(f"{text!r} is not of the form module:Class, such as {DEFAULT_TARGET}")
    return Target(match[1], match[2])


def read_versions(versions: Sequence[str]) -> tuple[str, ...]:
    """Read Python versions such as "3.12"; one that nobody knows yet, some checkers would take in silence."""
    newest = max(NEWEST, sys.version_info[1])
    for version in versions:
        if not re.fullmatch(r"3\.[0-9]{1,3}", version):
            raise BgtasksError(f"{version!r} is not a Python version such as '3.12'")
        if int(version.partition(".")[2]) > newest:
            raise BgtasksError(f"there is no Python {version!r} that is known; the newest is 3.{newest}")
    return tuple(dict.fromkeys(versions))


def read_platforms(names: Sequence[str]) -> tuple[str, ...]:
    """Read platforms, each as `sys.platform` names it."""
    for name in names:
        if name not in PLATFORMS:
            raise BgtasksError(f"{name!r} is no platform; {name_known(name, PLATFORMS)}")
    return tuple(dict.fromkeys(names))


def read_paths(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Read folders that imports start from."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - no error for what can be no path
            raise BgtasksError(f"{path} is no folder")
    return tuple(paths)


def split_config(texts: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Read configurations of checkers, each written `checker=file`."""
    pairs = [text.partition("=") for text in texts]
    for name, _, file in pairs:
        if not name or not file:
            raise BgtasksError(f"{name or file!r} is not of the form checker=file, such as mypy=mypy.ini")
    return read_config([(name, Path(file)) for name, _, file in pairs])


def read_config(pairs: Sequence[tuple[str, Path]]) -> tuple[tuple[str, Path], ...]:
    """Read configurations of checkers, each the name of a checker and a file."""
    for name, file in pairs:
        if name not in NAMES:
            raise BgtasksError(f"{name!r} is no checker; {name_known(name, NAMES)}")
        if not os.path.isfile(file):  # noqa: PTH113 - no error for what can be no path
            raise BgtasksError(f"{file}: no such file; name the configuration of {name}")
    return tuple(pairs)


OF_SUITE: Mapping[str, Callable[[object, Path], object]] = {
    "cases": lambda value, folder: tuple(folder / path for path in texts(value)),
    "target": lambda value, _: read_target(text(value)),
    "paths": lambda value, folder: read_paths([folder / path for path in texts(value)]),
    "stubs": lambda value, folder: folder / text(value),
    "python": lambda value, folder: folder / text(value),
    "checkers": lambda value, _: read_any_checkers(texts(value)),
    "gating": lambda value, _: frozenset(read_any_checkers(texts(value))),
    "python-versions": lambda value, _: read_versions(texts(value)),
    "platforms": lambda value, _: read_platforms(texts(value)),
    "ignores-are-claims": lambda value, _: flag(value),
    "timeout": lambda value, _: seconds(value),
    "config": lambda value, folder: read_config(
        [(name, folder / text(path)) for name, path in table(value).items()]
    ),
    **dict.fromkeys(PROGRAMS, lambda value, _: table(value)),
    "outputs": lambda value, folder: tuple(
        (name, folder / text(path)) for name, path in table(value).items()
    ),
}
READERS: Mapping[str, Callable[[object, Path], object]] = {
    **OF_SUITE,
    "suites": lambda value, folder: read_suites(table(value), folder),
}
