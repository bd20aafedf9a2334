"""The report for a person at a terminal: what failed and why, then one table."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.claims.model import Outcome
from bgtasks.report.words import fold, label
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.gains import Gain, gains
from bgtasks.verify.reporters.words import (
    ALL,
    UNCLAIMED,
    Mood,
    cell,
    claimed,
    matrix,
    notes,
    place,
    said,
    summary,
    unseen,
)

# More columns than these do not fit side by side with all that is to be said of them. The shortfall of
# all checkers fits into the 80 columns of a log, as long as no kind is wider than this.
SPACIOUS = 2
CLAIM = 18

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
    yield from (Text(line, "yellow") for line in notes(report))
    yield from (Text(line, "red") for line in unseen(report))
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
    """
    Return the claims met, kinds down and runs across; of many runs, only what they do not meet.

    Last comes what a plugin buys, where its checker has run without it too.
    """
    judged = [result for result in report.results if result.run.failure is None]
    bought = gains(judged)
    brief = len(judged) + len(bought) > SPACIOUS
    versions = {result.run.python_version for result in judged}
    python = f", on Python {versions.pop()}" if len(versions) == 1 else ""
    grid = Table(
        title=f"claims met, for {report.subject}{python}",
        title_justify="left",
        caption=legend(bought, judged) if brief else None,
        caption_justify="left",
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        padding=0 if brief else (0, 1),
    )
    grid.add_column("claim", no_wrap=True, vertical="bottom")
    runs = [result.run for result in judged]
    heads = [("\n".join(fold(run.checker)) if brief else f"{run.checker} {run.version}", run) for run in runs]
    heads += [(f"{gain.plugin}\nbuys", gain.run) for gain in bought]
    if brief:
        grid.add_column("of", justify="right", no_wrap=True, vertical="bottom")
    for head, run in heads:
        on = "" if python else f"\non {run.python_version}"
        grid.add_column(head + on, justify="right", no_wrap=True, vertical="bottom")
    for name, counts in matrix(judged):
        if name == ALL:
            grid.add_section()
        if brief:
            grid.add_row(*shortfalls(name, counts), *(gain.count(name) for gain in bought))
        else:
            grid.add_row(name, *(styled(name, outcomes) for outcomes in counts))
    seconds = [f"{result.run.seconds:.1f}" for result in judged]
    grid.add_row("seconds", *([""] if brief else []), *seconds)
    return grid


def legend(bought: Sequence[Gain], results: Sequence[Result]) -> str:
    gained = "; +4: met, and not without the plugin" if bought else ""
    verdicts = (verdict for result in results for verdict in result.verdicts)
    away = any(verdict.outcome is Outcome.ELSEWHERE for verdict in verdicts)
    elsewhere = "; 1e: elsewhere, looked at in another run" if away else ""
    return f"-2: not met; 3g: gaps, known not to be met{elsewhere}{gained}"


def styled(name: str, outcomes: Counter[Outcome]) -> Text:
    return Text(", ").join(Text(words, STYLES[mood]) for words, mood in cell(name, outcomes))


def shortfalls(name: str, counts: Sequence[Counter[Outcome]]) -> Iterator[str | Text]:
    """Yield the kind, how many claims there are, and what of them each run does not meet."""
    yield textwrap.fill(name, CLAIM)
    yield "" if name == UNCLAIMED else str(sum(counts[0].values()))
    yield from (shortfall(name, outcomes) for outcomes in counts)


def shortfall(name: str, outcomes: Counter[Outcome]) -> Text:
    if name == UNCLAIMED and not outcomes:
        return Text("0")
    gaps = outcomes[Outcome.GAP]
    wrong = sum(count for outcome, count in outcomes.items() if not outcome.ok)
    parts = [Text(f"{gaps}g", STYLES["gap"])] if gaps else []
    parts += [Text(f"{elsewhere}e")] if (elsewhere := outcomes[Outcome.ELSEWHERE]) else []
    parts += [Text(f"-{wrong}", STYLES["wrong"])] if wrong else []
    return Text("").join(parts) if parts else Text("all")
