"""The claim at a place that the user names."""

import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bgtasks.claims.cases import CaseError
from bgtasks.claims.model import Case, Claim, OpenClaim
from bgtasks.errors import BgtasksError
from bgtasks.verify.find import Suite
from bgtasks.verify.model import Report

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
