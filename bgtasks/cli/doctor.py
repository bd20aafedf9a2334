"""`bgtasks doctor`."""

import sys
from pathlib import Path

import click

from bgtasks.cli import options
from bgtasks.cli.options import named, override, split
from bgtasks.doctor import examine, render, to_json
from bgtasks.outputs import show
from bgtasks.settings import load_settings, read_checkers, read_target


@click.command()
@options.target
@options.checkers
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
    Tell of each checker whether it is there, and whether it sees what it is to check.

    Exit codes: 0 every gating checker proves itself; 2 one does not.
    """
    settings = override(
        load_settings(Path()),
        target=named("--target", read_target, target),
        checkers=named("--checkers", read_checkers, split(checkers) or ["all"]),
        stubs=stubs,
        python=python,
        timeout=timeout,
    )
    healths = examine(settings)
    if as_json:
        click.echo(to_json(healths))
    else:
        show(render(healths), settings)
    sys.exit(2 if any(health.gates and health.problem for health in healths) else 0)
