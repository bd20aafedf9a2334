"""How well each call site is checked, and why not better."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.reasons import explain
from bgtasks.check.ask.sights import Sight
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.model import Coverage, Grade, Unsettled

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
            sights = {answer.run.checker: answer.sights.get(site) for answer in answers}
            grades = tuple((name, grade_of(sight)) for name, sight in sights.items())
            best = min((grade for _, grade in grades), key=GRADES.index, default=Grade.ANY)
            seen = [sight for sight in sights.values() if sight and grade_of(sight) is best]
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
