"""Ask the checkers about mutants, round by round: one that is killed is not asked about again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bgtasks.claims.model import Case
from bgtasks.model import Target
from bgtasks.prove.jobs import Job, Workers, run_jobs
from bgtasks.prove.mutants.judging import judge_in_place, judge_sibling, red
from bgtasks.prove.mutants.model import Fate, Judgement, Mutant, Score
from bgtasks.prove.mutants.modules import Modules
from bgtasks.prove.mutants.siblings import Sibling, files_of, make_family, make_sibling, plain_case
from bgtasks.prove.mutants.suite import Suite, split
from bgtasks.report.words import plural
from bgtasks.verify.model import Result
from bgtasks.verify.reporters.words import claimed, place, said

# So many mutants in one process, whoever runs it: what is answered must not depend on that.
BATCH = 40
ANCHOR = Path("bgtasks_anchor.py")


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A module and its mutants.

    `target` is what a run imports to show that what is under test is found. `place` is the path of the
    module in an environment.
    """

    suite: Suite
    mutants: tuple[Mutant, ...]
    target: Target
    place: str


@dataclass
class Trial:
    """The mutants of one module under one checker, and what is known of each so far."""

    checker: str
    subject: Subject
    judged: dict[Mutant, Judgement] = field(default_factory=dict[Mutant, Judgement])
    version: str = ""
    failure: str | None = None
    unfit: bool = False

    @property
    def alive(self) -> list[Mutant]:
        """The mutants that no claim has killed; one that its checker rejects may still be."""
        done = {Fate.KILLED, Fate.UNDECIDED}
        return [
            mutant
            for mutant in self.subject.mutants
            if mutant not in self.judged or self.judged[mutant].fate not in done
        ]

    def judge(self, judgement: Judgement) -> None:
        """Keep what is known of a mutant; that a checker rejects it is true until a claim kills it."""
        before = self.judged.get(judgement.mutant)
        if not (before and before.fate is Fate.REJECTED and judgement.fate is Fate.SURVIVED):
            self.judged[judgement.mutant] = judgement

    def hear(self, result: Result) -> None:
        """Learn the version of the checker."""
        self.version = self.version or result.run.version


@dataclass(frozen=True, slots=True)
class Question:
    """A job, and what is done with its result."""

    job: Job
    answer: Callable[[Result], None]


def try_mutants(
    subjects: Sequence[Subject],
    checkers: Sequence[str],
    modules: Modules,
    job: Job,
    *,
    workers: Workers,
    told: Callable[[str], None],
) -> list[Score]:
    """
    Return the score of each checker. What `job` says holds for every job: its packages are all under test.

    `told` hears of each round. Raises `BgtasksError` as `run_jobs` does.
    """
    trials = [Trial(checker, subject) for checker in checkers for subject in subjects]
    for number, rounds in enumerate(zip(*(split(one.suite, modules) for one in subjects), strict=True), 1):
        ask(
            [
                question
                for trial in trials
                if "+" not in trial.checker  # a plugin goes by the names of modules
                for question in ask_side_by_side(trial, rounds[subjects.index(trial.subject)], modules, job)
            ],
            workers,
            told,
            f"round {number}, side by side",
        )
    ask(
        [
            question
            for trial in trials
            if trial.unfit or "+" in trial.checker
            for question in ask_in_place(trial, job)
        ],
        workers,
        told,
        "last round, in place",
    )
    return [sum_up(checker, [trial for trial in trials if trial.checker == checker]) for checker in checkers]


def ask(questions: Sequence[Question], workers: Workers, told: Callable[[str], None], title: str) -> None:
    if not questions:
        return
    told(f"{title}: {plural(len(questions), 'run')}")
    results = run_jobs([question.job for question in questions], workers)
    for question, result in zip(questions, results, strict=True):
        question.answer(result)


def ask_side_by_side(trial: Trial, cases: Sequence[Case], modules: Modules, job: Job) -> Iterator[Question]:
    """Yield what there is to ask about the mutants that are alive, many at once, with some of the cases."""
    subject = trial.subject
    alive = trial.alive if cases else []
    family = make_family(subject.suite, cases, modules)
    original = make_sibling(0, subject.suite.module.source, family, modules)
    for first in range(0, len(alive), BATCH):
        batch = alive[first : first + BATCH]
        siblings = [
            make_sibling(number, mutant.source, family, modules) for number, mutant in enumerate(batch, 1)
        ]

        def answer(
            result: Result, batch: Sequence[Mutant] = batch, siblings: Sequence[Sibling] = siblings
        ) -> None:
            trial.hear(result)
            if result.run.failure:
                trial.failure = result.run.failure
                return
            trial.unfit |= any(red(result, original.cases))
            for mutant, sibling in zip(batch, siblings, strict=True):
                trial.judge(judge_sibling(mutant, sibling, original, result))

        everyone = [original, *siblings]
        packages = [job.packages, *(sibling.packages for sibling in everyone)]
        yield Question(
            replace(
                job,
                checker=trial.checker,
                cases=(anchor(subject.target), *files_of(everyone)),
                target=subject.target,
                imported=subject.target,
                packages={name: text for files in packages for name, text in files.items()},
            ),
            answer,
        )


def anchor(target: Target) -> Case:
    """Return a file that imports what is under test, as one has to."""
    return plain_case(ANCHOR, f"from {target.module} import {target.name}\n")


def ask_in_place(trial: Trial, job: Job) -> Iterator[Question]:
    """
    Yield what there is to ask about each mutant that is alive, in the place of the original.

    It needs a process for each: there, a case or a plugin that goes by the names of modules is at home.
    """
    subject = trial.subject
    cases = {case.path: case for case in subject.suite.cases}
    if trial.failure or not trial.alive or not cases:
        return

    def question(source: str, answer: Callable[[Result], None]) -> Question:
        return Question(
            replace(
                job,
                checker=trial.checker,
                cases=(anchor(subject.target), *subject.suite.cases),
                target=subject.target,
                imported=subject.target,
                packages={**job.packages, subject.place: source},
            ),
            answer,
        )

    def hear_original(result: Result) -> None:
        trial.hear(result)
        if result.run.failure:
            trial.failure = result.run.failure
        elif verdict := next(red(result, cases), None):
            trial.failure = (
                f"{place(verdict)}: {claimed(verdict)}, but of the original it {said(verdict)}; see to that "
                "with bgtasks verify"
            )

    yield question(subject.suite.module.source, hear_original)
    for mutant in trial.alive:

        def hear(result: Result, mutant: Mutant = mutant) -> None:
            trial.judge(judge_in_place(mutant, cases, result))

        yield question(mutant.source, hear)


def sum_up(checker: str, trials: Sequence[Trial]) -> Score:
    """Return the score of a checker, out of its trials."""
    version = next((trial.version for trial in trials if trial.version), "")
    if failure := next((trial.failure for trial in trials if trial.failure), None):
        return Score(checker, version, failure=failure)
    return Score(
        checker,
        version,
        tuple(
            trial.judged.get(
                mutant,
                Judgement(mutant, Fate.SURVIVED, said=f"no type test imports {mutant.module}"),
            )
            for trial in trials
            for mutant in trial.subject.mutants
        ),
    )
