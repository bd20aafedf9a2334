"""The report as one HTML page that needs nothing else: the findings, then the coverage."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bgtasks.check.model import Grade
from bgtasks.check.pages import address_of, read_page
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.excerpt import mark
from bgtasks.check.reporters.words import (
    asides,
    checkers,
    counts,
    covered,
    gaps,
    runtimes,
    said_by,
    summary,
    uncounted,
    where,
)
from bgtasks.report.html import fill, from_markdown
from bgtasks.report.words import fold, label, plural

MOODS = {Grade.TYPED: "good", Grade.PARTLY: "gap", Grade.ERASED: "bad", Grade.ANY: "bad"}
MEANINGS: Mapping[Grade, str] = {
    Grade.TYPED: "each argument is compared with the type of its parameter",
    Grade.PARTLY: "some parameters take anything, so what goes there is not compared",
    Grade.ERASED: "the task takes any arguments, as far as is known: none is compared, nor are they counted",
    Grade.ANY: "nothing is known of the task, not even that it can be called",
}


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a code means, and where that stands on the web, None where it does not."""

    text: Markup
    address: str | None


def render(report: CheckReport) -> str:
    codes = sorted({finding.rule.code for finding in report.findings})
    every = sorted({finding.rule.code for finding in (*report.findings, *report.known)})
    return fill(
        "check/reporters/check.html.jinja",
        report=report,
        asides=list(asides(report)),
        checkers=checkers(report),
        counts=counts(report),
        covered=covered(report),
        uncovered="no checker answered." if report.runs else "no checker was asked.",
        codes=codes,
        gaps=gaps(report),
        folded=fold,
        label=label,
        mark=mark,
        meanings=MEANINGS,
        moods=MOODS,
        plural=plural,
        pages={code: page_of(code) for code in every},
        said_by=said_by,
        summary=summary(report),
        runtimes=list(runtimes(report)),
        uncounted=list(uncounted(report)),
        where=where,
    )


def page_of(code: str) -> RulePage:
    address = address_of(code)
    # A file of this machine is no address for who reads the report on another.
    return RulePage(
        from_markdown(read_page(code), below=2), address if address and "file:" not in address else None
    )
