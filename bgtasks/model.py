"""The nouns of the pipeline: cases and claims go in, runs and verdicts come out."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


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
class Span:
    """The lines that one statement stands on, both ends included, counted from 1."""

    first: int
    last: int


PLAIN = "plain"
"""In a gap, every checker without a plugin: those whose profile has no plus in its name."""


@dataclass(frozen=True, slots=True)
class Gap:
    """
    A checker that is known not to meet a claim, or PLAIN for many.

    `versions` is a PEP 440 specifier, "" for all.
    """

    checker: str
    versions: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one statement must get from every checker: a rejection of this kind, or silence (None)."""

    line: int
    span: Span
    kind: Kind | None
    gaps: tuple[Gap, ...] = ()

    def __str__(self) -> str:
        return "OK" if self.kind is None else self.kind.value


@dataclass(frozen=True, slots=True)
class Case:
    """
    A file of type tests.

    `path` is the file as the user named it, `module` where it goes in the sandbox, `source` its
    text, `spans` its statements from the top down.
    """

    path: Path
    module: Path
    source: str
    spans: tuple[Span, ...]
    claims: tuple[Claim, ...]

    def span_at(self, line: int) -> Span | None:
        """Return the statement that stands on `line`, if any."""
        return find_span(self.spans, line)


def find_span(spans: Sequence[Span], line: int) -> Span | None:
    """Return the one of `spans`, which are in order and do not overlap, that holds `line`."""
    index = bisect_right(spans, line, key=lambda span: span.first)
    return spans[index - 1] if index and line <= spans[index - 1].last else None


@dataclass(frozen=True, slots=True)
class Target:
    """The class (or function) under test, written `module:name`."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


DEFAULT_TARGET = Target("bgtasks", "BackgroundTasks")


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is to be checked, and where it resolves.

    `python` is the interpreter in whose environment imports resolve, and `stubs` a folder of
    `*-stubs` packages that are laid over it. Where the cases import `imported`, they import
    `target` instead. `cache` is a folder for what outlives a run, None for nothing.
    """

    cases: Sequence[Case]
    target: Target
    python: Path
    imported: Target = DEFAULT_TARGET
    stubs: Path | None = None
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning of a checker; `kinds` are the kinds that its rule and message may mean."""

    path: Path
    line: int
    rule: str
    message: str
    kinds: frozenset[Kind] = frozenset()

    def __str__(self) -> str:
        text = " ".join(self.message.split())
        return f"{text} [{self.rule}]" if self.rule else text


@dataclass(frozen=True, slots=True)
class Sandbox:
    """
    Where checkers run.

    `folder` holds everything and `project` the copies of the cases, which `files` maps to what
    they were made from. `cwd` holds nothing at all, so that no interpreter that a checker starts
    there can import a case. `python` is the interpreter in whose environment imports resolve.
    `cache` is where a checker may keep what serves its next run.
    """

    folder: Path
    project: Path
    cwd: Path
    cache: Path
    python: Path
    python_version: str
    environment: Mapping[str, str]
    files: Mapping[Path, Case]


@dataclass(frozen=True, slots=True)
class Checker:
    """
    How to ask one checker, in one configuration.

    `name` is that of the profile, such as "mypy+plugin"; what stands before the plus is its program.
    `configs` are the files that it wants in the sandbox, by name. `arguments` makes its command
    line out of a sandbox and a Python version such as "3.12". `read` turns what it printed into
    diagnostics, or raises `RunError`. `extra` is the extra of ours that installs it.
    """

    name: str
    extra: str
    configs: Mapping[str, str]
    arguments: Callable[[Sandbox, str], Sequence[str]]
    read: Callable[[str], Sequence[Diagnostic]]

    @property
    def program(self) -> str:
        """The executable, and the distribution that brings it."""
        return self.name.partition("+")[0]


@dataclass(frozen=True, slots=True)
class Run:
    """
    One checker over all cases.

    `failure` says, in one line, why nothing can be concluded from the run: then `diagnostics`
    is empty and the run is neither a pass nor a fail. `seconds` is wall-clock time.
    """

    checker: str
    version: str
    python_version: str
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: str | None = None


class Outcome(Enum):
    """What came of a claim, or of a statement without one."""

    MET = "met"
    GAP = "gap"
    MISSED = "missed"
    WRONG_KIND = "wrong kind"
    UNEXPECTED = "unexpected"
    CLOSED_GAP = "closed gap"

    @property
    def ok(self) -> bool:
        """Whether a run with this outcome may still be green."""
        return self in {Outcome.MET, Outcome.GAP}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one checker made of one claim; `claim` is None where a checker spoke uncalled."""

    path: Path
    line: int
    claim: Claim | None
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """
    A run and what it is worth; without a verdict where the run failed.

    A run that does not gate is shown as any other, but what it misses turns nothing red.
    """

    run: Run
    verdicts: tuple[Verdict, ...] = ()
    gates: bool = True

    @property
    def bad(self) -> tuple[Verdict, ...]:
        """The verdicts that turn the run red."""
        return tuple(verdict for verdict in self.verdicts if not verdict.outcome.ok)


@dataclass(frozen=True, slots=True)
class Report:
    """All runs over all cases; `errors` are the lines about cases that could not be read."""

    target: Target
    cases: tuple[Case, ...]
    results: tuple[Result, ...]
    errors: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when every gating run meets every claim, 1 when one does not, 2 when one could not be made."""
        if self.errors or not self.results or any(result.run.failure for result in self.results):
            return 2
        return 1 if any(result.gates and result.bad for result in self.results) else 0
