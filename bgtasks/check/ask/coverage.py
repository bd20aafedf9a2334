"""How well each call site is checked, and why not better."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.calls import find_site
from bgtasks.check.ask.doubts import Certainty, judge
from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.reasons import explain
from bgtasks.check.ask.spots import Spot, find_spot, read_parts
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.model import Coverage, Grade, Unsettled
from bgtasks.model import Diagnostic, Kind, Run

GRADES = tuple(Grade)

MISSING = re.compile(r'module named "([^"]+)"|Import "([^"]+)" could not be resolved')
UNTYPED = re.compile(
    r'Library stubs not installed for "([^"]+)"|Skipping analyzing "([^"]+)"|'
    r'Stub file not found for "([^"]+)"'
)


def is_ours(site: Site, answers: Sequence[Answer]) -> bool | None:
    """Tell whether `site` makes a task of Starlette's or FastAPI's; None where nobody can tell."""
    known = {answer.sights[site].ours for answer in answers if site in answer.sights}
    if site.sure or True in known:
        return True
    return False if False in known else None


def cover(
    sites: Sequence[Site],
    answers: Sequence[Answer],
    paths: Sequence[str] = (),
    bases: Sequence[Path] = (),
) -> Iterator[Coverage]:
    """
    Yield how well `sites` are checked, those left out that are not Starlette's.

    `paths` is where the interpreter of the app finds what is installed, and `bases` are the folders
    that imports of the app's own modules start from.
    """
    answers = [answer for answer in answers if answer.sights]
    if not answers:
        return
    modules = read_modules(answers, paths, bases)
    for site in sites:
        if is_ours(site, answers):
            grades = tuple((answer.run.checker, grade(site, answer)) for answer in answers)
            best = min((known for _, known in grades), key=GRADES.index, default=Grade.ANY)
            seen = [answer.sights[site] for answer in answers if site in answer.sights]
            seen = [sight for sight in seen if sight.grade is best]
            reason = "" if best is Grade.TYPED else explain(site, seen, modules)
            task = place_of(site.module, site.task) if site.task is not None else None
            yield Coverage(site.place, task, best, reason, grades)


def find_unsettled(
    sites: Sequence[Site],
    answers: Sequence[Answer],
    paths: Sequence[str] = (),
    bases: Sequence[Path] = (),
) -> Iterator[Unsettled]:
    """Yield those of `sites` of which nobody can tell whose they are; the rest is as for `cover`."""
    modules = read_modules(answers, paths, bases)
    for site in sites:
        if is_ours(site, answers) is None:
            seen = [answer.sights[site] for answer in answers if site in answer.sights]
            yield Unsettled(site.place, explain(site, seen, modules))


def read_modules(answers: Sequence[Answer], paths: Sequence[str], bases: Sequence[Path]) -> Modules:
    return Modules(find_unknown(answers), paths, bases)


def grade(site: Site, answer: Answer) -> Grade:
    """Grade what a checker knows of `site`; what it surely rejects as no task, it did look at."""
    sight = answer.sights.get(site)
    if sight is None:
        return Grade.ANY
    rejects = {Grade.ERASED: rejects_task, Grade.ANY: misses_task}.get(sight.grade)
    rejected = rejects is not None and sight.adder is Grade.TYPED and rejects(site, answer.run)
    return Grade.TYPED if rejected else sight.grade


def rejects_task(site: Site, run: Run) -> bool:
    """Tell whether a checker rejects the task of `site` as no function, or says that there is none."""
    meant = Kind.NOT_CALLABLE if site.task is not None else Kind.MISSING_ARGUMENT
    return any(not spot.nested for _, spot in find_said(site, run, meant))


def misses_task(site: Site, run: Run) -> bool:
    """Tell whether a checker says that the task of `site` is an attribute that is surely not there."""
    said = find_said(site, run, Kind.UNKNOWN_ATTRIBUTE)
    return any(spot.node is site.task and judge(each) is Certainty.SURE for each, spot in said)


def find_said(site: Site, run: Run, kind: Kind) -> Iterator[tuple[Diagnostic, Spot]]:
    """Yield what a checker says of `kind` at `site`, with the spot in the call that it means."""
    for each in run.diagnostics:
        if kind in each.kinds and each.path == site.place.path and find_site(each, run.checker, [site]):
            yield each, find_spot(each, run.checker, read_parts(site))


def find_unknown(answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return what is wrong with each module that a checker could not import."""
    unknown: dict[str, str] = {}
    for answer in answers:
        for diagnostic in answer.run.diagnostics:
            for pattern, problem in ((MISSING, "is not found"), (UNTYPED, "has no types")):
                if match := pattern.search(diagnostic.message):
                    unknown.setdefault(next(filter(None, match.groups())), problem)
    return unknown
