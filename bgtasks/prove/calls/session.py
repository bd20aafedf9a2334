"""One session: make the calls, ask the checkers, find what disagreements have in common."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bgtasks.files import absolute
from bgtasks.model import Target
from bgtasks.prove.calls.findings import Findings, disagreements
from bgtasks.prove.calls.generate import generate
from bgtasks.prove.calls.judging import Question, judge
from bgtasks.prove.calls.minimising import find_causes
from bgtasks.prove.calls.through import DEFAULT, Through, find_through
from bgtasks.prove.calls.writing import write_sheet
from bgtasks.report.words import plural
from bgtasks.surroundings.environment import read_environment
from bgtasks.verify.around import find_starts
from bgtasks.verify.tasks import typeshed


def find_way(target: Target, python: Path, paths: Sequence[Path]) -> tuple[Through, tuple[Path, ...]]:
    """
    Return how calls are made through `target`, and the folders of the project around that imports start from.

    `paths` are such folders, too. Raises `BgtasksError` where the target is nothing to make calls through.
    """
    starts = find_starts([Path()], [write_sheet([], target, DEFAULT, Path("calls.py")).case], python, paths)
    roots = [*starts, *map(Path, read_environment(absolute(python)).paths), typeshed()]
    return find_through(target, roots), starts


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
    findings = Findings(question.target, seed, calls, answers, gating, through=question.through)
    if findings.failures:
        return findings
    found = [each for one in answers for each in disagreements(list(enumerate(calls)), one)]
    if found:
        told(f"looking for the causes of {plural(len(found), 'disagreement')}")
    return replace(findings, causes=find_causes(found, question))
