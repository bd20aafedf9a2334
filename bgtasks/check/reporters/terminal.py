"""The report for a person at a terminal: what is wrong, how well it is checked, a line to sum up."""

from collections.abc import Iterator, Mapping

from rich import box
from rich.console import RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bgtasks.check.model import Coverage, Finding, Grade
from bgtasks.check.pages import address_of
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
from bgtasks.report.words import label, printable

STYLES: Mapping[Grade, str] = {
    Grade.TYPED: "green",
    Grade.PARTLY: "yellow",
    Grade.ERASED: "red",
    Grade.ANY: "red",
}


def render(report: CheckReport) -> Iterator[RenderableType]:
    """Yield what could not be checked, the findings, the coverage, and one line that sums up."""
    yield from (Text(printable(error), "red") for error in report.errors)
    yield from (Text(f"{label(run)}: {printable(run.failure or '')}", "red") for run in report.failures)
    for finding in report.findings:
        yield from show(finding, report)
    yield from (show_gap(one) for one in gaps(report))
    if report.coverage:
        yield table_of_counts(report)
    yield from (Text(printable(line), "yellow") for line in asides(report))
    yield from (Text(printable(line)) for line in runtimes(report))
    if line := covered(report):
        yield Text(line, "" if report.covered else "bold red")
    yield Text(summary(report), "bold red" if report.exit_code else "bold green")


def show(finding: Finding, report: CheckReport) -> Iterator[Text]:
    place = finding.place
    line = Text(f"{where(place)}: ", "bold")
    line.append(finding.rule.code, Style(color="red", bold=True, link=address_of(finding.rule.code)))
    line.append(f" {printable(finding.message)}", "not bold")
    yield line
    margin = len(str(place.end_line))
    for number, source in excerpt(report, place):
        yield Text(f"{number:{margin}} | ", "blue").append(printable(source.expandtabs(4)), "not blue")
    if place.line == place.end_line:
        before = report.sources.get(place.path, "").split("\n")[place.line - 1][: place.column - 1]
        arrow = " " * len(before.expandtabs(4)) + "^" * (place.end_column - place.column)
        yield Text(f"{'':{margin}} | ", "blue").append(f"{arrow} {said_by(finding)}".rstrip(), "red")
    elif finding.by:
        yield Text(f"{'':{margin}} = ", "blue").append(said_by(finding), "red")
    yield Text()


def show_gap(one: Coverage) -> Text:
    """Return a call site that is not fully typed, and why, in a line that no width cuts."""
    line = Text(f"{printable(where(one.place))}: ")
    return line.append(one.grade.value, STYLES[one.grade]).append(f": {printable(one.reason)}")


def table_of_counts(report: CheckReport) -> Table:
    """Return how many call sites have each grade."""
    names = checkers(report)
    grid = Table("call sites", *names, "together", box=box.SIMPLE, pad_edge=False)
    for column in grid.columns[1:]:
        column.justify = "right"
    for grade, numbers in counts(report):
        grid.add_row(Text(grade.value, STYLES[grade]), *map(str, numbers))
    return grid
