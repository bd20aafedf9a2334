"""How well each call site is checked, and why not better."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.layout import Scan
from bgtasks.check.ask.reasons import explain
from bgtasks.check.ask.witness import Sight
from bgtasks.check.code.resolve import Project
from bgtasks.check.model import CallSite, Coverage, Grade

GRADES = tuple(Grade)

MISSING = re.compile(r'module named "([^"]+)"|Import "([^"]+)" could not be resolved')
UNTYPED = re.compile(
    r'Library stubs not installed for "([^"]+)"|Skipping analyzing "([^"]+)"|'
    r'Stub file not found for "([^"]+)"'
)


def is_ours(site: CallSite, answers: Sequence[Answer]) -> bool | None:
    """Tell whether `site` makes a task of Starlette's or FastAPI's; None where nobody can tell."""
    known = {answer.sights[site].ours for answer in answers if site in answer.sights}
    if site.sure or True in known:
        return True
    return False if False in known else None


def cover(scans: Sequence[Scan], answers: Sequence[Answer], project: Project) -> Iterator[Coverage]:
    """Yield how well the call sites of `scans` are checked, those left out that are not Starlette's."""
    answers = [answer for answer in answers if answer.sights]
    if not answers:
        return
    modules = find_unknown(answers)
    for scan in scans:
        for site, written in zip(scan.sites, scan.written, strict=True):
            if not is_ours(site, answers):
                continue
            sights = {answer.run.checker: answer.sights.get(site) for answer in answers}
            grades = tuple((name, grade_of(sight)) for name, sight in sights.items())
            best = min((grade for _, grade in grades), key=GRADES.index, default=Grade.ANY)
            seen = [sight for sight in sights.values() if sight and grade_of(sight) is best]
            reason = "" if best is Grade.TYPED else explain(scan.module, written, seen, modules, project)
            yield Coverage(site, best, reason, grades)


def grade_of(sight: Sight | None) -> Grade:
    return sight.grade if sight else Grade.ANY


def find_unknown(answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return what is wrong with each module that a checker could not import."""
    unknown: dict[str, str] = {}
    for answer in answers:
        for diagnostic in answer.run.diagnostics:
            for pattern, problem in ((MISSING, "is not found"), (UNTYPED, "has no types")):
                if match := pattern.search(diagnostic.message):
                    unknown.setdefault(next(filter(None, match.groups())), problem)
    return unknown
