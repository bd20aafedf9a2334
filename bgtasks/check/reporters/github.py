"""
The report as workflow commands of GitHub Actions, which put it beside the lines of a pull request.

GitHub shows ten annotations of each level for a step, so what sums up comes first.
"""

from collections.abc import Iterator

from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import asides, covered, gaps, message, runtimes, summary, where
from bgtasks.report.github import command, named, plain
from bgtasks.report.places import in_repository
from bgtasks.report.words import label, plural


def render(report: CheckReport) -> str:
    return "".join(f"{line}\n" for line in lines(report))


def lines(report: CheckReport) -> Iterator[str]:
    level = "error" if report.exit_code else "notice"
    text = "\n".join(filter(None, [summary(report), covered(report), *runtimes(report), *asides(report)]))
    yield command(level, text, title=f"bgtasks check: exit code {report.exit_code}")
    for error in report.errors:
        yield command("error", error, **named(error), title="not checked")
    for run in report.failures:
        yield command("error", f"{label(run)}: {run.failure}", title="not checked")
    for finding in report.findings:
        place = finding.place
        yield command(
            "error",
            message(finding),
            file=in_repository(place.path).as_posix(),
            line=str(place.line),
            endLine=str(place.end_line),
            col=str(place.column),
            title=f"{finding.rule.code} {finding.rule.name}",
        )
    if gaps(report):
        yield command("group", f"{plural(len(gaps(report)), 'call site')} not fully checked")
        for one in gaps(report):
            yield plain(f"{where(one.place)}: {one.grade.value}; {one.reason}")
        yield command("endgroup", "")
