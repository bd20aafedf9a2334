"""Which findings are reported: those that are asked for, not ignored and not known yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bgtasks.check.files.baseline import Known, apply_baseline
from bgtasks.check.files.ignores import UNUSED_IGNORE, apply_ignores
from bgtasks.check.model import Finding, Module
from bgtasks.check.report import CheckReport
from bgtasks.check.settings import CheckSettings


def settle(
    report: CheckReport,
    findings: Sequence[Finding],
    modules: Sequence[Module],
    baseline: Counter[Known],
    settings: CheckSettings,
) -> CheckReport:
    """
    Return `report` with those of `findings` that are asked for, not ignored and not known yet.

    What is off by itself may be ignored or known all the same, and is counted where it is not.
    """
    sources = {module.path: module.source for module in modules}
    asked = settings.asked
    found = [one for one in findings if is_selected(one, settings) or is_hidden(one, settings)]
    left = apply_ignores(found, modules, asked)
    left = sorted((one for one in left if one.rule is not UNUSED_IGNORE or one.rule.code in asked), key=order)
    fresh, stale = left, list[str]()
    file = settings.baseline
    if file is not None:
        fresh, stale = apply_baseline(file, baseline, left, sources, paths=settings.paths, asked=asked)
    hidden = Counter(finding.rule.code for finding in fresh if is_hidden(finding, settings))

    def count(some: Sequence[Finding], *, unused: bool = True) -> int:
        return sum(not is_hidden(one, settings) and (unused or one.rule is not UNUSED_IGNORE) for one in some)

    new = {id(finding) for finding in fresh}
    shown = {finding.place.path for finding in left} | {one.place.path for one in report.coverage}
    return replace(
        report,
        findings=tuple(finding for finding in fresh if not is_hidden(finding, settings)),
        ignored=count(found) - count(left, unused=False),
        known=tuple(one for one in left if id(one) not in new and not is_hidden(one, settings)),
        hidden=dict(sorted(hidden.items())),
        stale=len(stale),
        notes=(*report.notes, *stale),
        sources={path: source for path, source in sources.items() if path in shown},
    )


def is_selected(finding: Finding, settings: CheckSettings) -> bool:
    return settings.selects(finding.rule.code, finding.was)


def is_hidden(finding: Finding, settings: CheckSettings) -> bool:
    return settings.hides(finding.rule.code, finding.was)


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.path.as_posix(), place.line, place.column, finding.rule.code, finding.message
