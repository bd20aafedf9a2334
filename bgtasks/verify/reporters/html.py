"""The report as one HTML page that needs nothing else: failures, a comparison, gaps, and folded the rest."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.claims.model import PLAIN, Gap, Outcome
from bgtasks.report.html import fill
from bgtasks.report.words import fold, label, plural
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.gains import differences, winners
from bgtasks.verify.reporters.legend import meanings
from bgtasks.verify.reporters.rows import Row, Standing, tables
from bgtasks.verify.reporters.words import (
    ALL,
    UNCLAIMED,
    Mood,
    address,
    matrix,
    notes,
    summary,
    unchecked,
)

LOOKS = {Outcome.MET: "met", Outcome.GAP: "gap", Outcome.ELSEWHERE: "none"}
TITLES = {
    Standing.FAILURE: ("Failures", "Claims that some checker that gates does not meet, and what each said."),
    Standing.ASIDE: ("Missed by runs that do not gate", "They turn nothing red."),
    Standing.GAP: ("Gaps", "Claims that some checker is known not to meet, and why."),
    Standing.MET: ("Met", "Claims that are met wherever they were looked at."),
}


@dataclass(frozen=True, slots=True)
class Group:
    """
    The rows of one standing, file by file; each row shows what was said where the group is `shown`.

    `folded` groups are opened by the reader.
    """

    standing: Standing
    tables: list[tuple[str, list[Row]]]

    @property
    def key(self) -> str:
        return self.standing.value

    @property
    def title(self) -> str:
        return TITLES[self.standing][0]

    @property
    def caption(self) -> str:
        return TITLES[self.standing][1]

    @property
    def count(self) -> str:
        return plural(sum(len(rows) for _, rows in self.tables), "statement")

    @property
    def shown(self) -> bool:
        return self.standing is Standing.FAILURE

    @property
    def folded(self) -> bool:
        return self.standing is Standing.MET


@dataclass(frozen=True, slots=True)
class Part:
    """One number of the comparison: with a sign where there is little room, and in words."""

    short: str
    long: str
    mood: Mood = ""


def render(report: Report) -> str:
    bought = differences(report.results)
    counted = list(matrix(report.results))
    groups = group(report)
    outcomes = {verdict.outcome for result in report.results for verdict in result.verdicts}
    pythons = {result.run.python_version for result in report.results}
    return fill(
        "verify/reporters/report.html.jinja",
        report=report,
        address=address,
        all=ALL,
        bearer=bearer,
        bought=bought,
        css=css,
        failures=groups.pop(Standing.FAILURE, None),
        folded=fold,
        kinds=[name for name, counts in counted if name != ALL and any(counts)],
        label=label,
        legend=list(meanings(report)),
        looks={outcome: LOOKS.get(outcome, "bad") for outcome in Outcome},
        matrix=[(name, *compare(name, counts, report.results)) for name, counts in counted],
        names=names(report.results),
        notes=list(notes(report)),
        others=list(groups.values()),
        outcomes=[outcome for outcome in Outcome if outcome in outcomes],
        python=pythons.pop() if len(pythons) == 1 else "",
        summary=summary(report),
        unchecked=list(unchecked(report)),
        width=len(report.results) + len(bought),
    )


def group(report: Report) -> dict[Standing, Group]:
    """Return the rows by how they stand, the worst first."""
    groups = {standing: Group(standing, []) for standing in Standing}
    for case, rows in tables(report, winners(differences(report.results))):
        name = f"{case.path.as_posix()} {case.section}".rstrip()
        for standing, found in groups.items():
            if here := [row for row in rows if row.standing is standing]:
                found.tables.append((name, here))
    return {standing: found for standing, found in groups.items() if found.tables}


def compare(
    name: str, counts: Sequence[Counter[Outcome]], results: Sequence[Result]
) -> tuple[str, list[list[Part]]]:
    """Return how many claims of a kind there are, and what each run makes of them."""
    judged = [found for found, result in zip(counts, results, strict=True) if result.run.failure is None]
    total = max((sum(found.values()) for found in judged), default=0)
    cells = [
        [Part("-", "not checked")] if result.run.failure is not None else list(parts(name, found))
        for found, result in zip(counts, results, strict=True)
    ]
    return "" if name == UNCLAIMED else str(total), cells


def parts(name: str, outcomes: Counter[Outcome]) -> Iterator[Part]:
    """Yield what one run makes of the claims of a kind."""
    total = sum(outcomes.values())
    if name == UNCLAIMED:
        yield Part(f"-{total}", f"{total} rejected", "wrong") if total else Part("0", "silent")
        return
    met = outcomes[Outcome.MET]
    if met == total:
        yield Part("all", "all") if total else Part("", "none")
        return
    yield Part("", f"{met} met")
    if found := outcomes[Outcome.GAP]:
        yield Part(f"{found}g", plural(found, "gap"), "gap")
    if found := outcomes[Outcome.ELSEWHERE]:
        yield Part(f"{found}e", f"{found} elsewhere")
    if found := outcomes[Outcome.NOT_LOOKED_AT]:
        yield Part(f"{found}?", f"{found} not looked at", "wrong")
    if found := sum(count for one, count in outcomes.items() if not one.ok) - found:
        yield Part(f"-{found}", f"{found} not met", "wrong")


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
