"""The report for a person at a terminal: what failed and why, then one table."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.model import Outcome, Report, Result
from bgtasks.reporters.words import ALL, Mood, cell, claimed, label, matrix, place, plural, said, summary

__all__ = ["conclusion", "failures", "label", "plural", "render"]

STYLES: Mapping[Mood, str] = {"": "", "gap": "yellow", "wrong": "red"}


def render(report: Report) -> Iterator[RenderableType]:
    """Yield the failures, the table of claims by kind and run, and one line that sums up."""
    yield from (Text(error, "red") for error in report.errors)
    yield from failures(report.results)
    yield from conclusion(report)


def conclusion(report: Report) -> Iterator[RenderableType]:
    """Yield the table and the line that sums up."""
    if any(result.run.failure is None for result in report.results):
        yield table(report)
    yield Text(summary(report), "bold red" if report.exit_code else "bold green")


def failures(results: Sequence[Result]) -> Iterator[Text]:
    """Yield a line for each run that failed, and one for each verdict that turns a run red, file by file."""
    for result in results:
        if result.run.failure is not None:
            yield Text(f"{label(result.run)}: {result.run.failure}", "red")
    bad = [(verdict, result.run) for result in results if result.gates for verdict in result.bad]
    for verdict, run in sorted(bad, key=lambda item: (item[0].path, item[0].line)):
        line = Text(f"{place(verdict)}: ", "bold")
        yield line.append(f"{claimed(verdict)}, {label(run)} {said(verdict)}", "not bold")


def table(report: Report) -> Table:
    """Return the claims met, kinds down and runs across."""
    judged = [result for result in report.results if result.run.failure is None]
    grid = Table(
        title=f"claims met, for {report.target}",
        title_justify="left",
        box=box.SIMPLE,
        pad_edge=False,
    )
    grid.add_column("claim", no_wrap=True)
    for result in judged:
        grid.add_column(label(result.run).replace(" on ", "\non "), justify="right")
    for name, counts in matrix(judged):
        if name == ALL:
            grid.add_section()
        grid.add_row(name, *(styled(name, outcomes) for outcomes in counts))
    grid.add_row("time", *(f"{result.run.seconds:.1f} s" for result in judged))
    return grid


def styled(name: str, outcomes: Counter[Outcome]) -> Text:
    return Text(", ").join(Text(words, STYLES[mood]) for words, mood in cell(name, outcomes))
