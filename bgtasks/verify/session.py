"""One session at the terminal: find the cases, ask the checkers, say how it goes."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from bgtasks import leftovers
from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.checkers.sandbox import find_cache
from bgtasks.claims.model import Case, Claim
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.report.outputs import show, write_outputs
from bgtasks.report.progress import show_progress
from bgtasks.streams import tame
from bgtasks.verify.around import default_target, find_starts, leave_project
from bgtasks.verify.find import Suite, find_suite, require_claims
from bgtasks.verify.model import Plan, Report, Result
from bgtasks.verify.place import Place, find_claim, reduce
from bgtasks.verify.reporters import FORMATS, words
from bgtasks.verify.run import verify
from bgtasks.verify.settings import Settings


class NoClaimError(BgtasksError):
    """There are claims, but none of those that were asked for."""


def check(
    settings: Settings,
    imported: Target | None,
    keyword: str = "",
    *,
    place: Place | None = None,
    update: bool = False,
    heard: Callable[[Result], None] = lambda _: None,
) -> Report:
    """
    Check the cases that `settings` name, and show on stderr which checkers are at work.

    Where the cases import `imported`, they get the target of the settings. With a `keyword` only
    the claims that it is found in are judged; with `update` a claim may leave its kind open. With a
    `place` the report is of the claim there, which may be open. `heard` is told each result as it comes.
    Raises `BgtasksError` when there is nothing to check, and when no claim stands at the `place`.
    """
    suite = find_all(settings, update=update or place is not None)
    asked = find_claim(suite, place) if place else None
    found, errors = suite.cases, suite.errors
    narrowed = [narrow(case, keyword) for case in found] if keyword else found
    # A file without claims is one that others import.
    cases = [case for case, left in zip(found, narrowed, strict=True) if left.claims or not case.claims]
    if keyword and not any(case.claims for case in narrowed):
        raise NoClaimError(f"-k {keyword}: found in no claim, its place or its statement")
    starts = find_starts(settings.cases, cases, settings.python, settings.paths)
    cases = leave_project(cases, starts, settings.cases)
    target = settings.target or default_target(cases)
    report = Report(target, tuple(cases), (), tuple(map(str, errors)), suite=settings.name)
    if not cases:
        return report
    plan = Plan(
        cases,
        target,
        settings.python,
        imported or DEFAULT_TARGET,
        settings.stubs,
        find_cache(),
        suite.beside,
        starts,
        settings.options,
    )
    runs = (len(settings.python_versions) or 1) * (len(settings.platforms) or 1)
    with show_progress(settings.checkers, len(cases), runs) as show_end:

        def ended(result: Result) -> None:
            show_end(result.run)
            heard(result)

        results = verify(
            plan,
            [CHECKERS[name] for name in settings.checkers],
            gating=settings.gating,
            python_versions=settings.python_versions,
            platforms=settings.platforms,
            timeout=settings.timeout,
            ended=ended,
        )
    if keyword:
        kept = {(case.path, claim.line) for case in narrowed for claim in case.claims}
        results = tuple(
            replace(result, verdicts=tuple(v for v in result.verdicts if (v.path, v.line) in kept))
            for result in results
        )
        cases = [case for case in narrowed if case.claims]
    report = replace(report, cases=tuple(cases), results=results)
    return reduce(report, *asked) if asked else report


def find_all(settings: Settings, *, update: bool = False) -> Suite:
    """
    Return the cases that `settings` name, and what is wrong with those that cannot be read.

    Raises `BgtasksError` when there is nothing to check.
    """
    if not settings.cases:
        raise BgtasksError("no type tests named; give a file or a folder, or set cases in [tool.bgtasks]")
    suite = find_suite(
        settings.cases,
        NAMES,
        without=settings.without,
        update=update,
        ignores=settings.ignores_are_claims,
    )
    if not suite.cases and not suite.errors:
        raise BgtasksError(f"no Python file in {', '.join(map(str, settings.cases))}")
    if not (update or suite.errors):
        require_claims(suite.cases)
    return suite


def narrow(case: Case, keyword: str) -> Case:
    """Keep the claims that have `keyword` in their place, their kind or their statement."""
    return replace(case, claims=tuple(claim for claim in case.claims if mentions(case, claim, keyword)))


def statement(case: Case, claim: Claim) -> str:
    return words.statement(case.source.split("\n"), claim.span)


def mentions(case: Case, claim: Claim, keyword: str) -> bool:
    return keyword.lower() in f"{case.path}:{claim.line} {claim} {statement(case, claim)}".lower()


def recheck(suites: Sequence[Settings], imported: Target | None, keyword: str) -> None:
    """Check now and after every change, each checker's failures shown as soon as it has ended."""
    from watchfiles import watch  # noqa: PLC0415 - a check starts sooner without

    leftovers.listen(stop)
    # Of a file, the folder: what is renamed to its name is another file.
    paths = (path for settings in suites for path in settings.cases)
    watched = {path if path.is_dir() else path.parent for path in paths}
    stream = watch(*watched, yield_on_timeout=True, rust_timeout=200)
    with suppress(KeyboardInterrupt):
        next(stream)  # from here on no change is missed, not even one made during a check
        while True:
            for settings in suites:
                check_aloud(settings, imported, keyword)
            sys.stderr.write("watching for changes; Ctrl-C ends it\n")
            any(stream)


def check_aloud(settings: Settings, imported: Target | None, keyword: str) -> None:
    from bgtasks.verify.reporters import terminal  # noqa: PLC0415 - a single check starts sooner without

    def heard(result: Result) -> None:
        show(terminal.failures([result]), settings)

    try:
        report = check(settings, imported, keyword, heard=heard)
        show(terminal.conclusion(report), settings)
        write_outputs(report, settings.outputs, FORMATS)
    except BgtasksError as error:
        sys.stderr.write(f"bgtasks: {tame(str(error))}\n")


def stop() -> NoReturn:
    """End a watch, which is over when its user says so."""
    os._exit(0)
