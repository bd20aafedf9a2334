"""The nouns of type tests: cases with their claims, and what comes of each."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bgtasks.model import Diagnostic, Kind


class Span(NamedTuple):
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
class Reason:
    """Why a checker must reject a statement; of kind, rule and words, all that are given must be right."""

    kind: Kind | None = None
    rule: str = ""
    words: str = ""

    def __str__(self) -> str:
        rule = f"[{self.rule}]" if self.rule else ""
        words = quote(self.words) if self.words else ""
        return f"{self.kind.value if self.kind else ''}{rule}{words}"


@dataclass(frozen=True, slots=True)
class Accept:
    """`# OK`: silence."""

    def __str__(self) -> str:
        return "OK"


@dataclass(frozen=True, slots=True)
class Reject:
    """
    `# E`: a rejection for one of `reasons`, or whatever the reason where there are none.

    `own` are the reasons of the checkers that are named, in the place of those. With a `tag` it must
    come on one of the lines of that tag, on `several` of them or one. What is `optional` may come, but
    must from those that are named.
    """

    reasons: tuple[Reason, ...] = ()
    own: tuple[tuple[str, tuple[Reason, ...]], ...] = ()
    optional: bool = False
    tag: str = ""
    several: bool = False

    def of(self, checker: str) -> tuple[Reason, ...]:
        """Return the reasons of a checker."""
        return dict(self.own).get(checker, self.reasons)

    def may(self, checker: str) -> bool:
        """Tell whether a rejection by a checker may come, and need not."""
        return self.optional and checker not in dict(self.own)

    def __str__(self) -> str:
        parts = [" | ".join(map(str, self.reasons))] if self.reasons else []
        for checker, reasons in self.own:
            rules = ", ".join(reason.rule for reason in reasons if reason == Reason(rule=reason.rule))
            parts += [f"{checker}[{rules}]"] * bool(rules)
            parts += [f"{checker}{reason}" for reason in reasons if reason != Reason(rule=reason.rule)]
        if self.optional:
            return f"E?: {' '.join(parts)}" if parts else "E?"
        head = f"E[{self.tag}{'+' * self.several}]" if self.tag else "E"
        if len(parts) == 1 and not self.tag and not self.own:
            return parts[0]
        return f"{head}: {' '.join(parts)}" if parts else head


@dataclass(frozen=True, slots=True)
class Asserted:
    """`assert_type(expression, type)`, of which a statement may have several: each type is as it says."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return TYPE


@dataclass(frozen=True, slots=True)
class Revealed:
    """`# revealed: type` behind reveal_type: how checkers spell it, and in `own` those that are named."""

    spelled: str = ""
    own: tuple[tuple[str, str], ...] = ()

    def of(self, checker: str) -> str | None:
        """Return how a checker must spell the type, None where nothing is said of that."""
        return dict(self.own).get(checker, self.spelled) or None

    def __str__(self) -> str:
        own = (f"{checker}{quote(spelled)}" for checker, spelled in self.own)
        return f"{REVEALED}: {' '.join(filter(None, [self.spelled, *own]))}"


Expected: TypeAlias = Accept | Reject | Asserted | Revealed

TYPE = "type"
REVEALED = "revealed"
REJECTED = "rejected"
OPTIONAL = "may be rejected"


def quote(words: str) -> str:
    """Return `words` as they stand in a claim."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What one statement must get from every checker.

    `span` are the lines that it binds. `needs` are groups of probes: a checker that rejects one of
    each has looked at the statement. `impossible` are kinds that no call of the statement can have.
    """

    line: int
    span: Span
    expected: Expected
    gaps: tuple[Gap, ...] = ()
    needs: tuple[frozenset[int], ...] = field(default=(), compare=False)
    impossible: frozenset[Kind] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        return str(self.expected)

    @property
    def kind(self) -> Kind | None:
        """The one kind for which every checker must reject the statement, if that is what is claimed."""
        match self.expected:
            case Reject(reasons=(Reason(kind=kind),), optional=False):
                return kind
            case _:
                return None

    @property
    def group(self) -> str:
        """The word under which a report counts the claim: OK, a kind, or what else it claims."""
        match self.expected:
            case Accept():
                return "OK"
            case Asserted():
                return TYPE
            case Revealed():
                return REVEALED
            case Reject(optional=True):
                return OPTIONAL
            case Reject():
                return self.kind.value if self.kind else REJECTED


def reject(*kinds: Kind) -> Reject:
    """Return what `# E: kind` claims, `# E: kind | kind` for several and `# E` for none."""
    return Reject(tuple(map(Reason, kinds)))


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """
    A claim with a question mark, which is still to be answered.

    `text` is all of it but for its gaps, as "E: ?"; it stands where `column` counts characters from 0.
    `needs` are as in `Claim`, and `obstacle` says why it cannot become OK, "" where it can.
    """

    line: int
    column: int
    text: str
    span: Span
    gaps: tuple[Gap, ...]
    needs: tuple[frozenset[int], ...] = field(default=(), compare=False)
    impossible: frozenset[Kind] = field(default=frozenset(), compare=False)
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """
    A file of type tests.

    `path` is the file as the user named it, `module` where it goes in the sandbox, `source` its
    text, `spans` its statements from the top down, `probes` what its copy holds besides. Several
    claims in a statement part it into its lines. `notes` say what was read and claims nothing; `open` are
    the claims that are still to be written. `imports` are the modules that it cannot do without;
    `silenced` is the source without ignore comments, where there are any. `section` is what part of a
    document the case is.
    """

    path: Path
    module: Path
    source: str
    spans: tuple[Span, ...]
    claims: tuple[Claim, ...]
    probes: tuple[Probe, ...] = ()
    notes: tuple[str, ...] = ()
    open: tuple[OpenClaim, ...] = ()
    imports: tuple[str, ...] = ()
    silenced: str = ""
    section: str = ""

    @property
    def key(self) -> Path:
        """What tells the case from others: its path, and the section of a document that it is."""
        return self.path / self.section if self.section else self.path

    @property
    def checked(self) -> str:
        """The text that checkers get: the source, without what they would obey."""
        return self.silenced or self.source

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

    # By identity, as in Kind.
    if not TYPE_CHECKING:
        __hash__ = object.__hash__

    @property
    def ok(self) -> bool:
        """Whether a run with this outcome may still be green."""
        return self is Outcome.MET or self is Outcome.GAP or self is Outcome.ELSEWHERE


class Verdict(NamedTuple):
    """What one checker made of one claim; `claim` is None where a checker spoke uncalled."""

    path: Path
    line: int
    claim: Claim | None
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
