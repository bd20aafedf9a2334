"""Diagnostics against claims, statement by statement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from packaging.specifiers import SpecifierSet

from bgtasks.claims.echoes import is_echo
from bgtasks.claims.model import PLAIN, Case, Claim, Gap, Outcome, Verdict
from bgtasks.model import Diagnostic, Run


def match(case: Case, run: Run, diagnostics: Iterable[Diagnostic]) -> Iterator[Verdict]:
    """
    Judge what `run` said of `case`.

    Yields a verdict for each claim, and one for each statement that drew diagnostics without
    having a claim. A diagnostic belongs to the statement that its line is in, whatever its column.
    """
    spoken: defaultdict[int, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        span = case.span_at(diagnostic.line)
        spoken[span.first if span else diagnostic.line].append(diagnostic)
    rejected = None if run.reached is None else run.reached.get(case.path, frozenset[int]())
    for claim in case.claims:
        found = tuple(spoken.pop(claim.span.first, ()))
        if not found and not is_reached(claim, rejected) and not excuses(claim.gaps, run):
            yield Verdict(case.path, claim.line, claim, Outcome.ELSEWHERE)
        else:
            yield Verdict(case.path, claim.line, claim, judge_claim(claim, run, found), found)
    for line, uncalled in spoken.items():
        yield Verdict(case.path, line, None, Outcome.UNEXPECTED, tuple(uncalled))


def is_reached(claim: Claim, rejected: AbstractSet[int] | None) -> bool:
    """Tell whether a run that `rejected` these probes is shown to have looked at the claim's statement."""
    return rejected is None or not any(group.isdisjoint(rejected) for group in claim.needs)


def judge_claim(claim: Claim, run: Run, found: tuple[Diagnostic, ...]) -> Outcome:
    outcome = compare(claim, found, run)
    if not excuses(claim.gaps, run):
        return outcome
    return Outcome.CLOSED_GAP if outcome is Outcome.MET else Outcome.GAP


def excuses(gaps: Sequence[Gap], run: Run) -> tuple[Gap, ...]:
    """Return those of `gaps` that are of the checker of `run`, at its version."""
    if not gaps:
        return ()
    names = {run.checker} if "+" in run.checker else {run.checker, PLAIN}
    return tuple(
        gap
        for gap in gaps
        if gap.checker in names and SpecifierSet(gap.versions).contains(run.version, prereleases=True)
    )


def compare(claim: Claim, found: tuple[Diagnostic, ...], run: Run) -> Outcome:
    if claim.kind is None:
        return Outcome.UNEXPECTED if found else Outcome.MET
    others = [diagnostic for diagnostic in found if claim.kind not in diagnostic.kinds]
    if len(others) < len(found) and all(is_echo(other, claim.kind, run) for other in others):
        return Outcome.MET
    return Outcome.WRONG_KIND if found else Outcome.MISSED
