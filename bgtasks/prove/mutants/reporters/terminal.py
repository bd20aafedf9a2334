"""The report for a person at a terminal: the survivors, each with the line that changed, then one table."""

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.prove.mutants.model import Fate, Judgement, MutationReport
from bgtasks.prove.mutants.reporters.words import ROWS, percent, summary, title, where, why

SHOWN = (Fate.UNDECIDED, Fate.SURVIVED)


def render(report: MutationReport) -> Iterator[RenderableType]:
    """Yield what survives and what is not known, the table of fates by checker, and one line that sums up."""
    yield from (Text(line, "red") for line in report.stale)
    for score in report.scores:
        if score.failure:
            yield Text(f"{title(score)}: {score.failure}", "red")
        for fate in SHOWN:
            for judgement in score.of(fate):
                yield from show(judgement, title(score))
    yield table(report)
    yield Text(summary(report), "bold red" if report.exit_code else "bold green")


def show(judgement: Judgement, checker: str) -> Iterator[Text]:
    line = Text(f"{where(judgement)}: ", "bold")
    reason = f": {why(judgement)}" if why(judgement) else ""
    yield line.append(f"{judgement.fate.value} under {checker}{reason}", "not bold")
    yield Text(f"  - {judgement.mutant.before}", "red")
    yield Text(f"  + {judgement.mutant.after or '(dropped)'}", "green")


def table(report: MutationReport) -> Table:
    """Return how many mutants have which fate, fates down and checkers across."""
    judged = [score for score in report.scores if not score.failure]
    grid = Table(
        title=f"mutants: {len(report.mutants)}",
        title_justify="left",
        caption="score: killed, of those that were killed or survived",
        caption_justify="left",
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
    )
    grid.add_column("fate", no_wrap=True)
    for score in judged:
        grid.add_column(title(score), justify="right")
    for fate in ROWS:
        grid.add_row(fate.value, *(str(score.counts[fate]) for score in judged))
    grid.add_section()
    grid.add_row("score", *map(percent, judged))
    return grid
