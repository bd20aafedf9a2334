"""The words and the counts that the formats share."""

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from bgtasks.claims.match import excuses
from bgtasks.claims.model import OPTIONAL, REJECTED, REVEALED, TYPE, Asserted, Outcome, Span, Verdict
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.report.words import label, plural
from bgtasks.verify.model import Report, Result

ALL = "all"
UNCLAIMED = "without a claim"

Mood: TypeAlias = Literal["", "gap", "wrong"]

# What to do about a claim that is looked at in no run.
CURE = "ask for where it is reached with --python-version or --platform, or move it to where it is"

LINK = re.compile(r"https?://[^\s<>()\[\]\\\"'`|]+")
ISSUE = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)")


def place(verdict: Verdict) -> str:
    return f"{verdict.path.as_posix()}:{verdict.line}"


def statement(lines: Sequence[str], span: Span) -> str:
    """Return those of `lines` that a statement stands on, without the indentation that they share."""
    return textwrap.dedent("\n".join(lines[span.first - 1 : span.last]))


def claimed(verdict: Verdict) -> str:
    if verdict.claim is None:
        return "claimed nothing, so silence"
    names = ", ".join(f"!{gap.checker}" for gap in verdict.claim.gaps)
    gap = f" with a gap ({names})" if verdict.outcome is Outcome.CLOSED_GAP else ""
    match verdict.claim.expected:
        case Asserted(pairs):
            return f"claimed {' and '.join(f'{value} is {expected}' for value, expected in pairs)}{gap}"
        case _:
            return f"claimed {verdict.claim}{gap}"


def said(verdict: Verdict) -> str:
    words = "; ".join(str(diagnostic) for diagnostic in verdict.diagnostics)
    if verdict.outcome is Outcome.CLOSED_GAP:
        return f"meets it now, so take the mark away (it said: {words or 'nothing'})"
    return f"said: {words}" if words else "said nothing"


def messages(found: Iterable[Diagnostic]) -> str:
    """Return what a checker said, with the line breaks that it made."""
    return "\n".join(
        f"{diagnostic.message} [{diagnostic.rule}]" if diagnostic.rule else diagnostic.message
        for diagnostic in found
    )


def reasons(verdict: Verdict, run: Run) -> tuple[str, ...]:
    """Return why `run` need not meet the claim."""
    return tuple(gap.reason for gap in excuses(verdict.claim.gaps, run)) if verdict.claim else ()


def address(reason: str) -> str | None:
    """Return where a reason leads, if it is a link or an issue such as python/mypy#17461."""
    if LINK.fullmatch(reason):
        return reason
    issue = ISSUE.fullmatch(reason)
    return f"https://github.com/{issue[1]}/issues/{issue[2]}" if issue else None


def tally(result: Result) -> Mapping[str, Counter[Outcome]]:
    counts: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
    groups = ((one.claim.group if one.claim else UNCLAIMED, one.outcome) for one in result.verdicts)
    for (name, outcome), count in Counter(groups).items():
        counts[name][outcome] += count
        if name != UNCLAIMED:
            counts[ALL][outcome] += count
    return counts


def matrix(results: Sequence[Result]) -> Iterator[tuple[str, list[Counter[Outcome]]]]:
    """Yield a row for each kind that is claimed, for all claims, and for what is not claimed."""
    counts = [tally(result) for result in results]
    for name in ("OK", *(kind.value for kind in Kind), REJECTED, OPTIONAL, TYPE, REVEALED, ALL, UNCLAIMED):
        if name in {ALL, UNCLAIMED} or any(name in count for count in counts):
            yield name, [count.get(name, Counter()) for count in counts]


def cell(name: str, outcomes: Counter[Outcome]) -> Iterator[tuple[str, Mood]]:
    """Yield the parts of what stands in the matrix."""
    total = sum(outcomes.values())
    if name == UNCLAIMED:
        yield (f"{total} rejected", "wrong") if total else ("silent", "")
        return
    yield f"{outcomes[Outcome.MET]}/{total}", ""
    if outcomes[Outcome.GAP]:
        yield plural(outcomes[Outcome.GAP], "gap"), "gap"
    if outcomes[Outcome.ELSEWHERE]:
        yield f"{outcomes[Outcome.ELSEWHERE]} elsewhere", ""
    if blind := outcomes[Outcome.NOT_LOOKED_AT]:
        yield f"{blind} not looked at", "wrong"
    if bad := sum(count for outcome, count in outcomes.items() if not outcome.ok) - blind:
        yield f"{bad} wrong", "wrong"


def unseen(report: Report) -> Iterator[str]:
    """Yield a line for each claim that some checker has looked at in no run, and for each file set aside."""
    blind: defaultdict[tuple[Path, int], dict[str, Verdict]] = defaultdict(dict)
    for result in report.results:
        yield from (f"{label(result.run)}: {why}" for _, why in result.run.aside)
        for verdict in result.unseen:
            blind[verdict.path, verdict.line][result.run.checker] = verdict
    for _, found in sorted(blind.items()):
        verdict = next(iter(found.values()))
        yield f"{place(verdict)}: {claimed(verdict)}, not looked at by {', '.join(found)}; {CURE}"


def unchecked(report: Report) -> Iterator[str]:
    """Yield a line for all that was not checked."""
    yield from report.errors
    for result in report.results:
        if result.run.failure is not None:
            yield f"{label(result.run)}: {result.run.failure}"
    yield from unseen(report)


def notes(report: Report) -> Iterator[str]:
    """Yield a line for each claim that is read and not judged, and for each run with options of its own."""
    yield from dict.fromkeys(
        f"{result.run.checker}: {result.run.options}" for result in report.results if result.run.options
    )
    for case in report.cases:
        yield from case.notes


def summary(report: Report) -> str:  # noqa: PLR0911 - a return for each state of a report
    """Return the one line that sums up: what was checked, and what came of it."""
    claims = sum(len(case.claims) for case in report.cases)
    sections = sum(bool(case.section) for case in report.cases)
    parts = f" ({plural(sections, 'section')} with Python)" if sections else ""
    files = plural(len({case.path for case in report.cases}), "file")
    checked = f"{plural(claims, 'claim')} in {files}{parts}"
    failed = [label(result.run) for result in report.results if result.run.failure is not None]
    if failed:
        return f"Not checked by {' and '.join(failed)}: {checked}."
    if blind := sum(len(result.unseen) for result in report.results):
        return f"Not all looked at: {plural(blind, 'verdict')} missing on {checked}."
    if left := {path for result in report.results for path, _ in result.run.aside}:
        return f"Not all checked: {plural(len(left), 'file')} set aside, of {checked}."
    if report.errors:
        return f"Not all checked: {plural(len(report.errors), 'file')} could not be read."
    if not report.results:
        return f"Not checked by any checker: {checked}."
    asides = sum(not result.gates for result in report.results)
    aside = f"; {plural(asides, 'more run')} {'does' if asides == 1 else 'do'} not gate" if asides else ""
    if bad := sum(len(result.bad) for result in report.results if result.gates):
        return f"Red: {plural(bad, 'verdict')} on {checked}{aside}."
    runs = " and ".join(label(result.run) for result in report.results if result.gates)
    return f"Green: {checked}, under {runs or 'no checker that gates'}{aside}."
