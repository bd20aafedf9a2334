"""The report as GitHub's Markdown, to be appended to $GITHUB_STEP_SUMMARY."""

from collections.abc import Iterator

from bgtasks.prove.mutants.model import Fate, Judgement, MutationReport
from bgtasks.prove.mutants.reporters.words import ROWS, percent, summary, title, where, why
from bgtasks.report.markdown import escape, folded, row, section

LISTED = {Fate.UNDECIDED: "Undecided", Fate.SURVIVED: "Survivors"}


def render(report: MutationReport) -> str:
    return "\n".join(lines(report)) + "\n"


def lines(report: MutationReport) -> Iterator[str]:
    yield "## bgtasks mutate"
    yield f"\n**{escape(summary(report))}** Exit code {report.exit_code}."
    failed = [f"{title(score)}: {score.failure}" for score in report.scores if score.failure]
    yield from section("Not done", map(escape, [*report.stale, *failed]))
    judged = [score for score in report.scores if not score.failure]
    if judged:
        yield "\n" + row(f"of {len(report.mutants)} mutants", map(title, judged))
        yield row("---", ["---:"] * len(judged), escaped=True)
        for fate in ROWS:
            yield row(fate.value, [str(score.counts[fate]) for score in judged])
        yield row("score", map(percent, judged))
    for fate, name in LISTED.items():
        yield from section(name, [item(one, title(score)) for score in judged for one in score.of(fate)])
    for fate in (Fate.EQUIVALENT, Fate.REJECTED, Fate.KILLED):
        items = [item(one, title(score)) for score in judged for one in score.of(fate)]
        yield from folded(f"{fate.value} mutant", items)


def item(judgement: Judgement, checker: str) -> str:
    mutant = judgement.mutant
    change = f"`{mutant.before}` → `{mutant.after}`" if mutant.after else f"`{mutant.before}` dropped"
    reason = f" ({escape(why(judgement))})" if why(judgement) else ""
    return f"**{escape(where(judgement))}** under {escape(checker)}{reason}: {change}"
