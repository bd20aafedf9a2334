"""The nouns of a verification: what is to be checked, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bgtasks.checkers.options import Options
from bgtasks.claims.model import Case, Outcome, Verdict
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


@dataclass(frozen=True, slots=True)
class Report:
    """All runs over all cases; `errors` are the lines about cases that could not be read."""

    target: Target | None
    cases: tuple[Case, ...]
    results: tuple[Result, ...]
    errors: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What the report is about: the target, if there is one."""
        return str(self.target or "type tests")

    @property
    def exit_code(self) -> int:
        """0 when every gating run meets every claim, 1 when one does not, 2 when one could not be made."""
        if self.errors or not self.results or any(result.run.failure for result in self.results):
            return 2
        if any(result.unseen or result.run.aside for result in self.results):
            return 2
        return 1 if any(result.gates and result.bad for result in self.results) else 0
