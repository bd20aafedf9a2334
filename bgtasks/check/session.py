"""One check from the paths to the report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bgtasks.check.ask.answers import Answer, ask
from bgtasks.check.ask.calls import CALL_RULES, find_wrong_calls
from bgtasks.check.ask.coverage import cover, is_ours
from bgtasks.check.ask.layout import Scan, open_layout, scan
from bgtasks.check.ask.reveals import READERS
from bgtasks.check.code.resolve import Project
from bgtasks.check.codes import CODES
from bgtasks.check.files.baseline import Known, apply_baseline, read_baseline
from bgtasks.check.files.ignores import apply_ignores
from bgtasks.check.files.source import find_files, find_modules
from bgtasks.check.model import Finding, Module
from bgtasks.check.report import CheckReport
from bgtasks.check.rules import awaited_add, find_violations
from bgtasks.check.rules.pitfalls import BY_PITFALL
from bgtasks.check.settings import CheckSettings
from bgtasks.checkers.sandbox import find_cache
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute
from bgtasks.report.progress import show_progress
from bgtasks.surroundings.environment import Environment, find_python, read_environment
from bgtasks.surroundings.roots import find_roots

# What a checker may mean as well, so that it is said once.
PITFALLS = frozenset({*BY_PITFALL.values(), awaited_add.RULE})


def check(settings: CheckSettings) -> CheckReport:
    """
    Check the code at the paths of `settings`, and show on stderr who is at work.

    Raises `BgtasksError` when there is nothing to check, or no way to check it.
    """
    if settings.min_coverage is not None and not READERS.keys() & set(settings.checkers):
        raise BgtasksError(f"coverage is told by {', '.join(READERS)} only; ask one of them with --checkers")
    baseline = read_baseline(settings.baseline) if settings.baseline else Counter[Known]()
    modules, errors = find_modules(settings.paths)
    if not (modules or errors) and not any(any(find_files(path, [])) for path in settings.paths):
        raise BgtasksError(f"no Python file in {', '.join(map(str, settings.paths))}")
    environment = read_environment(settings.python or find_python(absolute(settings.paths[0])))
    project = Project()
    scans = [found for found in (scan(module, project) for module in modules) if found.sites]
    findings = list(find_violations(modules, environment.version_of("fastapi"), project))
    report = CheckReport((), (), (), len(scans), errors=tuple(errors), min_coverage=settings.min_coverage)
    if scans and asks_checkers(settings):
        answers = ask_checkers(scans, modules, environment, settings)
        pitfalls = [finding for finding in findings if finding.rule in PITFALLS]
        findings = [finding for finding in findings if finding.rule not in PITFALLS]
        ours = [site for scanned in scans for site in scanned.sites if is_ours(site, answers)]
        findings += find_wrong_calls(ours, answers, pitfalls)
        sites = [site for scanned in scans for site in scanned.sites]
        report = replace(
            report,
            coverage=tuple(cover(scans, answers, project)),
            runs=tuple(answer.run for answer in answers),
            unsettled=sum(is_ours(site, answers) is None for site in sites),
            notes=tuple(line for answer in answers for line in answer.skipped),
            python=environment.python,
        )
    return judge(report, findings, modules, baseline, settings)


def asks_checkers(settings: CheckSettings) -> bool:
    """Tell whether anything that `settings` ask for needs a type checker."""
    return settings.min_coverage is not None or any(map(settings.selects, CALL_RULES))


def ask_checkers(
    scans: Sequence[Scan], modules: Sequence[Module], environment: Environment, settings: CheckSettings
) -> list[Answer]:
    roots = find_roots(settings.paths, {module.path: module.tree for module in modules})
    with (
        open_layout(roots, scans, environment, find_cache()) as layout,
        show_progress(settings.checkers, len(scans)) as ended,
    ):
        return ask(layout, settings.checkers, settings.timeout, ended)


def judge(
    report: CheckReport,
    findings: Sequence[Finding],
    modules: Sequence[Module],
    baseline: Counter[Known],
    settings: CheckSettings,
) -> CheckReport:
    """Return `report` with those of `findings` that are asked for, not ignored and not known yet."""
    sources = {module.path: module.source for module in modules}
    asked = {code for code in CODES if settings.selects(code)}
    selected = [finding for finding in findings if finding.rule.code in asked]
    left, ignored = apply_ignores(selected, modules, asked)
    left = sorted((one for one in left if one.rule.code in asked), key=order)
    fresh, stale = left, list[str]()
    if settings.baseline is not None:
        fresh, stale = apply_baseline(settings.baseline, baseline, left, sources, settings.paths)
    shown = {finding.place.path for finding in fresh} | {one.site.place.path for one in report.coverage}
    return replace(
        report,
        findings=tuple(fresh),
        ignored=ignored,
        known=len(left) - len(fresh),
        notes=(*report.notes, *stale),
        sources={path: source for path, source in sources.items() if path in shown},
    )


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.path.as_posix(), place.line, place.column, finding.rule.code, finding.message
