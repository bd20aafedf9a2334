"""The command line."""

import importlib.metadata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.text import Text

from bgtasks import model
from bgtasks.errors import BgtasksError
from bgtasks.outputs import show, write_outputs
from bgtasks.reporters import FORMATS, terminal, words
from bgtasks.session import check, explain, recheck
from bgtasks.settings import (
    Settings,
    load_settings,
    read_checkers,
    read_outputs,
    read_target,
    read_versions,
)

S = TypeVar("S")
T = TypeVar("T")

app: typer.Typer = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)

Target = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:CLASS",
        help="The class under test; replaces the one that the settings name, "
        "or else bgtasks:BackgroundTasks, where the cases import that.",
    ),
]
Checkers = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[,NAME]", help="The checkers to ask, or all.", show_default="mypy,pyright"),
]
Stubs = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of *-stubs packages to lay over the environment.")
]
Python = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The interpreter in whose environment imports resolve.",
        show_default="the one that runs bgtasks",
    ),
]
Versions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="X.Y",
        help="A Python version to check for; can be given more than once.",
        show_default="that of --python",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", min=0.1, help="The time limit of each checker.", show_default="300"),
]


def show_version(value: bool) -> None:
    if value:
        typer.echo(f"typed-bgtasks {importlib.metadata.version('typed-bgtasks')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Background tasks that cannot be called wrong, and the type tests that prove it."""


@app.command()
def verify(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Type tests: Python files, or folders that are searched for them."),
    ] = None,
    *,
    target: Target = None,
    checkers: Checkers = None,
    gating: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[,NAME]", help="The checkers that turn a run red.", show_default="mypy,pyright"
        ),
    ] = None,
    stubs: Stubs = None,
    python: Python = None,
    python_version: Versions = None,
    timeout: Timeout = None,
    keyword: Annotated[
        str,
        typer.Option(
            "-k", metavar="TEXT", help="Judge only claims with TEXT in their place, kind or statement."
        ),
    ] = "",
    output: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=PATH", help=f"Write a report, as {', '.join(FORMATS)}; - is stdout."),
    ] = None,
    place: Annotated[
        str,
        typer.Option("--explain", metavar="FILE:LINE", help="Show all that each checker said of one claim."),
    ] = "",
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file is saved.")] = False,
    write_kinds: Annotated[
        bool, typer.Option("--update", help="Write the kinds of open claims, `# E: ?`, after showing a diff.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before --update writes.")] = False,
) -> None:
    """
    Ask type checkers whether every claim in the type tests holds.

    A claim is a comment behind a statement: `# E: kind` where it must be rejected, `# OK` where it
    must be accepted. The code is only ever read by the checkers, never run.

    What is not given is taken from `[tool.bgtasks]` in pyproject.toml.

    Exit codes: 0 every claim is met; 1 some claim is not; 2 something was not checked at all.
    """
    own = load_settings(Path())
    settings = override(
        own,
        cases=tuple(paths) if paths else None,
        target=named("--target", read_target, target),
        checkers=named("--checkers", read_checkers, split(checkers)),
        gating=named("--gating", lambda names: frozenset(read_checkers(names)), split(gating)),
        stubs=stubs,
        python=python,
        python_versions=named("--python-version", read_versions, python_version),
        timeout=timeout,
        outputs=named("--output", read_outputs, output),
    )
    for name, _ in settings.outputs:
        if name not in FORMATS:
            raise BgtasksError(f"--output: {name!r} is no format; known are {', '.join(FORMATS)}")
    if watch:
        recheck(settings, own.target, keyword)
        return
    if write_kinds:
        rewrite(settings, own.target, yes=yes)
        return
    report = check(settings, own.target, keyword)
    show(explain(report, place) if place else terminal.render(report), settings)
    write_outputs(report, settings)
    raise typer.Exit(report.exit_code)


@app.command()
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


def split(names: list[str] | None) -> list[str] | None:
    return names and [name for part in names for name in part.split(",") if name]


def named(option: str, read: Callable[[S], T], value: S | None) -> T | None:
    """Read what was given for an option, if anything; an error names the option."""
    if value is None:
        return None
    try:
        return read(value)
    except BgtasksError as error:
        raise BgtasksError(f"{option}: {error}") from None


def override(settings: Settings, **given: Any) -> Settings:
    return replace(settings, **{key: value for key, value in given.items() if value is not None})


def rewrite(settings: Settings, imported: model.Target, *, yes: bool) -> None:
    """Write the kinds of open claims, once the diff has been seen and agreed to."""
    from bgtasks import update  # noqa: PLC0415 - verify starts sooner without

    report = check(settings, imported, update=True)
    show((Text(error, "red") for error in report.errors), settings)
    changes, left = update.propose(report.cases, report.results)
    for line in left:
        typer.echo(line)
    for change in changes:
        typer.echo(update.diff(change), nl=False)
    if not changes:
        typer.echo("Nothing to write.")
    elif yes or typer.confirm(f"Write {words.plural(len(changes), 'file')}?"):
        for change in changes:
            update.apply(change)
    raise typer.Exit(2 if left or report.errors else 0)
