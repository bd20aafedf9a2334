"""The report for a person at a terminal: what failed and why, then one table."""

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.claims.model import Outcome
from bgtasks.report.words import fold, label
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.gains import differences
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

OPEN = {"g": "Ng: gaps, known not to be met", "-": "-N: not met"}
BOUGHT = {"+": "+N: met with the plugin only", "-": "-N: met without it only"}
STYLES: Mapping[Mood, str] = {"": "", "gap": "yellow", "wrong": "red"}


def render(report: Report) -> Iterator[RenderableType]:
    """Yield the failures, tables of claims by kind and run, and one line that sums up."""
    yield from errors(report)
    yield from failures(report.results)
    yield from conclusion(report)


def errors(report: Report) -> Iterator[Text]:
    """Yield a line for each file that could not be read."""
    yield from (Text(error, "red") for error in report.errors)


def conclusion(report: Report) -> Iterator[RenderableType]:
    """Yield a table for each Python version and platform, what its signs mean, and the line that sums up."""
    groups: defaultdict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in report.results:
        if result.run.failure is None:
            groups[result.run.python_version, result.run.platform].append(result)
    yield from (table(report, judged) for judged in groups.values())
    yield from (Text(line) for line in legend(groups.values()))
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


def table(report: Report, judged: Sequence[Result]) -> Table:
    """
    Return the claims met, kinds down and runs across; of many runs, only what they do not meet.

    The runs are for one Python version and platform. Last comes what a plugin buys, where its checker
    has run without it too.
    """
    bought = differences(judged)
    brief = is_brief(judged)
    first = judged[0].run
    platform = f" for {first.platform}" if first.platform else ""
    grid = Table(
        title=f"claims met, for {report.subject}, on Python {first.python_version}{platform}",
        title_justify="left",
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        padding=0 if brief else (0, 1),
    )
    grid.add_column("claim", no_wrap=True, vertical="bottom")
    runs = [result.run for result in judged]
    heads = ["\n".join(fold(run.checker)) if brief else f"{run.checker} {run.version}" for run in runs]
    heads += [f"{gain.plugin}\nbuys" for gain in bought]
    if brief:
        grid.add_column("of", justify="right", no_wrap=True, vertical="bottom")
    for head in heads:
        grid.add_column(head, justify="right", no_wrap=True, vertical="bottom")
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


def is_brief(judged: Sequence[Result]) -> bool:
    return len(judged) + len(differences(judged)) > SPACIOUS


def legend(groups: Iterable[Sequence[Result]]) -> Iterator[str]:
    """Yield what each sign means that stands in a table and is no word."""
    tables = list(groups)
    cells = {
        shortfall(name, outcomes).plain
        for judged in tables
        if is_brief(judged)
        for name, counts in matrix(judged)
        for outcomes in counts
    }
    if cells:
        met = ["all: all met"] if "all" in cells else []
        yield "; ".join(["of: how many claims", *met, *explain(cells, OPEN)])
        yield from explain(cells, {"e": "Ne: elsewhere, not reached in this run and looked at in another"})
    if bought := {gain.count(ALL) for judged in tables for gain in differences(judged)}:
        yield f"plugin buys: {'; '.join(explain(bought, BOUGHT))}"


def explain(cells: Iterable[str], meanings: Mapping[str, str]) -> Iterator[str]:
    """Yield the meaning of each sign that stands in one of `cells`."""
    told = "".join(cells)
    yield from (meaning for sign, meaning in meanings.items() if sign in told)


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
