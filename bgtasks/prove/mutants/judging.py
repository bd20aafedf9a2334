"""What becomes of a mutant, out of what a checker said of it and of its cases."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bgtasks.claims.model import Case, Verdict
from bgtasks.model import Diagnostic
from bgtasks.prove.mutants.model import Fate, Judgement, Mutant
from bgtasks.prove.mutants.siblings import Sibling
from bgtasks.verify.model import Result

NAMES = re.compile(r"bgtasks_sibling_\d+(_cases)?[._]?")


def judge_sibling(mutant: Mutant, sibling: Sibling, original: Sibling, result: Result) -> Judgement:
    """
    Return what one run makes of a mutant that is a sibling of the original in it.

    It is killed by the first claim that turns red in a case that does not turn red beside the original,
    and rejected where the checker says of the mutant itself what it does not say of the original.
    """
    for copy, why in result.run.aside:
        if copy in sibling.cases:
            return Judgement(mutant, Fate.UNDECIDED, said=clean(why))
    unfit = {verdict.path for verdict in red(result, original.cases)}
    for verdict in red(result, sibling.cases):
        if verdict.path not in unfit:
            return Judgement(mutant, Fate.KILLED, verdict)
    known = {said(diagnostic) for diagnostic in spoken(result, original.own.path)}
    new = [text for one in spoken(result, sibling.own.path) if (text := said(one)) not in known]
    return Judgement(mutant, Fate.REJECTED if new else Fate.SURVIVED, said=new[0] if new else "")


def judge_in_place(mutant: Mutant, cases: Mapping[Path, Case], result: Result) -> Judgement:
    """Return what a run makes of a mutant that stands in the place of the original."""
    if result.run.failure or result.run.aside:
        why = result.run.failure or result.run.aside[0][1]
        return Judgement(mutant, Fate.UNDECIDED, said=why)
    verdict = next(red(result, cases), None)
    return Judgement(mutant, Fate.KILLED if verdict else Fate.SURVIVED, verdict)


def red(result: Result, cases: Mapping[Path, Case]) -> Iterator[Verdict]:
    """Yield the verdicts on `cases` that turn a run red, as verdicts on the files that they are copies of."""
    for verdict in result.verdicts:
        if verdict.path in cases and not verdict.outcome.ok:
            diagnostics = tuple(
                diagnostic._replace(message=clean(diagnostic.message)) for diagnostic in verdict.diagnostics
            )
            yield verdict._replace(path=cases[verdict.path].path, diagnostics=diagnostics)


def spoken(result: Result, path: Path) -> Iterator[Diagnostic]:
    yield from (diagnostic for diagnostic in result.run.diagnostics if diagnostic.path == path)


def said(diagnostic: Diagnostic) -> str:
    return clean(str(diagnostic))


def clean(message: str) -> str:
    """Return a message without the names that only siblings have."""
    return NAMES.sub("", message)
