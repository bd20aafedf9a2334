"""The words and the counts that the formats share."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from typing_extensions import assert_never

from bgtasks.check.codes import CODES
from bgtasks.check.model import Coverage, Finding, Grade, Place
from bgtasks.check.report import CheckReport
from bgtasks.checkers.mypy_with_plugin import MYPY_WITH_PLUGIN
from bgtasks.files import relative
from bgtasks.report.words import plural
from bgtasks.surroundings.frameworks import Frameworks
from bgtasks.surroundings.missing import Cause, Missing
from bgtasks.surroundings.pins import INSTALLED

# As many lines of a call as are shown.
EXCERPT = 4


def where(place: Place) -> str:
    return f"{place.path.as_posix()}:{place.line}:{place.column}"


def said_by(finding: Finding) -> str:
    """Return which checkers say it, each by its profile, "" for a rule of ours."""
    return listing([profile(name) for name in finding.by])


def profile(checker: str) -> str:
    """Return how a checker is asked here: mypy always with our plugin."""
    return MYPY_WITH_PLUGIN.name if checker == MYPY_WITH_PLUGIN.program else checker


def message(finding: Finding) -> str:
    return f"{finding.message} ({said_by(finding)})" if finding.by else finding.message


def excerpt(report: CheckReport, place: Place) -> Iterator[tuple[int, str]]:
    """Yield the first lines at `place`, each with its number."""
    lines = report.sources.get(place.path, "").split("\n")
    for number in range(place.line, min(place.end_line, place.line + EXCERPT - 1) + 1):
        yield number, lines[number - 1] if number <= len(lines) else ""


def listing(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def checkers(report: CheckReport) -> list[str]:
    """Return the profiles of the checkers of which it is known how much they know."""
    return [profile(name) for name in graders(report)]


def graders(report: CheckReport) -> list[str]:
    return [name for name, _ in report.coverage[0].grades] if report.coverage else []


def grade_under(coverage: Coverage, checker: str) -> Grade:
    return dict(coverage.grades)[checker]


def counts(report: CheckReport) -> list[tuple[Grade, list[int]]]:
    """Return how many call sites have each grade: under each checker, and under the best of them."""
    return [
        (
            grade,
            [
                *(
                    sum(grade_under(one, name) is grade for one in report.coverage)
                    for name in graders(report)
                ),
                sum(one.grade is grade for one in report.coverage),
            ],
        )
        for grade in Grade
    ]


def gaps(report: CheckReport) -> list[Coverage]:
    """Return the call sites that are not fully typed."""
    return [one for one in report.coverage if one.grade is not Grade.TYPED]


def percent(value: float, digits: int = 1) -> str:
    """Write a percentage, rounded down, so that nothing looks whole that is not."""
    return f"{math.floor(value * 10**digits) / 10**digits:.15g} %"


def covered(report: CheckReport) -> str:
    """Return the line about coverage, "" where it was not asked."""
    if report.percentage is None:
        return ""
    typed = sum(one.grade is Grade.TYPED for one in report.coverage)
    total = plural(len(report.coverage), "call site")
    asked = f"{report.min_coverage or 0:.15g}"
    if report.covered:
        return f"Coverage: {percent(report.percentage)}, {typed} of {total} fully typed."
    # With as many digits, what is rounded down is less than what is asked for, as it is in truth.
    reached = percent(report.percentage, max(1, len(asked.partition(".")[2])))
    return f"Coverage: {reached}, {typed} of {total} fully typed, and {asked} % is asked for."


def runtimes(report: CheckReport) -> Iterator[str]:
    """Yield the Python, its environment and the FastAPI that services were checked for, each that differs."""
    folders: dict[str, dict[str, None]] = {}
    for each in report.runtimes if report.files else ():
        python = f"Python {each.python_version} of {relative(each.python).as_posix()}"
        line = f"{python}, {framework(each.frameworks)}."
        folders.setdefault(line, {})[relative(each.folder).as_posix()] = None
    for line, names in folders.items():
        yield f"{listing(list(names))}: {line}" if len(folders) > 1 else line


def framework(frameworks: Frameworks) -> str:
    fastapi, starlette = frameworks.fastapi, frameworks.starlette
    known = starlette if starlette.version and not (fastapi.version or fastapi.source) else fastapi
    if known.version is not None:
        said = "as installed there" if known.source == INSTALLED else f"by {known.source}"
        return f"{known.name} {known.version} {said}"
    if known.source and known.allowed:
        return f"{known.name} {known.allowed} by {known.source}, which version is not known"
    if known.source:
        return f"{known.name} of one of the versions in {known.source}"
    return f"{known.name} of a version that is not known"


def lost(report: CheckReport) -> Iterator[str]:
    """Yield a line for each module that is imported and not found, and one for all that is not installed."""
    absent: dict[str, Missing] = {}
    first: dict[tuple[str, Cause], Missing] = {}
    for each in report.missing:
        first.setdefault((each.module, each.cause), each)
    for each in first.values():
        place = f"{each.path.as_posix()}:{each.line}"
        match each.cause:
            case Cause.UNREAD:
                folder = relative(each.folder or Path()).as_posix()
                yield (
                    f"{place}: {each.module} is not found where imports start, but in {folder}; "
                    f"write mypy_path = {json.dumps(folder)} below [tool.mypy] in pyproject.toml, "
                    "or name it in Pyright's extraPaths or pytest's pythonpath"
                )
            case Cause.ABSENT:
                yield f"{place}: {each.module} is not there, so nothing is known of what it gives"
            case Cause.NOT_INSTALLED:
                absent.setdefault(each.module.partition(".")[0], each)
            case _:
                assert_never(each.cause)
    if absent and report.runs:
        begin = next(iter(absent.values()))
        yield (
            f"not installed in {report.python}: {', '.join(sorted(absent))} (imported from "
            f"{begin.path.as_posix()}:{begin.line} on); calls that need them are not fully checked: "
            "install what the app needs there, or name its interpreter with --python"
        )


def asides(report: CheckReport) -> Iterator[str]:
    """Yield a line for each thing that was not reported, or went without."""
    yield from lost(report)
    yield from report.notes
    if report.hidden:
        yield f"{hidden(report)}; {show_hidden(report)} shows them too"
    yield from uncounted(report)


def uncounted(report: CheckReport) -> Iterator[str]:
    """Yield a line where there are calls of which nobody can tell whether they are call sites."""
    if report.unsettled:
        first, count = report.unsettled[0], len(report.unsettled)
        verb, begins = ("is", "") if count == 1 else ("are", "the first is ")
        yield (
            f"{plural(count, 'call')} of an add_task {verb} not counted, as no checker knows whose it is; "
            f"{begins}{where(first.place)}: {first.reason}"
        )


def hidden(report: CheckReport) -> str:
    """Return how often each code would be reported that is off by itself."""
    counts = [f"{count} {CODES[code].name} ({code})" for code, count in report.hidden.items()]
    return f"{sum(report.hidden.values())} not reported, off by default: {', '.join(counts)}"


def show_hidden(report: CheckReport) -> str:
    """Return what to write to have all reported, what is off by itself too; "" where there is nothing."""
    return "--select BGT" if report.hidden else ""


def summary(report: CheckReport) -> str:
    """Return the one line that sums up."""
    scope = f"{plural(report.sites, 'call site')} in {plural(report.files, 'file')}"
    if not report.sites:
        scope = "no call sites found"
    if report.failures:
        names = listing([run.checker for run in report.failures])
        return f"Not checked by {names}: {scope}."
    if report.errors:
        return f"Not all checked: {plural(len(report.errors), 'file')} could not be read."
    quiet = [
        *([f"{report.ignored} ignored"] if report.ignored else []),
        *([f"{len(report.known)} known"] if report.known else []),
        *([f"{report.stale} stale"] if report.stale else []),
    ]
    more = f"; {sum(report.hidden.values())} more off by default" if report.hidden else ""
    aside = f" ({', '.join(quiet)})" if quiet else ""
    if report.findings:
        return f"Found {plural(len(report.findings), 'problem')}{aside}{more}: {scope}."
    return f"No problems{aside}{more}: {scope}." if report.sites else "No call sites found."
