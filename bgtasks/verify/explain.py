"""What each checker said of one claim, which may still be open."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rich.console import RenderableType
from rich.text import Text

from bgtasks.claims.cases import CaseError
from bgtasks.claims.model import Case, Claim, OpenClaim
from bgtasks.errors import BgtasksError
from bgtasks.model import Diagnostic
from bgtasks.report.words import label
from bgtasks.verify.find import Suite
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters import words

# So many claims are named where there is none.
NEAREST = 2


class Place(NamedTuple):
    """A line of a file, as the user wrote it."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}"


def read_place(text: str) -> Place:
    """Read `file:line`. Raises `BgtasksError`."""
    found = re.fullmatch(r"(.+):([0-9]{1,9})", text)
    if found is None:
        raise BgtasksError(f"{text[:200]!r} is no place; write file:line, such as typetests/partials.py:31")
    return Place(Path(found[1]), int(found[2]))


def find_claim(suite: Suite, place: Place) -> tuple[Case, Claim | OpenClaim]:
    """
    Return the claim on the statement at `place`, and its case.

    Raises `BgtasksError` where there is none, with those that are nearest in the file.
    """
    file = os.path.realpath(place.path)
    cases = [case for case in suite.cases if os.path.realpath(case.path) == file]
    claims: list[tuple[Case, Claim | OpenClaim]] = [
        *((case, claim) for case in cases for claim in case.claims),
        *((case, claim) for case in cases for claim in case.open),
    ]
    for case, claim in claims:
        if claim.span.first <= place.line <= claim.span.last:
            return case, claim
    for error in suite.errors:
        if isinstance(error, CaseError) and os.path.realpath(error.path) == file:
            raise error
    raise BgtasksError(f"--explain {place}: no claim stands there; {describe(place, cases, claims)}")


def describe(place: Place, cases: Iterable[Case], claims: Iterable[tuple[Case, Claim | OpenClaim]]) -> str:
    """Return where claims stand, as seen from a place that has none."""
    if not cases:
        return "the file is none of the type tests that are checked"
    lines = sorted({claim.line for _, claim in claims}, key=lambda line: abs(line - place.line))[:NEAREST]
    if not lines:
        return "the file has none"
    return f"the nearest in the file {'is on line' if len(lines) == 1 else 'are on lines'} " + " and ".join(
        map(str, sorted(lines))
    )


def reduce(report: Report, case: Case, claim: Claim | OpenClaim) -> Report:
    """Return a report on one claim alone, whatever comes of others and of files that cannot be read."""
    alone = replace(
        case,
        claims=(claim,) if isinstance(claim, Claim) else (),
        open=(claim,) if isinstance(claim, OpenClaim) else (),
        notes=(),
    )
    results = tuple(
        replace(
            result,
            run=replace(result.run, aside=tuple(one for one in result.run.aside if one[0] == case.key)),
            verdicts=tuple(one for one in result.verdicts if (one.path, one.claim) == (case.path, claim)),
        )
        for result in report.results
    )
    return replace(report, cases=(alone,), results=results, errors=())


def explain(report: Report) -> Iterator[RenderableType]:
    """Yield the statement of a report on one claim and, run by run, all that was said of it."""
    [case] = report.cases
    for claim in case.claims:
        yield head(case, claim, str(claim))
        for result in report.results:
            said = ((one.outcome.value, one.diagnostics) for one in result.verdicts)
            yield from tell(result, *next(said, ("", ())))
    for open_claim in case.open:
        yield from explain_open(report, case, open_claim)


def explain_open(report: Report, case: Case, claim: OpenClaim) -> Iterator[RenderableType]:
    """Yield what was said of the statement of an open claim, and what would be written there."""
    from bgtasks.verify.answers import hear, in_order  # noqa: PLC0415 - verify starts sooner without
    from bgtasks.verify.update import propose  # noqa: PLC0415 - as above

    yield head(case, claim, claim.text)
    heard = hear(case, claim, report.results)
    for result, (_, found) in zip(report.results, heard.said, strict=True):
        kinds = in_order({kind for one in found for kind in one.kinds})
        why = f", for {' or '.join(kind.value for kind in kinds)}" if kinds else ""
        rejects = any(one.revealed is None for one in found)
        yield from tell(result, f"rejects it{why}" if rejects else "accepts it", found)
    changes, left = propose(report.cases, report.results)
    for change in changes:
        source = words.statement(change.after.split("\n"), claim.span)
        yield Text(f"\nbgtasks verify --update writes:\n{source}", "bold")
    yield from (Text(f"\n{line}", "bold") for line in left)


def head(case: Case, claim: Claim | OpenClaim, said: str) -> Text:
    source = words.statement(case.source.split("\n"), claim.span)
    return Text(f"{case.path}:{claim.line} claims {said}\n{source}", "bold")


def tell(result: Result, made: str, found: Iterable[Diagnostic]) -> Iterator[Text]:
    """Yield what a run made of a statement, and what it said there, or why nothing is known of that."""
    run = result.run
    if why := run.failure or next((why for _, why in run.aside), ""):
        yield Text(f"\n{label(run)}: {why}", "red")
        return
    yield Text(f"\n{label(run)}: {made}", "bold")
    yield Text(words.messages(found) or "said nothing")
