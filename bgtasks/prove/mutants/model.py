"""The nouns of a mutation run: mutants, and what becomes of each under each checker."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bgtasks.claims.model import Verdict


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    A module with one change to one signature.

    `path` is the file as the user named it, `line` where what is changed stands in it, `name` what it
    defines, such as "BackgroundTasks.add_task". `before` and `after` are the signature in one line,
    `source` the whole module.
    """

    module: str
    path: Path
    line: int
    name: str
    mutator: str
    before: str
    after: str
    source: str

    @property
    def address(self) -> str:
        """What is changed, such as "bgtasks.background:BackgroundTasks.add_task"."""
        return f"{self.module}:{self.name}"


class Fate(Enum):
    """What becomes of a mutant under one checker."""

    KILLED = "killed"
    REJECTED = "rejected"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant that no claim can tell from the original under `checkers`, and why."""

    name: str
    after: str
    checkers: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    A mutant under one checker.

    `verdict` is the first that turns red; it names the case as the user did. `said` is what the checker
    says of the mutant itself, why nothing is known of it, or why it is equivalent.
    """

    mutant: Mutant
    fate: Fate
    verdict: Verdict | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """All mutants under one checker; `failure` says why there are none."""

    checker: str
    version: str
    judgements: tuple[Judgement, ...] = ()
    failure: str | None = None

    @property
    def counts(self) -> Counter[Fate]:
        """How many mutants have which fate."""
        return Counter(judgement.fate for judgement in self.judgements)

    @property
    def percentage(self) -> float | None:
        """What part of those that a claim could kill is killed; None where there is none."""
        could = self.counts[Fate.KILLED] + self.counts[Fate.SURVIVED]
        return 100 * self.counts[Fate.KILLED] / could if could else None

    def of(self, fate: Fate) -> Sequence[Judgement]:
        """Return the judgements that have a fate."""
        return [judgement for judgement in self.judgements if judgement.fate is fate]


@dataclass(frozen=True, slots=True)
class MutationReport:
    """
    What became of all mutants; `stale` are lines on those that are listed as equivalent and are not.
    """

    mutants: tuple[Mutant, ...]
    scores: tuple[Score, ...]
    stale: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when no mutant survives, 1 when one does, 2 when that could not be found out."""
        if self.stale or any(score.failure or score.counts[Fate.UNDECIDED] for score in self.scores):
            return 2
        return 1 if any(score.counts[Fate.SURVIVED] for score in self.scores) else 0
