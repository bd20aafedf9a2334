"""`bgtasks doctor`."""

import sys
from pathlib import Path

import click

from bgtasks.check.settings import load_check_settings
from bgtasks.cli import options
from bgtasks.cli.options import named, override, split
from bgtasks.doctor.health import commands_of, examine, examine_app, examine_vendored
from bgtasks.doctor.words import render, to_json
from bgtasks.report.outputs import show
from bgtasks.surroundings.environment import find_python
from bgtasks.verify.settings import READERS, load_settings, read_any_checkers, read_target


@click.command()
@options.target
@options.checkers(default="all")
@options.stubs
@options.python
@options.timeout
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def doctor(
    *,
    target: str | None,
    checkers: tuple[str, ...],
    stubs: Path | None,
    python: Path | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """
    Tell whether all is there that check and verify need, and what to write where it is not.

    Each checker is shown what it must find and what it must not. Where stubs are vendored into the
    project, tell as well whether its checkers, configured as they are, read them; and tell where
    another package called bgtasks lies in the way of ours.

    What is not given is taken from [tool.bgtasks] and [tool.bgtasks.check] in the nearest
    pyproject.toml, in the current folder or above; what that does not say either is the default.

    Exit codes: 0 every checker that check asks or that gates in verify proves itself, every checker
    reads the vendored stubs, and nothing lies in the way; 2 else.
    """
    verifying, checking = load_settings(Path()), load_check_settings(Path(), READERS)
    settings = override(
        verifying,
        target=named("--target", read_target, target),
        checkers=named("--checkers", read_any_checkers, split(checkers) or ["all"]),
        stubs=stubs,
        python=python,
        timeout=timeout,
    )
    healths = examine(settings, commands_of(verifying, checking))
    app = examine_app(checking, python)
    # Where nobody names one, the project's checkers run in its own environment, not in ours.
    ours = settings.python == Path(sys.executable)
    vendored = examine_vendored(settings, find_python(Path.cwd()) if ours else settings.python)
    if as_json:
        click.echo(to_json(healths, vendored))
    else:
        show(render(healths, app, vendored), settings)
    failed = any(health.rivals or (health.needed and health.problem) for health in healths)
    sys.exit(2 if failed or (vendored and not all(proof.ok for proof in vendored.proofs)) else 0)
