"""Diagnostics against claims, statement by statement."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from bgtasks.claims.echoes import is_echo
from bgtasks.claims.model import (
    PLAIN,
    Accept,
    Asserted,
    Case,
    Claim,
    Gap,
    Outcome,
    Reason,
    Reject,
    Revealed,
    Verdict,
)
from bgtasks.model import Diagnostic, Kind, Run

Said = tuple[Diagnostic, ...]

# As in list[module.Name] and in a Literal with a string.
TOKEN = re.compile(r"""\"[^\"]*\"|'[^']*'|[^\W\d][\w.]*|\S""")
QUOTES = {"'", '"'}
# What mypy makes of two classes: a.b.<subclass of "a.b.C" and "D">
SUBCLASS = re.compile(r"[\w.]*(<subclass of [^<>]*>)")


def match(case: Case, run: Run, diagnostics: Iterable[Diagnostic]) -> Iterator[Verdict]:
    """
    Judge what `run` said of `case`.

    Yields a verdict for each claim, and one for each statement that drew diagnostics without
    having a claim. A diagnostic belongs to the statement that its line is in, whatever its column.
    What reveal_type was asked is none without a claim.
    """
    spoken: defaultdict[int, list[Diagnostic]] = defaultdict(list)
    claimed = {claim.span.first for claim in case.claims}
    for diagnostic in diagnostics:
        line = diagnostic.line
        span = None if line in claimed else case.span_at(line)
        spoken[span.first if span else line].append(diagnostic)
    rejected = None if run.reached is None else run.reached.get(case.key, frozenset[int]())
    tagged: defaultdict[str, list[Verdict]] = defaultdict(list)
    for claim in case.claims:
        said = tuple(spoken.pop(claim.span.first, ()))
        found, outcome = judge_claim(claim, run, said, rejected)
        verdict = Verdict(case.path, claim.line, claim, outcome, found)
        if isinstance(claim.expected, Reject) and claim.expected.tag:
            tagged[claim.expected.tag].append(verdict)
        else:
            yield verdict
    for group in tagged.values():
        yield from judge_together(group)
    for line, uncalled in spoken.items():
        if found := tuple(one for one in uncalled if one.revealed is None):
            yield Verdict(case.path, line, None, Outcome.UNEXPECTED, found)


def judge_claim(
    claim: Claim, run: Run, said: Said, rejected: AbstractSet[int] | None
) -> tuple[Said, Outcome]:
    """Judge what was `said` of the lines of a claim, by a run that `rejected` these probes."""
    revealed = isinstance(claim.expected, Revealed)
    found = said if revealed or not said else tuple(one for one in said if one.revealed is None)
    if found and claim.impossible:
        found = tuple(narrow(one, claim.impossible) for one in found)
    excused = excuses(claim.gaps, run)
    if not found and not excused and needs_proof(claim, run) and not is_reached(claim, rejected):
        return found, Outcome.ELSEWHERE
    outcome = compare(claim, found, run)
    if excused:
        outcome = Outcome.CLOSED_GAP if outcome is Outcome.MET else Outcome.GAP
    return found, outcome


def narrow(diagnostic: Diagnostic, impossible: AbstractSet[Kind]) -> Diagnostic:
    """Return a diagnostic without kinds that are impossible where it stands, unless it means only such."""
    kinds = diagnostic.kinds - impossible
    return diagnostic._replace(kinds=kinds) if kinds and kinds != diagnostic.kinds else diagnostic


def judge_together(group: Sequence[Verdict]) -> Iterator[Verdict]:
    """Judge the lines of one tag: one of them has to be rejected, and no other unless several may be."""
    met = [verdict for verdict in group if verdict.outcome is Outcome.MET]
    for verdict in group:
        claim = verdict.claim
        assert claim is not None
        assert isinstance(claim.expected, Reject)
        outcome = verdict.outcome
        if met and outcome in {Outcome.MISSED, Outcome.ELSEWHERE}:
            outcome = Outcome.MET
        elif outcome is Outcome.MET and len(met) > 1 and not claim.expected.several:
            outcome = Outcome.UNEXPECTED
        yield verdict._replace(outcome=outcome)


