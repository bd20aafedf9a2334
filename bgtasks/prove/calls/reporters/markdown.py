"""Findings as a document, with the command that finds them again."""

from collections.abc import Iterator

from bgtasks.prove.calls.findings import Findings
from bgtasks.prove.calls.model import Form
from bgtasks.prove.calls.reporters.words import command, failures, lost, rows, show, tally, verdict, who

INTRODUCTION = """\
# Generated calls

Calls that a seed makes: half of them of functions, methods and classes, half of all else that can be called.
About half are right, the others have one fault each. Each is made twice, through `{target}` and
directly. What a checker misses in both forms, the checker lacks; what it misses through the target only,
the target loses. Which calls are right is known from how they are made: each type comes with values that have
it and values that do not.

```sh
{command}
```
"""
LEGEND = """\
A cell tells how many wrong calls are accepted / right calls rejected through the target and, where that
differs, in parentheses of the direct call. A point is none. Core constructs, functions, methods and
classes, are bold: there the gate allows nothing.
"""


def render(findings: Findings) -> str:
    return "\n".join(lines(findings))


def lines(findings: Findings) -> Iterator[str]:
    yield INTRODUCTION.format(target=findings.target, command=command(findings))
    yield from failures(findings)
    if findings.failures:
        return
    yield verdict(findings) + "\n"
    yield from table(findings)
    yield "\n" + LEGEND
    if findings.causes:
        yield "## The smallest call of each cause\n"
    for cause in findings.causes:
        yield f"{cause.call.construct.name}, {who(cause)}:\n\n```python\n{show(findings, cause.call)}\n```\n"


def table(findings: Findings) -> Iterator[str]:
    runs = [each.run for each in findings.answers]
    yield f"| construct | right | wrong | {' | '.join(f'{run.checker} {run.version}' for run in runs)} |"
    yield "|---|--:|--:|" + "--:|" * len(runs)
    every = rows(findings)
    for row in every:
        cells: list[str] = []
        for answers in findings.answers:
            through, direct = (tally(findings, answers, row, form) for form in Form)
            cells.append(str(through) if through == direct else f"{through} ({direct})")
        name = f"**{row.name}**" if row.core else row.name
        yield f"| {name} | {row.right} | {row.wrong} | {' | '.join(cells)} |"
    losses = " | ".join(str(lost(findings, answers, every[-1])) for answers in findings.answers)
    yield f"| lost through the target | | | {losses} |"
