"""`bgtasks vendor`."""

import sys
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from bgtasks.cli import options
from bgtasks.cli.completion import Values
from bgtasks.cli.options import PATH, named, split
from bgtasks.errors import BgtasksError
from bgtasks.report.outputs import say
from bgtasks.settings import name_known
from bgtasks.surroundings.bundle import PACKAGES
from bgtasks.surroundings.environment import find_python
from bgtasks.surroundings.trees import project_of
from bgtasks.vendor import insert, words
from bgtasks.vendor.apply import apply, locked
from bgtasks.vendor.configure import NEEDS, TYPINGS
from bgtasks.vendor.model import Entry
from bgtasks.vendor.plan import Plan, diff, make_plan, refuse_to_lose, removal
from bgtasks.vendor.probe import missing, prove_stubs
from bgtasks.vendor.state import open_project


@click.command()
@click.argument("folder", type=PATH, metavar="[DIR]", required=False)
@click.option(
    "--only",
    multiple=True,
    type=Values([*PACKAGES, "all"]),
    metavar="NAME[,NAME]",
    help="The packages, if not all that are installed.",
)
@click.option(
    "--for",
    "checkers",
    multiple=True,
    type=Values([*NEEDS, "all"]),
    metavar="NAME[,NAME]",
    help="The checkers, if not those that the project is seen to use.",
)
@click.option(
    "--python",
    type=PATH,
    metavar="FILE",
    help="The interpreter of the project's environment.",
    show_default="as said above",
)
@click.option("--write-config", is_flag=True, help="Add to pyproject.toml what the checkers need.")
@click.option("--verify", is_flag=True, help="Prove, checker by checker, that it took effect.")
@click.option("--check", is_flag=True, help="Write nothing; tell whether all is in step.")
@click.option("--diff", "differ", is_flag=True, help="Write nothing; show what would change.")
@click.option("--dry-run", is_flag=True, help="Write nothing; tell what would be done.")
@click.option("--remove", is_flag=True, help="Remove what was vendored.")
@click.option("--force", is_flag=True, help="Lose what others have written or changed.")
@options.timeout
def vendor(
    *,
    folder: Path | None,
    only: tuple[str, ...],
    checkers: tuple[str, ...],
    python: Path | None,
    write_config: bool,
    verify: bool,
    check: bool,
    differ: bool,
    dry_run: bool,
    remove: bool,
    force: bool,
    timeout: float | None,
) -> None:
    """
    Copy the stubs into a project, for the checkers that it uses.

    DIR is a folder of the project, typings/ unless given. What is there already and in step is left
    as it is. Nothing is ever written outside of the project, which is the nearest folder with a
    pyproject.toml, setup.py, setup.cfg or .git, the current one or above.

    Without --python the environment is the one that the project is installed in; or the active one
    (VIRTUAL_ENV, CONDA_PREFIX), unless that is the one of bgtasks; or .venv, venv or env in the project or
    above; or the one of bgtasks.

    Exit codes: 0 all is in step, and proved if that was asked for; 1 it is not; 2 nothing could be
    done.
    """
    if check and (remove or force or write_config):
        raise BgtasksError("--check writes nothing; leave out --remove, --force and --write-config")
    reading = check or differ or dry_run
    root = project_of(Path())
    project = open_project(folder or root / TYPINGS, python or find_python(root))
    with nullcontext() if reading else locked(project):
        plan = make_plan(
            project,
            only=named("--only", lambda names: read_names(names, PACKAGES), split(only)) or (),
            checkers=named("--for", lambda names: read_names(names, NEEDS), split(checkers)) or (),
            checking=check or remove,
            force=force,
        )
        entries = removal(plan) if remove else plan.entries
        if not reading:
            carry_out(plan, entries, remove=remove, force=force, write_config=write_config)
    if differ:
        say("".join(diff(project, entries)), nl=False)
    for line in (*words.entry_lines(plan, entries, done=not reading), *plan.drift):
        say(line)
    if remove:
        say(words.farewell(plan, done=not reading))
        return
    written = write_config and not reading
    added = words.advice_lines(plan.advices if written else (), added=True)
    for line in (*words.unseen_lines(plan), *added, words.summary(plan)):
        say(line)
    ok = plan.in_step if check else reading or not plan.drift
    if verify:
        proofs = prove_stubs(project, plan.upstream, plan.checkers, timeout or 300)
        ok = ok and all(proof.ok for proof in proofs)
        lines = words.proof_lines(proofs, plan.advices)
    else:
        lines = words.next_lines(plan, missing(project.python, plan.checkers), written=written)
    for line in () if check and not verify else lines:
        say(line)
    sys.exit(0 if ok else 1)


def read_names(names: Sequence[str], known: Collection[str]) -> Sequence[str]:
    """Return `names` without repeats, in the order of `known`; "all" stands for every one there is."""
    for name in names:
        if name not in (*known, "all"):
            raise BgtasksError(f"{name!r} is not known; {name_known(name, [*known, 'all'])}")
    return [name for name in known if name in names or "all" in names]


def carry_out(plan: Plan, entries: Sequence[Entry], *, remove: bool, force: bool, write_config: bool) -> None:
    """Do what was planned, or refuse to before anything is done."""
    if not force:
        refuse_to_lose(plan.project, entries)
    if write_config and not remove:
        insert.refuse_contradictions(plan.advices)
        insert.plan_config(plan.project.root, plan.advices)
    apply(plan.project, entries, None if remove else plan.manifest)
    if write_config and not remove:
        insert.write_config(plan.project.root, plan.advices)
