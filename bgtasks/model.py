"""The nouns that readers of checkers, type tests and reports share."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple


class Kind(Enum):
    """Why a checker must reject a statement: the closed list of the claim grammar."""

    MISSING_ARGUMENT = "missing-argument"
    TOO_MANY_POSITIONAL = "too-many-positional"
    UNKNOWN_KEYWORD = "unknown-keyword"
    MULTIPLE_VALUES = "multiple-values"
    POSITIONAL_ONLY_AS_KEYWORD = "positional-only-as-keyword"
    ARGUMENT_TYPE = "argument-type"
    NO_OVERLOAD = "no-overload"
    NOT_CALLABLE = "not-callable"
    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    OVERRIDE = "override"
    ASSIGNMENT = "assignment"
    PITFALL = "pitfall"

    # By identity, as members are compared; Enum's own is written in Python and slow.
    if not TYPE_CHECKING:
        __hash__ = object.__hash__


CALL_KINDS = frozenset(
    {
        Kind.MISSING_ARGUMENT,
        Kind.TOO_MANY_POSITIONAL,
        Kind.UNKNOWN_KEYWORD,
        Kind.MULTIPLE_VALUES,
        Kind.POSITIONAL_ONLY_AS_KEYWORD,
        Kind.ARGUMENT_TYPE,
        Kind.NO_OVERLOAD,
        Kind.NOT_CALLABLE,
    }
)
"""The kinds that a checker may mean when it rejects `func` as a whole instead of one argument."""


@dataclass(frozen=True, slots=True)
class Target:
    """The class, function or method (`Class.method`) under test, written `module:name`."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"

    @property
    def imported(self) -> str:
        """The name that is imported for it."""
        return self.name.partition(".")[0]


DEFAULT_TARGET = Target("bgtasks", "BackgroundTasks")


@dataclass(frozen=True, slots=True)
class Blamed:
    """
    What does not fit as a whole: an argument of a function, or with no `parameter` all of them.

    `parameter` is a name, or a number that counts from 1, without self.
    """

    function: str
    parameter: str = ""


class Diagnostic(NamedTuple):
    """
    One error or warning of a checker; `kinds` are the kinds that its rule and message may mean.

    Lines and columns are counted from 1; column 0 is one that is not known. `revealed` is the type
    that reveal_type was asked for, which is no error. `blamed` is the callable, or the overloads, that
    are all that it blames: a checker may mean any kind of call by that, if it is the task. `last` is the
    line that it ends on, 0 where that is not known.

    There are so many of them that a frozen dataclass, four times as slow to make, would be felt.
    """

    path: Path
    line: int
    rule: str
    message: str
    kinds: frozenset[Kind] = frozenset()
    column: int = 0
    revealed: str | None = None
    blamed: Blamed | None = None
    last: int = 0

    def __str__(self) -> str:
        text = " ".join(self.message.split())
        return f"{text} [{self.rule}]" if self.rule else text


@dataclass(frozen=True, slots=True)
class Sandbox:
    """
    Where checkers run.

    `folder` holds everything and `project` the copies of what is checked. `cwd` holds nothing at
    all, so that no interpreter that a checker starts there can import a copy. `python` is the
    interpreter in whose environment imports resolve. `cache` is where a checker may keep what
    serves its next run. `platform` is what `sys.platform` is taken for, "" for the checker's own choice.
    """

    folder: Path
    project: Path
    cwd: Path
    cache: Path
    python: Path
    python_version: str
    environment: Mapping[str, str]
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Checker:
    """
    How to ask one checker, in one configuration.

    `name` is that of the profile, such as "mypy+plugin"; what stands before the plus is its program.
    `configs` are the files that it wants in the sandbox, by name. `arguments` makes its command
    line out of a sandbox and a Python version such as "3.12". `read` turns what it printed into
    diagnostics, or raises `RunError`. `extra` is the extra of ours that installs it. `on_path` rewrites
    a configuration so that imports start from further folders, too.
    """

    name: str
    extra: str
    configs: Mapping[str, str]
    arguments: Callable[[Sandbox, str], Sequence[str]]
    read: Callable[[str], Sequence[Diagnostic]]
    on_path: Callable[[str, Sequence[Path]], str] = lambda config, _: config

    @property
    def program(self) -> str:
        """The executable, and the distribution that brings it."""
        return self.name.partition("+")[0]


@dataclass(frozen=True, slots=True)
class Run:
    """
    One checker over all cases.

    `failure` says, in one line, why nothing can be concluded from the run: then `diagnostics`
    is empty and the run is neither a pass nor a fail. `seconds` is wall-clock time. `platform` is the
    one that was asked for, if one was. `reached` are the probes that were rejected, by file, None where
    there were none to reject. `aside` are the files that the checker could not read, and why.
    `options` says with what options of the user's it ran.
    """

    checker: str
    version: str
    python_version: str
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: str | None = None
    platform: str = ""
    reached: Mapping[Path, AbstractSet[int]] | None = None
    aside: tuple[tuple[Path, str], ...] = ()
    options: str = ""
