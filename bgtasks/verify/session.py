"""One session at the terminal: find the cases, ask the checkers, say how it goes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.checkers.sandbox import find_cache
from bgtasks.claims.cases import find_cases, require_claims
from bgtasks.claims.model import Case, Claim
from bgtasks.errors import BgtasksError, Interrupted
from bgtasks.model import Target
from bgtasks.report.outputs import show, write_outputs
from bgtasks.report.progress import show_progress
from bgtasks.report.words import label
from bgtasks.verify.model import Plan, Report, Result
from bgtasks.verify.reporters import FORMATS, terminal, words
from bgtasks.verify.run import verify
from bgtasks.verify.settings import Settings


def check(
    settings: Settings,
    imported: Target,
    keyword: str = "",
    *,
    update: bool = False,
    heard: Callable[[Result], None] = lambda _: None,
) -> Report:
    """
    Check the cases that `settings` name, and show on stderr which checkers are at work.

    Where the cases import `imported`, they get the target of the settings. With a `keyword` only
    the claims that it is found in are judged; with `update` a claim may leave its kind open. `heard`
    is told each result as it comes. Raises `BgtasksError` when there is nothing to check.
    """
    if not settings.cases:
        raise BgtasksError("no type tests named; give a file or a folder, or set cases in [tool.bgtasks]")
    found, errors = find_cases(settings.cases, NAMES, update=update)
    if not found and not errors:
        raise BgtasksError(f"no Python file in {', '.join(map(str, settings.cases))}")
    narrowed = [narrow(case, keyword) for case in found]
    # A file without claims is one that others import.
    cases = [case for case, left in zip(found, narrowed, strict=True) if left.claims or not case.claims]
    if keyword and not any(case.claims for case in narrowed):
        raise BgtasksError(f"-k {keyword}: found in no claim, its place or its statement")
    if not (update or errors):
        require_claims(cases)
    report = Report(settings.target, tuple(cases), (), tuple(map(str, errors)))
    if not cases:
        return report
    plan = Plan(cases, settings.target, settings.python, imported, settings.stubs, find_cache())
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
    return replace(report, cases=tuple(cases), results=results)


def narrow(case: Case, keyword: str) -> Case:
    """Keep the claims that have `keyword` in their place, their kind or their statement."""
    return replace(case, claims=tuple(claim for claim in case.claims if mentions(case, claim, keyword)))


def statement(case: Case, claim: Claim) -> str:
    return words.statement(case.source.split("\n"), claim.span)


def mentions(case: Case, claim: Claim, keyword: str) -> bool:
    return keyword.lower() in f"{case.path}:{claim.line} {claim} {statement(case, claim)}".lower()


def explain(report: Report, place: str) -> Iterator[RenderableType]:
    """
    Yield the statement at `place` (file:line) and, run by run, all that was said of it.

    Raises `BgtasksError` when no claim stands there.
    """
    name, _, line = place.rpartition(":")
    claims: Sequence[tuple[Case, Claim]] = [
        (case, claim)
        for case in report.cases
        for claim in case.claims
        if line.isdecimal()
        and case.path.resolve() == Path(name).resolve()
        and claim.span.first <= int(line) <= claim.span.last
    ]
    if not claims:
        raise BgtasksError(
            f"--explain {place}: no claim stands there; write file:line of one that is checked"
        )
    [(case, claim)] = claims
    yield Text(f"{case.path}:{claim.line} claims {claim}\n{statement(case, claim)}", "bold")
    for result in report.results:
        for verdict in result.verdicts:
            if (verdict.path, verdict.claim) == (case.path, claim):
                yield Text(f"\n{label(result.run)}: {verdict.outcome.value}", "bold")
                yield Text(words.messages(verdict) or "said nothing")


def recheck(settings: Settings, imported: Target, keyword: str) -> None:
    """Check now and after every change, each checker's failures shown as soon as it has ended."""
    from watchfiles import watch  # noqa: PLC0415 - a check starts sooner without

    def heard(result: Result) -> None:
        show(terminal.failures([result]), settings)

    stream = watch(*settings.cases, yield_on_timeout=True, rust_timeout=200)
    with suppress(KeyboardInterrupt, Interrupted):
        next(stream)  # from here on no change is missed, not even one made during a check
        while True:
            try:
                report = check(settings, imported, keyword, heard=heard)
                show(terminal.conclusion(report), settings)
                write_outputs(report, settings.outputs, FORMATS)
            except Interrupted:
                raise
            except BgtasksError as error:
                sys.stderr.write(f"bgtasks: {error}\n")
            sys.stderr.write("watching for changes; Ctrl-C ends it\n")
            any(stream)
