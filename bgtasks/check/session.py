"""One check from the paths to the report."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from bgtasks.check.ask.answers import Answer, ask_checkers
from bgtasks.check.ask.calls import find_wrong_calls
from bgtasks.check.ask.coverage import cover, find_unsettled, is_ours
from bgtasks.check.ask.kinds import CALL_RULES
from bgtasks.check.ask.layout import open_layout
from bgtasks.check.ask.reveals import READERS
from bgtasks.check.codes import GROUPS, RULES_OF_PITFALLS
from bgtasks.check.facts.app import App, read_app
from bgtasks.check.facts.sites import Site
from bgtasks.check.files.baseline import Known, read_baseline
from bgtasks.check.files.source import describe, find_files, find_modules
from bgtasks.check.model import Finding, Module
from bgtasks.check.report import CheckReport
from bgtasks.check.rules import find_violations
from bgtasks.check.services import Served, first_python, read_services
from bgtasks.check.settings import CheckSettings
from bgtasks.check.settle import settle
from bgtasks.checkers.sandbox import find_cache
from bgtasks.errors import BgtasksError
from bgtasks.files import relative
from bgtasks.report.progress import show_progress, show_stage
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.frameworks import Frameworks


@dataclass(frozen=True, slots=True)
class Code:
    """What the modules of a service say: their call sites, and what breaks a rule."""

    modules: Sequence[Module]
    sites: Sequence[Site]
    findings: Sequence[Finding]


def check(settings: CheckSettings) -> CheckReport:
    """
    Check the code at the paths of `settings`, and show on stderr who is at work.

    Raises `BgtasksError` when there is nothing to check, or no way to check it.
    """
    if settings.min_coverage is not None and not READERS.keys() & set(settings.checkers):
        raise BgtasksError(f"coverage is told by {', '.join(READERS)} only; ask one of them with --checkers")
    baseline = read_baseline(settings.baseline) if settings.baseline else Counter[Known]()
    with show_stage("finding the files with background tasks"):
        modules, errors = find_modules(settings.paths, cache(partial(version_of_app, settings)))
    empty = [path for path in settings.paths if not (errors or any(find_files(path, [])))]
    if empty:
        raise BgtasksError(f"no Python file in {', '.join(map(str, empty))}")
    with show_stage("reading what they and their imports say"):
        services = list(read_services(settings.paths, modules, settings.python))
        codes = [read_code(service, errors) for service in services]
    modules = [module for code in codes for module in code.modules]
    findings = [finding for code in codes for finding in code.findings]
    sites = [site for code in codes for site in code.sites]
    sure = [site for site in sites if site.sure]
    report = CheckReport(
        (),
        (),
        (),
        files=count_files(sure),
        sites=len(sure),
        errors=tuple(errors),
        min_coverage=settings.min_coverage,
        runtimes=tuple(runtime for service in services for runtime in service.runtimes),
        missing=tuple(missing for service in services for missing in service.missing),
    )
    if sites and asks_checkers(settings):
        answers = ask_about(list(zip(services, codes, strict=True)), settings)
        said_too = [finding for finding in findings if finding.rule.also]
        findings = [finding for finding in findings if not finding.rule.also]
        ours = [site for site in sites if is_ours(site, answers)]
        findings += find_wrong_calls(ours, answers, said_too, RULES_OF_PITFALLS)
        report = replace(
            report,
            files=count_files(ours),
            sites=len(ours),
            coverage=tuple(
                covered
                for service, code in zip(services, codes, strict=True)
                for covered in cover(
                    code.sites, narrow(answers, code), service.environment.paths, service.roots.bases
                )
            ),
            runs=tuple(answer.run for answer in answers),
            unsettled=tuple(
                unsettled
                for service, code in zip(services, codes, strict=True)
                for unsettled in find_unsettled(
                    code.sites, narrow(answers, code), service.environment.paths, service.roots.bases
                )
            ),
            notes=tuple(line for answer in answers for line in answer.skipped),
            python=services[0].environment.python,
        )
    report = settle(report, findings, modules, baseline, settings)
    if settings.min_coverage is not None and report.percentage is None and report.exit_code == 0:
        raise BgtasksError(
            f"no call sites found in {', '.join(map(str, settings.paths))}, so there is nothing to measure "
            f"for --min-coverage {settings.min_coverage:.15g}; name the code of the app, or leave that out"
        )
    return report


def version_of_app(settings: CheckSettings) -> str:
    return read_environment(first_python(settings.paths, settings.python)).version


def read_code(service: Served, errors: list[str]) -> Code:
    """
    Return what the modules of `service` say, and what breaks a rule.

    A line is added to `errors` for what is nested too deeply for us, and for a module that is no Python
    and says what a task is.
    """
    modules, findings, sites = service.modules, list[Finding](), list[Site]()
    for frameworks, part in service.parts.items():
        app, found = read_part(modules, errors, frameworks, service)
        lines = (
            describe(relative(path), error, lambda: service.environment.version)
            for path, error in app.broken.items()
        )
        errors += [line for line in lines if line not in errors]
        own = {module.path for module in part}
        findings += [finding for finding in found if finding.place.path in own]
        sites = sites or list(app.sites)
    return Code(modules, sites, findings)


def read_part(
    modules: list[Module], errors: list[str], frameworks: Frameworks, service: Served
) -> tuple[App, list[Finding]]:
    """Return what `modules` say; what is nested too deeply moves from there to `errors`."""
    installed = [Path(path) for path in service.environment.paths]

    def read(modules: Sequence[Module]) -> tuple[App, list[Finding]]:
        app = read_app(modules, frameworks, service.roots.bases, installed)
        return app, list(find_violations(app))

    try:
        return read(modules)
    except RecursionError:
        for module in list(modules):
            try:
                read([module])
            except RecursionError:  # noqa: PERF203 - one such file does not lose the others
                modules.remove(module)
                errors.append(f"{module.path}: is nested too deeply to be checked")
        return read(modules)


def count_files(sites: Iterable[Site]) -> int:
    return len({site.place.path for site in sites})


def asks_checkers(settings: CheckSettings) -> bool:
    """Tell whether anything that `settings` ask for needs a type checker."""
    return settings.min_coverage is not None or any(map(settings.selects, (*CALL_RULES, *GROUPS)))


def ask_about(services: Sequence[tuple[Served, Code]], settings: CheckSettings) -> list[Answer]:
    files = {site.place.path for _, code in services for site in code.sites}
    with ExitStack() as stack:
        caches = find_caches([service for service, _ in services])
        with show_stage("copying the app for the checkers"):
            layouts = [
                stack.enter_context(open_layout(service.roots, code.sites, service.environment, cache))
                for (service, code), cache in zip(services, caches, strict=True)
                if code.sites
            ]
        ended = stack.enter_context(show_progress(settings.checkers, len(files)))
        return ask_checkers(layouts, settings.checkers, settings.timeout, ended)


def narrow(answers: Sequence[Answer], code: Code) -> list[Answer]:
    """Return what was said of the modules of one service: another may lack what it has."""
    own = {module.path for module in code.modules}
    return [
        replace(
            answer,
            run=replace(
                answer.run, diagnostics=tuple(one for one in answer.run.diagnostics if one.path in own)
            ),
        )
        for answer in answers
    ]


def find_caches(services: Sequence[Served]) -> Iterator[Path | None]:
    """Yield a cache for each service, for mypy takes what it knows of a module for that of its namesakes."""
    own = find_cache()
    for service in services:
        name = sha256(os.fsencode(os.pathsep.join(map(str, service.roots.bases)))).hexdigest()[:8]
        yield own / name if own and len(services) > 1 else own
