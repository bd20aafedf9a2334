"""Whether every checker is there, and sees what it is to check."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.processes import find_program
from bgtasks.checkers.sandbox import find_stubs
from bgtasks.claims.cases import read_case
from bgtasks.distribution import CURE, OURS, PACKAGE, SIGN, find_owners, tell_of
from bgtasks.errors import BgtasksError, RunError
from bgtasks.files import read_whole
from bgtasks.model import DEFAULT_TARGET, Checker
from bgtasks.surroundings.environment import ask
from bgtasks.surroundings.trees import project_of
from bgtasks.vendor.model import Proof
from bgtasks.vendor.plan import find_vendored, make_plan
from bgtasks.vendor.probe import prove_stubs
from bgtasks.vendor.words import proof_lines
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify
from bgtasks.verify.settings import Settings

# The path finder finds a top-level package without importing it.
RESOLVE = """
import importlib.machinery, json, os, sys
find = importlib.machinery.PathFinder.find_spec
places = [spec and spec.origin for spec in map(find, sys.argv[1:])]
stubs = [os.path.join(path, sys.argv[1] + "-stubs") for path in sys.path]
print(json.dumps([*places, [path for path in stubs if os.path.isdir(path)], sys.path]))
"""


@dataclass(frozen=True, slots=True)
class Health:
    """
    What is known of one checker; `problem` is None when its canaries are as they must be.

    `target` and `stubs` are where the interpreter's environment has them, None for nowhere. `rivals`
    are lines, each on another package `bgtasks` that lies in the way of ours.
    """

    checker: str
    executable: str | None
    version: str | None
    gates: bool
    python: str
    python_version: str | None
    target: str | None
    stubs: tuple[str, ...]
    problem: str | None
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vendored:
    """The stubs that were vendored into the project at hand, what is said of them, and what is proved."""

    folder: str
    proofs: tuple[Proof, ...]
    lines: tuple[str, ...]


def examine(settings: Settings) -> list[Health]:
    """Return the health of every checker of the settings, each asked about the target alone."""
    target = settings.target or DEFAULT_TARGET
    match ask(settings.python, "-c", RESOLVE, target.module.partition(".")[0], PACKAGE):
        case [str() | None as origin, str() | None as found, [*installed], [*paths]]:
            rivals = tuple(find_rivals(found, list(map(str, paths)), project_of(Path())))
        case _:
            raise BgtasksError(f"{settings.python}: does not answer as Python; name one with --python")
    stubs = tuple(map(str, find_stubs(settings.stubs))) if settings.stubs else tuple(installed)
    path = Path("doctor.py")
    case = read_case(path, path, f"from {target.module} import {target.imported}  # OK\n", frozenset())
    plan = Plan([case], target, settings.python, target, settings.stubs)
    results = verify(plan, [CHECKERS[name] for name in settings.checkers], timeout=settings.timeout)
    healths = [diagnose(result, settings, origin, stubs) for result in results]
    return [replace(health, rivals=rivals) for health in healths]


def find_rivals(found: str | None, paths: Sequence[str], project: Path) -> Iterator[str]:
    """
    Yield a line on each package `bgtasks` that is not ours: installed, found first, or in the project.

    `found` is what an import of it finds on `paths`, where an interpreter looks.
    """
    owners = [*dict.fromkeys(find_owners(paths))]
    if others := [owner for owner in owners if not owner.startswith(OURS)]:
        if len(others) < len(owners):
            yield tell_of(others, str(Path(found).parent) if found else PACKAGE)
        else:
            yield f"{' and '.join(others)} is another project; {CURE}"
    elif found and not is_ours(Path(found)):
        yield f"import {PACKAGE} finds {found}, which is not ours; rename it"
    folders = dict.fromkeys([Path.cwd(), project, Path.cwd() / "src", project / "src"])
    for path in (folder / name for folder in folders for name in (f"{PACKAGE}/__init__.py", f"{PACKAGE}.py")):
        if path.is_file() and str(path) != found and not is_ours(path):
            yield f"{path} hides ours from what starts in {path.parents[path.stem == '__init__']}; rename it"


def is_ours(file: Path) -> bool:
    with suppress(OSError):
        return SIGN in read_whole(file).decode(errors="replace")
    return False


def diagnose(result: Result, settings: Settings, origin: str | None, stubs: tuple[str, ...]) -> Health:
    """Return the health of a checker by what came of its run."""
    checker = result.run.checker
    problem = result.run.failure or "; ".join(str(found) for bad in result.bad for found in bad.diagnostics)
    return Health(
        checker=checker,
        executable=where(CHECKERS[checker]),
        version=result.run.version or None,
        gates=checker in settings.gating,
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


def to_json(healths: Sequence[Health], vendored: Vendored | None) -> str:
    proofs = {proof.checker: asdict(proof) for proof in vendored.proofs} if vendored else {}
    rows = [asdict(health) | {"vendored": proofs.get(health.checker)} for health in healths]
    return json.dumps(rows, indent=2)


def render(healths: Sequence[Health], vendored: Vendored | None) -> Iterator[RenderableType]:
    """
    Yield for a person what holds for all checkers, then the table, one checker a row.

    What is known of vendored stubs comes last.
    """
    first = healths[0]
    yield Text(f"python   {first.python} ({first.python_version})")
    yield Text(f"target   {first.target or 'not found'}")
    yield Text(f"stubs    {', '.join(first.stubs) or 'none'}")
    yield from (Text(f"in the way: {line}", "red") for line in first.rivals)
    grid = Table("checker", "version", "gates", "canaries", box=box.SIMPLE, pad_edge=False)
    for health in healths:
        grid.add_row(
            health.checker,
            health.version or "",
            "yes" if health.gates else "no",
            Text(health.problem, "red") if health.problem else Text("as they must be", "green"),
        )
    yield grid
    if vendored is not None:
        yield Text(f"vendored {vendored.folder}, under the project's own configuration")
        yield from (Text(f"  {line}") for line in vendored.lines)
