"""The words that the formats share."""

from bgtasks.prove.mutants.model import Fate, Judgement, MutationReport, Score
from bgtasks.report.words import plural
from bgtasks.verify.reporters import words

ROWS = (Fate.KILLED, Fate.REJECTED, Fate.SURVIVED, Fate.EQUIVALENT, Fate.UNDECIDED)


def title(score: Score) -> str:
    return f"{score.checker} {score.version}".strip()


def where(judgement: Judgement) -> str:
    mutant = judgement.mutant
    return f"{mutant.path.as_posix()}:{mutant.line}: {mutant.name}, {mutant.mutator}"


def why(judgement: Judgement) -> str:
    """Return what is known of a mutant besides its fate, in one line, "" for nothing."""
    verdict = judgement.verdict
    if verdict is None:
        return judgement.said
    return f"{words.place(verdict)}: {words.claimed(verdict)}; {words.said(verdict)}"


def percent(score: Score) -> str:
    """Return the score, in which a survivor shows however few there are; a dash where there is none."""
    value = score.percentage
    return "-" if value is None else f"{int(value * 10) / 10:g} %"


def summary(report: MutationReport) -> str:
    total = plural(len(report.mutants), "mutant")
    if failed := [score for score in report.scores if score.failure]:
        return f"Not done: {title(failed[0])} {failed[0].failure}"
    if report.stale:
        return f"Not done: {plural(len(report.stale), 'entry')} of the list of equivalents is wrong"
    if unknown := sum(score.counts[Fate.UNDECIDED] for score in report.scores):
        return f"Not done: {unknown} of {total} undecided."
    if report.exit_code:
        parts = [f"{score.counts[Fate.SURVIVED]} under {title(score)}" for score in report.scores]
        return f"Red: of {total} survive {', '.join(parts)}."
    return f"Green: no survivor among {total}, under {' and '.join(title(score) for score in report.scores)}."
