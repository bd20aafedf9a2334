"""`bgtasks check`."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from bgtasks.check.codes import ALL
from bgtasks.check.files.baseline import write_baseline
from bgtasks.check.reporters import FORMATS, draw
from bgtasks.check.session import check as run_check
from bgtasks.check.settings import NAMES, load_check_settings, read_codes, read_percentage
from bgtasks.cli import options
from bgtasks.cli.completion import Values
from bgtasks.cli.options import PATH, named, override, split
from bgtasks.report.outputs import require_writable, say, show, write_outputs
from bgtasks.report.words import plural
from bgtasks.settings import read_checkers, read_outputs
from bgtasks.verify.settings import READERS

BASELINE = Path(".bgtasks-baseline.json")
CODES = Values(ALL, {code: rule.summary for code, rule in ALL.items()})


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--python",
    type=PATH,
    metavar="FILE",
    help="The interpreter of the app, in whose environment its imports resolve.",
    show_default="python in the settings, or else as said above",
)
@options.checkers(NAMES)
@click.option(
    "--select",
    multiple=True,
    type=CODES,
    metavar="CODE[,CODE]",
    help="Report these codes, or what begins with them; `bgtasks rule` lists them.",
    show_default="all that are not off by default",
)
@click.option("--ignore", multiple=True, type=CODES, metavar="CODE[,CODE]", help="Do not report these.")
@click.option(
    "--min-coverage",
    type=float,
    metavar="PERCENT",
    help="Fail where fewer of the call sites are fully typed.",
)
@click.option("--baseline", type=PATH, metavar="FILE", help="Report only what this file does not know.")
@click.option(
    "--write-baseline", "learn", is_flag=True, help=f"Write that file, {BASELINE} unless it is named."
)
@options.timeout
@options.output(FORMATS)
def check(
    *,
    paths: tuple[Path, ...],
    python: Path | None,
    checkers: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    min_coverage: float | None,
    baseline: Path | None,
    learn: bool,
    timeout: float | None,
    output: tuple[str, ...],
) -> None:
    """
    Tell whether the background tasks of an app are called right.

    PATHS are its files and folders, the current folder unless given. The code is only ever read,
    never imported or run.

    What is not given is taken from [tool.bgtasks.check] in the nearest pyproject.toml, in the current
    folder or above; what that does not say either is the default.

    Imports resolve in the environment of --python. Where neither that nor the settings name one, it is
    the environment that the code is installed in; or the active one (VIRTUAL_ENV, CONDA_PREFIX), unless
    that is the one of bgtasks; or .venv, venv or env beside the code or above; or the one of bgtasks.

    Exit codes: 0 nothing is wrong; 1 something is, or too little is covered; 2 something was not
    checked at all.
    """
    settings = override(
        load_check_settings(Path(), READERS),
        paths=paths or None,
        python=python,
        checkers=named("--checkers", lambda names: read_checkers(names, NAMES), split(checkers)),
        select=named("--select", read_codes, split(select)),
        ignore=named("--ignore", read_codes, split(ignore)),
        min_coverage=named("--min-coverage", read_percentage, min_coverage),
        baseline=baseline,
        timeout=timeout,
        outputs=named("--output", read_outputs, output),
    )
    require_writable(settings, FORMATS)
    report = run_check(replace(settings, baseline=None) if learn else settings)
    show(draw(report), settings)
    write_outputs(report, settings.outputs, FORMATS)
    if learn and report.exit_code != 2:  # noqa: PLR2004 - what was not checked is not known
        file = settings.baseline or BASELINE
        write_baseline(file, report.findings, report.sources)
        say(f"{file}: knows {plural(len(report.findings), 'problem')} from now on", err=True)
        sys.exit(0)
    sys.exit(report.exit_code)
