"""The report as one HTML page that needs nothing else: the findings, then the coverage."""

from bgtasks.check.model import Grade
from bgtasks.check.pages import read_page
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import (
    asides,
    checkers,
    counts,
    covered,
    excerpt,
    gaps,
    runtimes,
    said_by,
    summary,
    where,
)
from bgtasks.report.html import fill, from_markdown
from bgtasks.report.words import label

MOODS = {Grade.TYPED: "good", Grade.PARTLY: "gap", Grade.ERASED: "bad", Grade.ANY: "bad"}


def render(report: CheckReport) -> str:
    codes = sorted({finding.rule.code for finding in report.findings})
    return fill(
        "check/reporters/check.html.jinja",
        report=report,
        asides=list(asides(report)),
        checkers=checkers(report),
        counts=counts(report),
        covered=covered(report),
        codes=codes,
        excerpt=excerpt,
        gaps=gaps(report),
        label=label,
        moods=MOODS,
        pages={code: from_markdown(read_page(code), below=3) for code in codes},
        said_by=said_by,
        summary=summary(report),
        runtimes=list(runtimes(report)),
        where=where,
    )
