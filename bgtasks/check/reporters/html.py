"""The report as one HTML page that needs nothing else: the findings, then the coverage."""

from bgtasks.check.model import Grade
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import (
    asides,
    checkers,
    counts,
    covered,
    excerpt,
    gaps,
    said_by,
    summary,
    where,
)
from bgtasks.report.html import fill
from bgtasks.report.words import label

MOODS = {Grade.TYPED: "good", Grade.PARTLY: "gap", Grade.ERASED: "bad", Grade.ANY: "bad"}


def render(report: CheckReport) -> str:
    return fill(
        "bgtasks.check.reporters",
        "check.html.jinja",
        report=report,
        asides=list(asides(report)),
        checkers=checkers(report),
        counts=counts(report),
        covered=covered(report),
        codes=sorted({finding.rule.code for finding in report.findings}),
        excerpt=excerpt,
        gaps=gaps(report),
        label=label,
        moods=MOODS,
        said_by=said_by,
        summary=summary(report),
        where=where,
    )
