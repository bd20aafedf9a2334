"""The report for a person at a terminal: what failed and why, then one table."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.model import Kind, Outcome, Report, Result, Run, Verdict


def render(report: Report) -> Iterator[RenderableType]:
    """Yield the failures, the table of claims by kind and run, and one line that sums up."""
    yield from (Text(error, "red") for error in report.errors)
    yield from failures(report.results)
    yield from conclusion(report)


def conclusion(report: Report) -> Iterator[RenderableType]:
    """Yield the table and the line that sums up."""
    if any(result.run.failure is None for result in report.results):
        yield table(report)
    yield summary(report)


def failures(results: Sequence[Result]) -> Iterator[Text]:
    """Yield a line for each run that failed, and one for each verdict that turns a run red, file by file."""
    for result in results:
        if result.run.failure is not None:
            yield Text(f"{label(result.run)}: {result.run.failure}", "red")
    bad = [(verdict, result.run) for result in results if result.gates for verdict in result.bad]
    for verdict, run in sorted(bad, key=lambda item: (item[0].path, item[0].line)):
        place = Text(f"{verdict.path}:{verdict.line}: ", "bold")
        yield place.append(f"{claimed(verdict)}, {label(run)} {said(verdict)}", "not bold")


def claimed(verdict: Verdict) -> str:
    if verdict.claim is None:
        return "claimed nothing, so silence"
    names = ", ".join(f"!{gap.checker}" for gap in verdict.claim.gaps)
    gap = f" with a gap ({names})" if verdict.outcome is Outcome.CLOSED_GAP else ""
    return f"claimed {verdict.claim}{gap}"


def said(verdict: Verdict) -> str:
    words = "; ".join(str(diagnostic) for diagnostic in verdict.diagnostics)
    match verdict.outcome:
        case Outcome.CLOSED_GAP:
            return f"meets it now, so take the mark away (it said: {words or 'nothing'})"
        case Outcome.MISSED:
            return "said nothing"
        case _:
            return f"said: {words}"


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
    claimed = Counter(claim.kind for case in report.cases for claim in case.claims)
    for kind in (None, *Kind):
        if claimed[kind]:
            grid.add_row(
                "OK" if kind is None else kind.value,
                *(
                    cell([found for found in result.verdicts if found.claim and found.claim.kind is kind])
                    for result in judged
                ),
            )
    grid.add_section()
    grid.add_row("all", *(cell([found for found in result.verdicts if found.claim]) for result in judged))
    grid.add_row(
        "without a claim",
        *(silence([found for found in result.verdicts if not found.claim]) for result in judged),
    )
    grid.add_row("time", *(f"{result.run.seconds:.1f} s" for result in judged))
    return grid


def cell(verdicts: Sequence[Verdict]) -> Text:
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    text = Text(f"{outcomes[Outcome.MET]}/{len(verdicts)}")
    if outcomes[Outcome.GAP]:
        text.append(f", {plural(outcomes[Outcome.GAP], 'gap')}", "yellow")
    bad = sum(count for outcome, count in outcomes.items() if not outcome.ok)
    if bad:
        text.append(f", {bad} wrong", "red")
    return text


def silence(verdicts: Sequence[Verdict]) -> Text:
    return Text(f"{len(verdicts)} rejected", "red") if verdicts else Text("silent")


def summary(report: Report) -> Text:
    """Return the last line: what was checked, and what came of it."""
    claims = sum(len(case.claims) for case in report.cases)
    checked = f"{plural(claims, 'claim')} in {plural(len(report.cases), 'file')}"
    failed = [label(result.run) for result in report.results if result.run.failure is not None]
    bad = sum(len(result.bad) for result in report.results if result.gates)
    if failed:
        return Text(f"Not checked by {' and '.join(failed)}: {checked}.", "bold red")
    if report.errors:
        return Text(f"Not all checked: {plural(len(report.errors), 'file')} could not be read.", "bold red")
    if bad:
        return Text(f"Red: {plural(bad, 'verdict')} on {checked}.", "bold red")
    runs = " and ".join(label(result.run) for result in report.results)
    return Text(f"Green: {checked}, under {runs}.", "bold green")


def label(run: Run) -> str:
    return f"{run.checker} {run.version}".strip() + f" on {run.python_version}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