def needs_proof(claim: Claim, run: Run) -> bool:
    """Tell whether silence says something, where the statement is looked at."""
    return not (isinstance(claim.expected, Reject) and claim.expected.may(run.checker))


def is_reached(claim: Claim, rejected: AbstractSet[int] | None) -> bool:
    """Tell whether a run that `rejected` these probes is shown to have looked at the claim's statement."""
    if rejected is not None:
        for group in claim.needs:
            if group.isdisjoint(rejected):
                return False
    return True


def excuses(gaps: Sequence[Gap], run: Run) -> tuple[Gap, ...]:
    """Return those of `gaps` that are of the checker of `run`, at its version."""
    if not gaps:
        return ()
    names = {run.checker} if "+" in run.checker else {run.checker, PLAIN}
    return tuple(gap for gap in gaps if gap.checker in names and covers(gap, run.version))


def covers(gap: Gap, version: str) -> bool:
    if not gap.versions:
        return True
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - few gaps have versions

    return SpecifierSet(gap.versions).contains(version, prereleases=True)


def compare(claim: Claim, found: Said, run: Run) -> Outcome:
    match claim.expected:
        case Accept():
            return Outcome.UNEXPECTED if found else Outcome.MET
        case Reject() as expected:
            return compare_reject(expected, found, run)
        case Asserted():
            return Outcome.MISSED if found else Outcome.MET
        case Revealed() as expected:
            return compare_revealed(expected, found, run)


def compare_reject(expected: Reject, found: Said, run: Run) -> Outcome:
    if expected.may(run.checker):
        return Outcome.MET
    if not found:
        return Outcome.MISSED
    reasons = expected.of(run.checker)
    if not reasons:
        return Outcome.MET
    # What is said of a checker by name is all that it says.
    if run.checker in dict(expected.own) and not all(
        any(fits(one, reason) for one in found) for reason in reasons
    ):
        return Outcome.WRONG_KIND
    named = [one for one in found if any(fits(one, reason) for reason in reasons)]
    others = [one for one in found if one not in named] if len(named) < len(found) else []
    kinds = {reason.kind for reason in reasons if reason.kind}
    kinds = kinds or {kind for one in named for kind in one.kinds}
    met = named and all(any(is_echo(other, kind, run) for kind in kinds) for other in others)
    return Outcome.MET if met else Outcome.WRONG_KIND


def fits(diagnostic: Diagnostic, reason: Reason) -> bool:
    return (
        (reason.kind is None or reason.kind in diagnostic.kinds)
        and (not reason.rule or reason.rule == diagnostic.rule)
        and (not reason.words or " ".join(reason.words.split()) in " ".join(diagnostic.message.split()))
    )


def compare_revealed(expected: Revealed, found: Said, run: Run) -> Outcome:
    """Compare all that was revealed: a checker that passes a statement twice says it twice."""
    spelled = expected.of(run.checker)
    revealed = [one.revealed for one in found if one.revealed is not None]
    if len(revealed) < len(found):
        return Outcome.UNEXPECTED
    if not revealed:
        return Outcome.MISSED
    met = spelled is None or all(is_spelled(one, spelled) for one in revealed)
    return Outcome.MET if met else Outcome.MISSED


def is_spelled(revealed: str, spelled: str) -> bool:
    """Tell whether a type is `spelled` as it was revealed; either may leave out a module."""
    ones, others = (TOKEN.findall(SUBCLASS.sub(unquoted, text)) for text in (revealed, spelled))
    return len(ones) == len(others) and all(
        one == other
        or one.endswith(f".{other}")
        or other.endswith(f".{one}")
        or (one[0] in QUOTES and one[1:-1] == other[1:-1])
        for one, other in zip(ones, others, strict=True)
    )


def unquoted(found: re.Match[str]) -> str:
    return found[1].replace('"', "")
