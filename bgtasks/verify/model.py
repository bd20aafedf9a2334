"""The nouns of a verification: what is to be checked, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bgtasks.checkers.options import Options
from bgtasks.claims.model import Case, Claim, Outcome, Verdict
from bgtasks.model import DEFAULT_TARGET, Run, Target


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is to be checked, and where it resolves.

    `python` is the interpreter in whose environment imports resolve, and `stubs` a folder of
    `*-stubs` packages that are laid over it. Where the cases import `imported`, they import
    `target` instead; without a target all that they import is proved. `cache` is a folder for what
    outlives a run, None for nothing. `beside` are files that cases import, by their place, and
    `starts` further folders that imports start from. `options` are what the user asks of checkers, by name.
    """

    cases: Sequence[Case]
    target: Target | None
    python: Path
    imported: Target = DEFAULT_TARGET
    stubs: Path | None = None
    cache: Path | None = None
    beside: Sequence[tuple[Path, Path]] = ()
    starts: Sequence[Path] = ()
    options: Mapping[str, Options] = field(default_factory=dict[str, Options])


@dataclass(frozen=True, slots=True)
class Result:
    """
    A run and what it is worth; without a verdict where the run failed.

    A run that does not gate is shown as any other, but what it misses turns nothing red.
    """

    run: Run
    verdicts: tuple[Verdict, ...] = ()
    gates: bool = True

    @property
    def bad(self) -> tuple[Verdict, ...]:
        """The verdicts that turn the run red."""
        return tuple(
            verdict
            for verdict in self.verdicts
            if not verdict.outcome.ok and verdict.outcome is not Outcome.NOT_LOOKED_AT
        )

    @property
    def unseen(self) -> tuple[Verdict, ...]:
        """The verdicts on claims that the checker has looked at in no run."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.NOT_LOOKED_AT)


class Decision(Enum):
    """What Python, executing a case, says of a claim."""

    DECIDED = "decided"
    UNDECIDABLE = "undecidable"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the oracle says of one claim, and why where it does not bear it out.

    It is firm where the opposite claim would have been contradicted.
    """

    path: Path
    claim: Claim
    decision: Decision
    why: str = ""
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the oracle says; `aside` are the cases that could not be executed to their end, and why."""

    answers: tuple[Answer, ...]
    aside: tuple[tuple[Path, str], ...] = ()

    def of(self, decision: Decision) -> tuple[Answer, ...]:
        """Return the answers of one kind."""
        return tuple(answer for answer in self.answers if answer.decision is decision)

    @property
    def exit_code(self) -> int:
        """0 when no claim is contradicted, 1 when one is, 2 when a case was not executed to its end."""
        if self.aside or not self.answers:
            return 2
        return 1 if self.of(Decision.CONTRADICTED) else 0


@dataclass(frozen=True, slots=True)
class Report:
    """
    All runs over all cases; `errors` are the lines about cases that could not be read.

    `oracle` is what Python says of the claims, where it was asked instead of checkers. `suite` is the
    name of the suite that they are of, "" where it has none.
    """

    target: Target | None
    cases: tuple[Case, ...]
    results: tuple[Result, ...]
    errors: tuple[str, ...] = ()
    oracle: Judgement | None = None
    suite: str = ""

    @property
    def subject(self) -> str:
        """What the report is about: the target, if there is one, and the suite, if it has a name."""
        subject = str(self.target or "type tests")
        return f"{subject} in the suite {self.suite}" if self.suite else subject

    @property
    def exit_code(self) -> int:
        """0 when every gating run meets every claim, 1 when one does not, 2 when one could not be made."""
        if self.oracle:
            return 2 if self.errors else self.oracle.exit_code
        if self.errors or not self.results or any(result.run.failure for result in self.results):
            return 2
        if any(result.unseen or result.run.aside for result in self.results):
            return 2
        return 1 if any(result.gates and result.bad for result in self.results) else 0
