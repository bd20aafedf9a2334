"""What the oracle said, for a person at a terminal."""

from collections import defaultdict
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from bgtasks.report.words import plural
from bgtasks.verify.model import Answer, Decision, Judgement, Report
from bgtasks.verify.reporters.words import statement


def render(report: Report, oracle: Judgement) -> Iterator[RenderableType]:
    """Yield what is contradicted, what is undecidable by its reason, and one line that sums up."""
    yield from (Text(error, "red") for error in report.errors)
    yield from (Text(f"{path}: not executed to its end: {why}", "red") for path, why in oracle.aside)
    sources = {case.path: case.source.split("\n") for case in report.cases}

    def line_of(answer: Answer) -> str:
        text = " ".join(statement(sources[answer.path], answer.claim.span).split())
        return f"{answer.path}:{answer.claim.line}: {text}"

    for answer in oracle.of(Decision.CONTRADICTED):
        yield Text(f"{line_of(answer)}\n    contradicted: {answer.why}", "red")
    reasons: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in oracle.of(Decision.UNDECIDABLE):
        reasons[answer.why].append(answer)
    for reason, answers in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        yield Text(f"undecidable, {reason}: {len(answers)}", "yellow")
        yield from (Text(f"    {line_of(answer)}") for answer in answers)
    yield Text(summary(report, oracle), "bold red" if report.exit_code else "bold green")


def summary(report: Report, oracle: Judgement) -> str:
    decided = oracle.of(Decision.DECIDED)
    count = len(oracle.answers)
    share = f" ({len(decided) / count:.1%})" if count else ""
    colour = {0: "Green", 1: "Red", 2: "Not all was executed"}[report.exit_code]
    firm = sum(answer.firm for answer in decided)
    return (
        f"{colour}: of {plural(count, 'claim')} Python bears out {len(decided)}{share}, "
        f"cannot decide {len(oracle.of(Decision.UNDECIDABLE))}, "
        f"contradicts {len(oracle.of(Decision.CONTRADICTED))}. "
        f"Of {firm} it would have contradicted the opposite."
    )
