"""What checkers make of generated calls, and where that is not what is right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bgtasks.claims.model import Outcome
from bgtasks.errors import BgtasksError
from bgtasks.model import Diagnostic, Run, Target
from bgtasks.prove.calls.model import Call, Form
from bgtasks.prove.calls.through import DEFAULT, Through
from bgtasks.prove.calls.writing import Sheet, write
from bgtasks.prove.jobs import Job, Workers, run_jobs
from bgtasks.verify.model import Result

# So many calls are one job: a checker's memory grows with them, and its start is paid for each time.
A_JOB = 5_000

Said = Mapping[tuple[int, Form], tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """
    How calls are to be judged: by which checkers, and through which target.

    Imports resolve in the environment of `python`, which is that of each worker where it is None, and
    before that in `starts`.
    """

    checkers: tuple[str, ...]
    target: Target
    python: Path | None
    workers: Workers
    timeout: float
    through: Through = DEFAULT
    starts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What one checker said of each call, by its number and form.

    `run` tells which checker, and why nothing can be concluded, where that is so.
    """

    run: Run
    said: Said

    def is_wrong(self, number: int, call: Call, form: Form) -> bool:
        """Tell whether a right call was rejected, or a wrong one accepted."""
        return bool(self.said[number, form]) != (call.kind is not None)


def judge(calls: Sequence[tuple[int, Call]], question: Question) -> list[Answers]:
    """
    Ask each checker about each (number, call).

    Raises `BgtasksError` where a checker rejects more than the calls.
    """
    starts = range(0, len(calls), A_JOB)
    parts = [write(calls[one : one + A_JOB], question.target, question.through) for one in starts]
    jobs = [
        Job(
            checker,
            tuple(sheet.case for sheet in part),
            question.target,
            imported=question.target,
            python=question.python,
            timeout=question.timeout,
            starts=question.starts,
        )
        for checker in question.checkers
        for part in parts
    ]
    results = run_jobs(jobs, question.workers)
    size = len(parts)
    return [
        read_answers(results[index * size : (index + 1) * size], parts)
        for index in range(len(question.checkers))
    ]


def read_answers(results: Sequence[Result], parts: Sequence[Sequence[Sheet]]) -> Answers:
    """Put together what one checker said of all parts."""
    failed = next((result.run for result in results if result.run.failure or result.run.aside), None)
    if failed:
        return Answers(failed, {})
    said = chain.from_iterable(read_said(*each) for each in zip(results, parts, strict=True))
    return Answers(results[0].run, dict(said))


def read_said(
    result: Result, sheets: Sequence[Sheet]
) -> Iterator[tuple[tuple[int, Form], tuple[Diagnostic, ...]]]:
    by_path = {sheet.case.path: sheet for sheet in sheets}
    for verdict in result.verdicts:
        sheet = by_path[verdict.path]
        if verdict.claim is None or verdict.outcome is Outcome.NOT_LOOKED_AT:
            line = sheet.case.source.split("\n")[verdict.line - 1]
            why = verdict.diagnostics[0] if verdict.diagnostics else verdict.outcome.value
            raise BgtasksError(f"{result.run.checker} does not judge a generated call alone: {line}: {why}")
        yield sheet.lines[verdict.line], verdict.diagnostics
