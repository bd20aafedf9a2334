"""
The report as workflow commands of GitHub Actions, which put it beside the lines of a pull request.

GitHub shows ten annotations of each level for a step, so what matters comes first. What needs nobody
to act, a gap, is folded away in the log.
"""

from collections.abc import Iterator

from bgtasks.claims.model import Outcome, Verdict
from bgtasks.report.github import command, named, plain
from bgtasks.report.places import in_repository
from bgtasks.report.words import label, plural
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.words import ALL, cell, claimed, place, reasons, said, summary, tally, unseen


def render(report: Report) -> str:
    return "".join(f"{line}\n" for line in lines(report))


def lines(report: Report) -> Iterator[str]:
    level = "error" if report.exit_code else "notice"
    title = f"bgtasks verify {report.subject}: exit code {report.exit_code}"
    yield command(level, "\n".join([summary(report), *map(state, report.results)]), title=title)
    for error in report.errors:
        yield command("error", error, **named(error), title="not checked")
    for result in report.results:
        if result.run.failure is not None:
            yield command("error", result.run.failure, title=f"not checked by {label(result.run)}")
    for one in unseen(report):
        yield command("error", one, **named(one), title="not looked at")
    for result in sorted(report.results, key=lambda result: not result.gates):
        level = "error" if result.gates else "warning"
        yield from (annotation(level, verdict, result) for verdict in result.bad)
    for result in report.results:
        yield from gaps(result)


def state(result: Result) -> str:
    """Return one line on a run."""
    worth = "gates" if result.gates else "does not gate"
    if result.run.failure is not None:
        came = "not checked"
    else:
        came = "met " + ", ".join(words for words, _ in cell(ALL, tally(result)[ALL]))
    return f"{label(result.run)}, which {worth}: {came}, in {result.run.seconds:.1f} s"


def annotation(level: str, verdict: Verdict, result: Result) -> str:
    return command(
        level,
        f"{claimed(verdict)}, {said(verdict)}",
        file=in_repository(verdict.path).as_posix(),
        line=str(verdict.line),
        title=f"{label(result.run)}: {verdict.outcome.value}",
    )


def gaps(result: Result) -> Iterator[str]:
    found = [verdict for verdict in result.verdicts if verdict.outcome is Outcome.GAP]
    if found:
        yield command("group", f"{label(result.run)}: {plural(len(found), 'gap')}")
        for verdict in found:
            why = "; ".join(reasons(verdict, result.run))
            yield plain(f"{place(verdict)}: {claimed(verdict)}, {said(verdict)}; gap: {why}")
        yield command("endgroup", "")
