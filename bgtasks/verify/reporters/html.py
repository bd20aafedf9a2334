"""The report as one HTML page that needs nothing else: claims down, runs across."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bgtasks.claims.model import PLAIN, Case, Gap, Outcome, Span, Verdict
from bgtasks.report.html import fill
from bgtasks.report.words import label
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.gains import gains, winners
from bgtasks.verify.reporters.words import (
    ALL,
    UNCLAIMED,
    address,
    cell,
    matrix,
    messages,
    statement,
    summary,
    unseen,
)

LOOKS = {Outcome.MET: "met", Outcome.GAP: "gap", Outcome.ELSEWHERE: "none"}
CLAIM = re.compile(r"#\s*(E\b|OK\b|revealed:)")


@dataclass(frozen=True, slots=True)
class Row:
    """
    A statement, the comment that claims, and what each run made of it, None where it was silent.

    `closed_by` are the runs that meet the claim with a plugin, and not without.
    """

    line: int
    kind: str
    code: str
    comment: str
    rest: str
    gaps: tuple[Gap, ...]
    closed_by: str
    verdicts: tuple[Verdict | None, ...]

    @property
    def clean(self) -> bool:
        return all(verdict and verdict.outcome is Outcome.MET for verdict in self.verdicts)

    @property
    def spoken_of(self) -> bool:
        return any(verdict and verdict.diagnostics for verdict in self.verdicts)


def render(report: Report) -> str:
    bought = gains(report.results)
    return fill(
        "bgtasks.verify.reporters",
        "report.html.jinja",
        report=report,
        address=address,
        css=css,
        label=label,
        messages=messages,
        names=names(report.results),
        looks={outcome: LOOKS.get(outcome, "bad") for outcome in Outcome},
        summary=summary(report),
        unseen=list(unseen(report)),
        failed=[result.run for result in report.results if result.run.failure is not None],
        bearer=bearer,
        bought=bought,
        matrix=[
            (name, [list(cell(name, outcomes)) for outcomes in counts])
            for name, counts in matrix(report.results)
        ],
        cases=[(case.path.as_posix(), rows) for case, rows in tables(report, winners(bought))],
        kinds=[name for name, counts in matrix(report.results) if name != ALL and any(counts)],
        outcomes=[outcome for outcome in Outcome if outcome in outcomes_of(report.results)],
    )


def names(results: Sequence[Result]) -> list[str]:
    """Return what to call each run: its checker, and its Python version where that tells runs apart."""
    checkers = [result.run.checker for result in results]
    if len(set(checkers)) == len(checkers):
        return checkers
    return [f"{result.run.checker} on {result.run.python_version}" for result in results]


def bearer(gap: Gap) -> str:
    """Return whose gap it is."""
    return "every checker without a plugin" if gap.checker == PLAIN else f"{gap.checker}{gap.versions}"


def css(text: str) -> str:
    """Return `text` with all escaped that could end a string of CSS, or the style sheet."""
    return re.sub(r"[^\w .-]", lambda match: f"\\{ord(match[0]):x} ", text)


def outcomes_of(results: Sequence[Result]) -> set[Outcome]:
    return {verdict.outcome for result in results for verdict in result.verdicts}


def tables(report: Report, closers: Mapping[tuple[Path, int], str]) -> Iterator[tuple[Case, list[Row]]]:
    """Yield each case with its rows from the top down."""
    spoken = [by_place(result) for result in report.results]
    for case in report.cases:
        found = [verdicts.get(case.path, {}) for verdicts in spoken]
        yield case, list(rows(case, found, closers))


def rows(
    case: Case, found: Sequence[Mapping[int, Verdict]], closers: Mapping[tuple[Path, int], str]
) -> Iterator[Row]:
    source = case.source.split("\n")
    claims = {claim.line: claim for claim in case.claims}
    for line in sorted({*claims, *chain.from_iterable(found)}):
        verdicts = tuple(verdicts.get(line) for verdicts in found)
        claim = claims.get(line)
        if claim is None:
            code = statement(source, case.span_at(line) or Span(line, line))
            yield Row(line, UNCLAIMED, code, "  nothing claimed", "", (), "", verdicts)
        else:
            code, comment, rest = parts(statement(source, claim.span), claim.line - claim.span.first)
            closer = closers.get((case.path, line), "")
            yield Row(line, claim.group, code, comment, rest, claim.gaps, closer, verdicts)


def by_place(result: Result) -> Mapping[Path, Mapping[int, Verdict]]:
    places: dict[Path, dict[int, Verdict]] = {}
    for verdict in result.verdicts:
        places.setdefault(verdict.path, {})[verdict.line] = verdict
    return places


def parts(code: str, line: int) -> tuple[str, str, str]:
    """Part a statement into what stands before the claim on its line, the claim, and the lines below."""
    lines = code.split("\n")
    found = CLAIM.search(lines[line]) if line < len(lines) else None
    if found is None:
        return code, "", ""
    above = "\n".join([*lines[:line], lines[line][: found.start()]])
    return above, lines[line][found.start() :], "\n".join(["", *lines[line + 1 :]])
