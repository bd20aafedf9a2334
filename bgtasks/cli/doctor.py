"""`bgtasks doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from bgtasks.cli.options import Checkers, Python, Stubs, Target, Timeout, named, override, split
from bgtasks.settings import load_settings, read_checkers, read_target


def doctor(
    *,
    target: Target = None,
    checkers: Checkers = None,
    stubs: Stubs = None,
    python: Python = None,
    timeout: Timeout = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """
    Tell of each checker whether it is there, and whether it sees what it is to check.

    Exit codes: 0 every gating checker proves itself; 2 one does not.
    """
    from bgtasks.doctor import examine, render, to_json  # noqa: PLC0415 - verify starts sooner without
    from bgtasks.outputs import show  # noqa: PLC0415 - as above

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
        typer.echo(to_json(healths))
    else:
        show(render(healths), settings)
    raise typer.Exit(2 if any(health.gates and health.problem for health in healths) else 0)
