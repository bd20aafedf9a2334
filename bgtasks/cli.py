"""The command line: `bgtasks verify`."""

import importlib.metadata
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bgtasks.cases import find_cases
from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.errors import BgtasksError
from bgtasks.model import Checker, Report, Run, Target
from bgtasks.reporters import terminal
from bgtasks.sandbox import DEFAULT_TARGET
from bgtasks.verify import verify as check

app: typer.Typer = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)


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
        list[Path], typer.Argument(help="Type tests: Python files, or folders that are searched for them.")
    ],
    *,
    target: Annotated[
        str,
        typer.Option(
            metavar="MODULE:CLASS",
            help="The class under test; replaces bgtasks:BackgroundTasks where the cases import that.",
        ),
    ] = str(DEFAULT_TARGET),
    checkers: Annotated[
        str, typer.Option(metavar="NAME[,NAME]", help="The checkers to ask, all of them at once.")
    ] = ",".join(CHECKERS),
    python: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="The interpreter in whose environment imports resolve.",
            show_default="the one that runs bgtasks",
        ),
    ] = Path(sys.executable),
    python_version: Annotated[
        list[str],
        typer.Option(
            metavar="X.Y",
            help="A Python version to check for; can be given more than once.",
            show_default="that of --python",
        ),
    ] = [],  # noqa: B006 - Typer copies it
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="The time limit of each checker.")
    ] = 300,
) -> None:
    """
    Ask type checkers whether every claim in the type tests holds.

    A claim is a comment behind a statement: `# E: kind` where it must be rejected, `# OK` where it
    must be accepted. The code is only ever read by the checkers, never run.

    Exit codes: 0 every claim is met; 1 some claim is not; 2 something was not checked at all.
    """
    asked = [find_checker(name) for name in dict.fromkeys(filter(None, checkers.split(",")))]
    if not asked:
        raise BgtasksError(f"--checkers names none; known are {', '.join(CHECKERS)}")
    for version in python_version:
        if not re.fullmatch(r"3\.\d+", version):
            raise BgtasksError(f"--python-version {version}: not a version such as 3.12")
    under_test = read_target(target)
    cases, errors = find_cases(paths, NAMES)
    if not cases and not errors:
        raise BgtasksError(f"no Python file in {', '.join(map(str, paths))}")
    report = Report(under_test, tuple(cases), (), tuple(map(str, errors)))
    if cases:
        with Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        ) as progress:
            tasks = {
                checker.name: progress.add_task(
                    f"{checker.name} reads {terminal.plural(len(cases), 'file')}",
                    total=len(python_version) or 1,
                )
                for checker in asked
            }

            def ended(run: Run) -> None:
                progress.advance(tasks[run.checker])
                verb = "failed" if run.failure else "done"
                line = f"{terminal.label(run)}: {verb} after {run.seconds:.1f} s"
                progress.console.print(line, highlight=False)

            results = check(
                cases,
                target=under_test,
                checkers=asked,
                python=python,
                python_versions=python_version,
                timeout=timeout,
                ended=ended,
            )
            report = replace(report, results=results)
    console = Console()
    for part in terminal.render(report):
        console.print(part, soft_wrap=True)
    raise typer.Exit(report.exit_code)


def find_checker(name: str) -> Checker:
    if name not in CHECKERS:
        raise BgtasksError(f"--checkers {name}: no such checker; known are {', '.join(CHECKERS)}")
    return CHECKERS[name]


def read_target(text: str) -> Target:
    match = re.fullmatch(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*)", text)
    if match is None:
        raise BgtasksError(f"--target {text}: not of the form module:Class, such as {DEFAULT_TARGET}")
    return Target(match[1], match[2])
