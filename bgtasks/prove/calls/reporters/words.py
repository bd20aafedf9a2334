"""What all formats say in the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.prove.calls.constructs import CONSTRUCTS
from bgtasks.prove.calls.findings import Cause, Findings
from bgtasks.prove.calls.judging import Answers
from bgtasks.prove.calls.model import Call, Construct, Form
from bgtasks.prove.calls.writing import claim, statement
from bgtasks.report.words import plural


@dataclass(frozen=True, slots=True)
class Tally:
    """How many calls were judged wrongly: wrong ones accepted, and right ones rejected."""

    accepted: int
    rejected: int

    def __str__(self) -> str:
        return f"{self.accepted}/{self.rejected}" if self.accepted or self.rejected else "·"


@dataclass(frozen=True, slots=True)
class Row:
    """A construct, whether it is a core one, how many of its calls are right, and how many wrong."""

    name: str
    core: bool
    right: int
    wrong: int
    numbers: tuple[int, ...]


def rows(findings: Findings) -> list[Row]:
    """Return a row for each construct of which there are calls, and one for all calls."""
    found = [
        make_row(
            findings,
            construct,
            [n for n, call in enumerate(findings.calls) if call.construct is construct],
        )
        for construct in CONSTRUCTS
    ]
    return [*(row for row in found if row.numbers), make_row(findings, None, range(len(findings.calls)))]


def make_row(findings: Findings, construct: Construct | None, numbers: Sequence[int]) -> Row:
    wrong = sum(findings.calls[n].kind is not None for n in numbers)
    name, core = (construct.name, construct.core) if construct else ("all", False)
    return Row(name, core, len(numbers) - wrong, wrong, tuple(numbers))


def tally(findings: Findings, answers: Answers, row: Row, form: Form) -> Tally:
    wrong = [
        findings.calls[n].kind is not None
        for n in row.numbers
        if answers.is_wrong(n, findings.calls[n], form)
    ]
    return Tally(sum(wrong), len(wrong) - sum(wrong))


def lost(findings: Findings, answers: Answers, row: Row) -> int:
    """Return how many calls are judged rightly when they are made directly, and not through the target."""
    return sum(
        answers.is_wrong(n, findings.calls[n], Form.TARGET)
        and not answers.is_wrong(n, findings.calls[n], Form.DIRECT)
        for n in row.numbers
    )


def who(cause: Cause) -> str:
    """Return which checkers a cause is of, and whether it is the target or the checker that is to blame."""
    losing = [name for name, is_lost in cause.checkers if is_lost]
    lacking = [name for name, is_lost in cause.checkers if not is_lost]
    parts = [f"lost through the target: {', '.join(losing)}"] if losing else []
    parts += [f"of the direct call too: {', '.join(lacking)}"] if lacking else []
    return "; ".join(parts)


def show(findings: Findings, call: Call, number: int = 1) -> str:
    """Return a call with what defines its callable, and its claim."""
    written = call.construct.write(call, number)
    line = f"{statement(call, written.callee, Form.TARGET, findings.through)}  # {claim(call)}"
    return f"{written.definition}\n{line}" if written.definition else line


def failures(findings: Findings) -> Iterator[str]:
    """Yield a line for each checker from which nothing can be concluded."""
    for answers in findings.failures:
        why = answers.run.failure or "; ".join(reason for _, reason in answers.run.aside)
        yield f"{answers.run.checker}: {why}"


def verdict(findings: Findings) -> str:
    """Return the line that sums up."""
    if findings.exit_code == 2:  # noqa: PLR2004 - the exit code for what could not be checked
        return "Nothing can be concluded."
    gating = [each.run.checker for each in findings.answers if each.run.checker in findings.gating]
    core = sum(call.construct.core for call in findings.calls)
    said = (
        f"{plural(len(findings.broken), 'disagreement')} on {plural(core, 'core call')} "
        f"under {' and '.join(gating) or 'no checker that gates'}"
    )
    if any("+" in each.run.checker for each in findings.answers):
        said += f"; judged otherwise with the plugin than the direct call without: {len(findings.unequal)}"
    return f"{'Red' if findings.exit_code else 'Green'}: {said}."


def command(findings: Findings) -> str:
    """Return the command that finds the same again."""
    checkers = ",".join(each.run.checker for each in findings.answers)
    return (
        f"bgtasks fuzz --calls {len(findings.calls)} --seed {findings.seed} "
        f"--target {findings.target} --checkers {checkers}"
    )
