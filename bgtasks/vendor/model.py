"""The nouns of vendoring."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """A package that there are stubs for; `folder` is where its source is installed, None for nowhere."""

    name: str
    version: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """
    Where the stubs go.

    `root` is the project's folder, which nothing is written outside of, and `folder` the one for the
    stubs, relative to it. `python` is the interpreter in whose environment the project runs.
    """

    root: Path
    folder: Path
    python: Path

    @property
    def vendored(self) -> Path:
        """The folder of the stubs."""
        return self.root / self.folder


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file held when it was written: `tree` stays when a stub is formatted or its comments change."""

    sha256: str
    tree: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was vendored: files by their path below the folder, versions by the package's name."""

    tool: str
    upstream: Mapping[str, str]
    checkers: tuple[str, ...]
    files: Mapping[str, Digest]


class State(Enum):
    """How a file stands to what would be vendored now."""

    OK = "ok"
    REFORMATTED = "reformatted"
    MISSING = "missing"
    OUTDATED = "outdated"
    OBSOLETE = "obsolete"
    EDITED = "edited"
    FOREIGN = "foreign"

    @property
    def in_step(self) -> bool:
        """Whether nothing needs to be done."""
        return self in {State.OK, State.REFORMATTED}

    @property
    def in_the_way(self) -> bool:
        """Whether somebody's own work would be lost by doing it."""
        return self in {State.EDITED, State.FOREIGN}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file below the folder, as it is and as it should be; None is no file."""

    path: str
    state: State
    found: bytes | None
    wanted: bytes | None


@dataclass(frozen=True, slots=True)
class Advice:
    """
    What a checker needs in a configuration file, relative to the root, and does not find there.

    `value` belongs under `key` of `table`; a table that only has to be there has no key. `problem`
    says why it cannot simply be added: another value stands there, or another file comes before.
    """

    checker: str
    file: str
    table: tuple[str, ...]
    key: str = ""
    value: str | list[str] | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What a checker, under the project's own configuration, was seen to make of the stubs.

    `stubs` is the version of the stubs that it reads, None for none of ours. `problems` are lines
    that say what is wrong, none when all is as it must be.
    """

    checker: str
    version: str
    stubs: str | None
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the stubs are in effect and nothing else is lost."""
        return not self.problems
