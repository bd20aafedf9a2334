"""Whether every checker is there and sees what it is to check, and what an app runs with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.check.reporters.words import profile
from bgtasks.check.services import first_python
from bgtasks.check.settings import CheckSettings
from bgtasks.checkers import CHECKERS
from bgtasks.checkers.processes import find_program
from bgtasks.checkers.sandbox import find_stubs
from bgtasks.claims.cases import read_case
from bgtasks.distribution import PACKAGE
from bgtasks.doctor.rivals import find_rivals
from bgtasks.errors import BgtasksError, RunError
from bgtasks.files import resolve
from bgtasks.model import DEFAULT_TARGET, Checker
from bgtasks.surroundings.environment import ask, read_environment
from bgtasks.surroundings.trees import project_of
from bgtasks.vendor.model import Proof
from bgtasks.vendor.plan import find_vendored, make_plan
from bgtasks.vendor.probe import prove_stubs
from bgtasks.vendor.words import proof_lines
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify
from bgtasks.verify.settings import Settings

# The path finder finds a top-level package without importing it.
RESOLVE = """\
import importlib.machinery, json, os, sys
find = importlib.machinery.PathFinder.find_spec
target, ours, *refined = sys.argv[1:]
places = [spec and spec.origin for spec in map(find, [target, ours])]
names = dict.fromkeys([target, *refined])
stubs = [os.path.join(path, name + "-stubs") for path in sys.path for name in names]
print(json.dumps([*places, [path for path in stubs if os.path.isdir(path)], sys.path]))
"""


CHECK = "check"
REFINED = ("starlette", "fastapi")
"""The packages that our stubs refine."""


@dataclass(frozen=True, slots=True)
class Health:
    """
    What is known of one checker; `problem` is None when its canaries are as they must be.

    `asked_by` are the commands that ask it where nobody names another, and `gates` tells whether what
    it says decides the exit code of `verify`. `target` and `stubs` are where the interpreter's
    environment has them, None for nowhere. `rivals` are lines, each on another package `bgtasks` that
    lies in the way of ours.
    """

    checker: str
    executable: str | None
    version: str | None
    gates: bool
    asked_by: tuple[str, ...]
    python: str
    python_version: str | None
    target: str | None
    stubs: tuple[str, ...]
    problem: str | None
    rivals: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether it is not there at all."""
        return self.executable is None

    @property
    def needed(self) -> bool:
        """Whether a command cannot do without it."""
        return self.gates or CHECK in self.asked_by


@dataclass(frozen=True, slots=True)
class App:
    """What `check` takes the app at hand to run with; a version is None for what is not installed there."""

    python: Path
    python_version: str
    starlette: str | None
    fastapi: str | None
    stubs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vendored:
    """The stubs that were vendored into the project at hand, what is said of them, and what is proved."""

    folder: str
    proofs: tuple[Proof, ...]
    lines: tuple[str, ...]


def commands_of(verifying: Settings, checking: CheckSettings) -> Mapping[str, Sequence[str]]:
    """Return which checkers each command asks by its settings; `check` asks mypy with our plugin."""
    return {CHECK: list(map(profile, checking.checkers)), "verify": verifying.checkers}


def examine_app(settings: CheckSettings, python: Path | None) -> App:
    """Return what is in the environment of `python`, or else in that in which `check` would look."""
    found = first_python(settings.paths, python or settings.python)
    environment = read_environment(found)
    stubs = [Path(path, f"{name}-stubs") for path in environment.paths for name in REFINED]
    return App(
        python=found,
        python_version=environment.version,
        starlette=environment.version_of("starlette"),
        fastapi=environment.version_of("fastapi"),
        # lib64 is a second name of lib.
        stubs=tuple(dict.fromkeys(str(resolve(folder)) for folder in stubs if folder.is_dir())),
    )


def examine(settings: Settings, commands: Mapping[str, Sequence[str]]) -> list[Health]:
    """
    Return the health of every checker of the settings, each asked about the target alone.

    `commands` name the checkers that they ask.
    """
    target = settings.target or DEFAULT_TARGET
    match ask(settings.python, "-c", RESOLVE, target.module.partition(".")[0], PACKAGE, *REFINED):
        case [str() | None as origin, str() | None as found, [*installed], [*paths]]:
            rivals = tuple(find_rivals(found, list(map(str, paths)), project_of(Path())))
        case _:
            raise BgtasksError(f"{settings.python}: does not answer as Python; name one with --python")
    stubs = tuple(map(str, find_stubs(settings.stubs))) if settings.stubs else tuple(installed)
    path = Path("doctor.py")
    case = read_case(path, path, f"from {target.module} import {target.imported}  # OK\n", frozenset())
    plan = Plan([case], target, settings.python, target, settings.stubs)
    results = verify(plan, [CHECKERS[name] for name in settings.checkers], timeout=settings.timeout)
    healths = [diagnose(result, settings, origin, stubs, commands) for result in results]
    return [replace(health, rivals=rivals) for health in healths]


def diagnose(
    result: Result,
    settings: Settings,
    origin: str | None,
    stubs: tuple[str, ...],
    commands: Mapping[str, Sequence[str]],
) -> Health:
    """Return the health of a checker by what came of its run."""
    checker = result.run.checker
    problem = result.run.failure or "; ".join(str(found) for bad in result.bad for found in bad.diagnostics)
    return Health(
        checker=checker,
        executable=where(CHECKERS[checker]),
        version=result.run.version or None,
        gates=checker in settings.gating,
        asked_by=tuple(command for command, asked in commands.items() if checker in asked),
        python=str(settings.python),
        python_version=result.run.python_version,
        target=origin,
        stubs=stubs,
        problem=problem or None,
    )


def examine_vendored(settings: Settings, python: Path) -> Vendored | None:
    """
    Ask the project's checkers about the stubs that are vendored into it, None where there are none.

    They are asked as the project has them configured, in the environment of `python`.
    """
    project = find_vendored(python)
    if project is None:
        return None
    plan = make_plan(project, checking=True)
    checkers = [name for name in plan.checkers if name in settings.checkers]
    proofs = prove_stubs(project, plan.upstream, checkers, settings.timeout)
    drift = () if plan.in_step else ("out of step, which bgtasks vendor --check explains",)
    return Vendored(project.folder.as_posix(), proofs, (*drift, *proof_lines(proofs, plan.advices)))


def where(checker: Checker) -> str | None:
    try:
        return find_program(checker)[0][-1]
    except RunError:
        return None
