"""The nouns of type tests: cases with their claims, and what comes of each."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bgtasks.model import Diagnostic, Kind


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
class Probe:
    """Where an expression stands that is rejected if it is looked at; `column` counts bytes from 0."""

    number: int
    line: int
    column: int
    behind: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What one statement must get from every checker: a rejection of this kind, or silence (None).

    `needs` are groups of probes: a checker that rejects one of each has looked at the statement.
    """

    line: int
    span: Span
    kind: Kind | None
    gaps: tuple[Gap, ...] = ()
    needs: tuple[frozenset[int], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return "OK" if self.kind is None else self.kind.value


@dataclass(frozen=True, slots=True)
class Case:
    """
    A file of type tests.

    `path` is the file as the user named it, `module` where it goes in the sandbox, `source` its
    text, `spans` its statements from the top down, `probes` what its copy holds besides.
    """

    path: Path
    module: Path
    source: str
    spans: tuple[Span, ...]
    claims: tuple[Claim, ...]
    probes: tuple[Probe, ...] = ()

    def span_at(self, line: int) -> Span | None:
        """Return the statement that stands on `line`, if any."""
        return find_span(self.spans, line)


def find_span(spans: Sequence[Span], line: int) -> Span | None:
    """Return the one of `spans`, which are in order and do not overlap, that holds `line`."""
    index = bisect_right(spans, line, key=lambda span: span.first)
    return spans[index - 1] if index and line <= spans[index - 1].last else None


class Outcome(Enum):
    """What came of a claim, or of a statement without one."""

    MET = "met"
    GAP = "gap"
    MISSED = "missed"
    WRONG_KIND = "wrong kind"
    UNEXPECTED = "unexpected"
    CLOSED_GAP = "closed gap"
    ELSEWHERE = "elsewhere"
    NOT_LOOKED_AT = "not looked at"

    @property
    def ok(self) -> bool:
        """Whether a run with this outcome may still be green."""
        return self is Outcome.MET or self is Outcome.GAP or self is Outcome.ELSEWHERE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one checker made of one claim; `claim` is None where a checker spoke uncalled."""

    path: Path
    line: int
    claim: Claim | None
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
