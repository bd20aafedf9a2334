"""The report as GitHub's Markdown, to be appended to $GITHUB_STEP_SUMMARY."""

from collections.abc import Iterable, Iterator

from bgtasks.check.model import Finding
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import (
    asides,
    checkers,
    counts,
    covered,
    gaps,
    message,
    runtimes,
    summary,
    where,
)
from bgtasks.report.markdown import escape, folded, row, section
from bgtasks.report.words import label


def render(report: CheckReport) -> str:
    return "\n".join(lines(report)) + "\n"


def lines(report: CheckReport) -> Iterator[str]:
    yield "## bgtasks check"
    yield f"\n**{escape(summary(report))}** Exit code {report.exit_code}."
    failed = [f"{label(run)}: {run.failure}" for run in report.failures]
    yield from (f"\n{escape(line)}" for line in runtimes(report))
    yield from section("Not checked", map(escape, [*report.errors, *failed]))
    yield from section("Findings", list_of(report.findings))
    yield from folded("known problem", [*list_of(report.known)])
    if report.coverage:
        yield f"\n### Coverage\n\n{escape(covered(report))}\n"
        names = checkers(report)
        yield row("call sites", [*names, "together"])
        yield row("---", ("---:" for _ in (*names, "together")), escaped=True)
        for grade, numbers in counts(report):
            yield row(grade.value, map(str, numbers))
    sites = [
        f"**{escape(where(one.place))}** {escape(f'{one.grade.value}; {one.reason}')}" for one in gaps(report)
    ]
    yield from folded("not fully checked call site", sites)
    yield from section("Notes", map(escape, asides(report)))


def list_of(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        place = escape(where(finding.place))
        yield f"**{place}** {finding.rule.code} {finding.rule.name}: {escape(message(finding))}"
