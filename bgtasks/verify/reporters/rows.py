"""The statements of a report with what each run made of them, parted by how they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from pathlib import Path

from bgtasks.claims.model import Case, Gap, Outcome, Span, Verdict
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.words import UNCLAIMED, messages, statement

CLAIM = re.compile(r"#\s*(E\b|OK\b|revealed:)")


class Standing(Enum):
    """How a statement stands, the worst first."""

    FAILURE = "failures"
    ASIDE = "missed"
    GAP = "gaps"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Saying:
    """What some runs, by their index, all said and came to."""

    outcome: Outcome
    messages: str
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """
    A statement, the comment that claims, and what each run made of it, None where it was silent.

    `closed_by` are the runs that meet the claim with a plugin, and not without. `gates` tells which
    runs can turn the report red.
    """

    line: int
    kind: str
    code: str
    comment: str
    rest: str
    gaps: tuple[Gap, ...]
    closed_by: str
    verdicts: tuple[Verdict | None, ...]
    gates: tuple[bool, ...]

    @property
    def standing(self) -> Standing:
        outcomes = [verdict.outcome if verdict else Outcome.MET for verdict in self.verdicts]
        bad = [not outcome.ok for outcome in outcomes]
        # A claim that is looked at in no run fails the report whether or not the run gates.
        if Outcome.NOT_LOOKED_AT in outcomes or any(map(all, zip(bad, self.gates, strict=True))):
            return Standing.FAILURE
        if any(bad):
            return Standing.ASIDE
        return Standing.GAP if Outcome.GAP in outcomes else Standing.MET

    @property
    def share(self) -> str:
        """How many of the runs that judged the claim meet it."""
        outcomes = [verdict.outcome for verdict in self.verdicts if verdict]
        if self.kind == UNCLAIMED:
            return f"rejected by {len(outcomes)} of {len(self.verdicts)}"
        met = outcomes.count(Outcome.MET)
        return "all met" if met == len(outcomes) else f"met by {met} of {len(outcomes)}"

    @property
    def sayings(self) -> Sequence[Saying]:
        """What was said, the worst first, once where several runs say it; nothing where all were silent."""
        runs: dict[tuple[Outcome, str], list[int]] = {}
        for run, verdict in enumerate(self.verdicts):
            if verdict:
                runs.setdefault((verdict.outcome, messages(verdict.diagnostics)), []).append(run)
        if not any(said for _, said in runs):
            return ()
        found = [Saying(outcome, said, tuple(where)) for (outcome, said), where in runs.items()]
        return sorted(found, key=lambda one: (one.outcome.ok, one.outcome is not Outcome.GAP, one.runs))


def tables(report: Report, closers: Mapping[tuple[Path, int], str]) -> Iterator[tuple[Case, list[Row]]]:
    """Yield each case with its rows from the top down."""
    spoken = [by_place(result) for result in report.results]
    gates = tuple(result.gates for result in report.results)
    for case in report.cases:
        found = [verdicts.get(case.path, {}) for verdicts in spoken]
        if case.section:
            found = [{line: one for line, one in each.items() if case.span_at(line)} for each in found]
        yield case, list(rows(case, found, closers, gates))


def rows(
    case: Case,
    found: Sequence[Mapping[int, Verdict]],
    closers: Mapping[tuple[Path, int], str],
    gates: tuple[bool, ...],
) -> Iterator[Row]:
    source = case.source.split("\n")
    claims = {claim.line: claim for claim in case.claims}
    for line in sorted({*claims, *chain.from_iterable(found)}):
        verdicts = tuple(verdicts.get(line) for verdicts in found)
        claim = claims.get(line)
        if claim is None:
            code = statement(source, case.span_at(line) or Span(line, line))
            yield Row(line, UNCLAIMED, code, "  nothing claimed", "", (), "", verdicts, gates)
        else:
            code, comment, rest = parts(statement(source, claim.span), claim.line - claim.span.first)
            closer = closers.get((case.path, line), "")
            yield Row(line, claim.group, code, comment, rest, claim.gaps, closer, verdicts, gates)


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
