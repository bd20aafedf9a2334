"""The report as GitHub's Markdown, to be appended to $GITHUB_STEP_SUMMARY."""

from collections.abc import Iterator, Sequence

from bgtasks.claims.model import Outcome, Verdict
from bgtasks.report.markdown import escape, folded, row, section
from bgtasks.report.words import label
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.gains import differences, winners
from bgtasks.verify.reporters.words import (
    address,
    cell,
    claimed,
    matrix,
    notes,
    place,
    reasons,
    said,
    summary,
    unchecked,
)


def render(report: Report) -> str:
    return "\n".join(lines(report)) + "\n"


def lines(report: Report) -> Iterator[str]:
    yield f"## bgtasks verify {escape(report.subject)}"
    yield f"\n**{escape(summary(report))}** Exit code {report.exit_code}."
    if report.results:
        yield from table(report.results)
    yield from section("Not checked", map(escape, unchecked(report)))
    yield from section("Not judged", map(escape, notes(report)))
    yield from section("Failures", bad(report, gates=True))
    yield from section("Missed by runs that do not gate", bad(report, gates=False))
    yield from folded("gap", list(gaps(report)))


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the claims met, kinds down and runs across."""
    bought = differences(results)
    heads = [f"{gain.plugin} buys on {gain.run.python_version}" for gain in bought]
    blank = [""] * len(bought)
    yield "\n" + row("claims met", [*(label(result.run) for result in results), *heads])
    yield row("---", ["---:"] * (len(results) + len(bought)), escaped=True)
    for name, counts in matrix(results):
        cells = [
            "not checked" if result.run.failure else ", ".join(words for words, _ in cell(name, outcomes))
            for result, outcomes in zip(results, counts, strict=True)
        ]
        yield row(name, [*cells, *(gain.count(name) for gain in bought)])
    yield row("gates", [*("yes" if result.gates else "no" for result in results), *blank])
    yield row("time", [*(f"{result.run.seconds:.1f} s" for result in results), *blank])


def bad(report: Report, *, gates: bool) -> Iterator[str]:
    for result in report.results:
        if result.gates == gates:
            yield from (line(verdict, result) for verdict in result.bad)


def gaps(report: Report) -> Iterator[str]:
    bought = differences(report.results)
    for result in report.results:
        closers = winners(gain for gain in bought if gain.plain is result.run)
        for verdict in result.verdicts:
            if verdict.outcome is Outcome.GAP:
                why = "; ".join(map(link, reasons(verdict, result.run)))
                closer = closers.get((verdict.path, verdict.line))
                closed = f", closed by {escape(closer)}" if closer else ""
                yield f"{line(verdict, result)}; gap: {why}{closed}"


def line(verdict: Verdict, result: Result) -> str:
    words = f"{claimed(verdict)}, {label(result.run)} {said(verdict)}"
    return f"**{escape(place(verdict))}** {escape(words)}"


def link(reason: str) -> str:
    url = address(reason)
    return f"[{escape(reason)}](<{url}>)" if url else escape(reason)
