"""One session: make the calls, ask the checkers, find what disagreements have in common."""

from collections.abc import Callable
from dataclasses import replace

from bgtasks.prove.calls.findings import Findings, disagreements
from bgtasks.prove.calls.generate import generate
from bgtasks.prove.calls.judging import Question, judge
from bgtasks.prove.calls.minimising import find_causes
from bgtasks.report.words import plural


def fuzz(
    question: Question, *, count: int, seed: int, gating: frozenset[str], told: Callable[[str], None]
) -> Findings:
    """
    Return what checkers make of `count` calls that `seed` makes.

    `told` hears what is being done. Raises `BgtasksError` when there is no way to do it.
    """
    calls = tuple(generate(count, seed))
    told(f"asking {', '.join(question.checkers)} about {plural(count, 'call')}, in two forms each")
    answers = tuple(judge(list(enumerate(calls)), question))
    findings = Findings(question.target, seed, calls, answers, gating)
    if findings.failures:
        return findings
    found = [each for one in answers for each in disagreements(list(enumerate(calls)), one)]
    if found:
        told(f"looking for the causes of {plural(len(found), 'disagreement')}")
    return replace(findings, causes=find_causes(found, question))
