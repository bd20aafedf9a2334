"""What came of a check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bgtasks.check.model import Coverage, Finding, Grade, Unsettled
from bgtasks.model import Run
from bgtasks.surroundings.frameworks import Frameworks
from bgtasks.surroundings.missing import Missing


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the service in `folder` runs with, as it was checked."""

    folder: Path
    python: Path
    python_version: str
    frameworks: Frameworks


@dataclass(frozen=True, slots=True)
class CheckReport:
    """
    All findings and the coverage of all call sites.

    `sites` counts the call sites and `files` the files with any, and `sources` has the text of those with
    something to show. `unsettled` are the calls of an `add_task` of which nobody can tell whether it is
    Starlette's. `known` are the findings of the baseline and `stale` counts its entries that are gone,
    `ignored` counts what comments keep quiet about, and `hidden`, by code, what is off by itself. `notes`
    are lines about what went without, `errors` about what could not be checked. `python` is the interpreter
    of the app, the first of several, None where no checker was asked. `runtimes` tell what each service
    runs with, and `missing` which imports are not found.
    """

    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    runs: tuple[Run, ...]
    files: int
    sites: int = 0
    sources: Mapping[Path, str] = field(default_factory=dict[Path, str])
    unsettled: tuple[Unsettled, ...] = ()
    ignored: int = 0
    known: tuple[Finding, ...] = ()
    stale: int = 0
    hidden: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    min_coverage: float | None = None
    python: Path | None = None
    runtimes: tuple[Runtime, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def percentage(self) -> float | None:
        """How many of 100 call sites are fully typed, None where that was not asked or there is none."""
        typed = sum(one.grade is Grade.TYPED for one in self.coverage)
        return 100 * typed / len(self.coverage) if self.coverage else None

    @property
    def covered(self) -> bool:
        """Whether the coverage is what it must be at least."""
        return self.min_coverage is None or self.percentage is None or self.percentage >= self.min_coverage

    @property
    def failures(self) -> tuple[Run, ...]:
        """The runs that nothing can be concluded from."""
        return tuple(run for run in self.runs if run.failure is not None)

    @property
    def exit_code(self) -> int:
        """0 when nothing is found and enough is covered, 1 when not, 2 when something was not checked."""
        if self.errors or self.failures:
            return 2
        return 1 if self.findings or not self.covered else 0
