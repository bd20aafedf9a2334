"""Findings for a person at a terminal: causes, the table, one line that sums up."""

from collections.abc import Iterator
from textwrap import indent

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.prove.calls.findings import Findings
from bgtasks.prove.calls.model import Form
from bgtasks.prove.calls.reporters.words import failures, lost, rows, show, tally, verdict, who

LEGEND = """\
2/1: two wrong calls accepted and one right call rejected, through the target; ·: none
(2/1): of the direct call, where that differs; lost: right of the direct call, wrong through the target
*: a core construct, of functions, methods and classes, where a checker that gates may be wrong of no call\
"""


def render(findings: Findings) -> Iterator[RenderableType]:
    """Yield the parts of the report."""
    yield from (Text(line, "red") for line in failures(findings))
    for cause in findings.causes:
        yield Text(who(cause), "yellow")
        yield Text(indent(show(findings, cause.call), "    "))
    if not findings.failures and findings.answers:
        yield table(findings)
        yield Text(LEGEND)
    for checker, number in [*findings.broken, *findings.unequal][:20]:
        yield Text(f"{checker}, call {number}:\n{show(findings, findings.calls[number], number)}", "red")
    yield Text(verdict(findings), "bold red" if findings.exit_code else "bold green")


def table(findings: Findings) -> Table:
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column("construct")
    made.add_column("calls", justify="right")
    for answers in findings.answers:
        made.add_column(answers.run.checker, justify="right")
    for row in rows(findings):
        made.add_row(
            f"{row.name} *" if row.core else row.name,
            str(len(row.numbers)),
            *(cell(findings, row.name, n) for n in range(len(findings.answers))),
        )
    made.add_row(
        "lost through the target",
        "",
        *(str(lost(findings, each, rows(findings)[-1])) for each in findings.answers),
    )
    return made


def cell(findings: Findings, name: str, index: int) -> str:
    row = next(each for each in rows(findings) if each.name == name)
    through, direct = (tally(findings, findings.answers[index], row, form) for form in Form)
    return str(through) if through == direct else f"{through} ({direct})"
