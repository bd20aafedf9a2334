"""`bgtasks mutate`."""

import sys
from pathlib import Path

import click

from bgtasks.cli import options
from bgtasks.cli.options import PATH, named, override, split
from bgtasks.prove.jobs import read_executor
from bgtasks.prove.mutants.reporters import FORMATS, terminal
from bgtasks.prove.mutants.session import mutate as run
from bgtasks.report.outputs import require_writable, say, show, write_outputs
from bgtasks.settings import read_outputs
from bgtasks.verify.settings import load_settings, read_any_checkers, read_target


@click.command()
@click.argument("paths", nargs=-1, type=PATH, required=True, metavar="STUB_OR_MODULE...")
@click.option(
    "--cases",
    multiple=True,
    type=PATH,
    metavar="PATH",
    help="The type tests: a Python file, or a folder that is searched for them; can be given more than once.",
)
@options.target
@options.checkers()
@options.stubs
@options.python
@options.timeout
@options.executor
@options.output(FORMATS)
def mutate(
    *,
    paths: tuple[Path, ...],
    cases: tuple[Path, ...],
    target: str | None,
    checkers: tuple[str, ...],
    stubs: Path | None,
    python: Path | None,
    timeout: float | None,
    executor: str,
    output: tuple[str, ...],
) -> None:
    """
    Tell whether the type tests notice when a signature changes.

    STUB_OR_MODULE is a stub, a Python file, or a folder of them. Each mutant is one of them with one
    change to one signature. It is killed when a claim of the type tests turns red, and survives when
    none does.

    A mutant that no claim can tell from the original is listed, with a reason, in equivalents.toml
    beside the type tests.

    What is not given is taken from [tool.bgtasks] in the nearest pyproject.toml, in the current folder
    or above; what that does not say either is the default.

    Exit codes: 0 no mutant survives; 1 one does; 2 that could not be found out.
    """
    own = load_settings(Path())
    settings = override(
        own,
        cases=cases or None,
        target=named("--target", read_target, target),
        checkers=named("--checkers", read_any_checkers, split(checkers)),
        stubs=stubs,
        python=python,
        timeout=timeout,
        outputs=named("--output", read_outputs, output),
    )
    require_writable(settings, FORMATS)
    workers = named("--executor", read_executor, executor)
    assert workers is not None
    report = run(paths, settings, own.target, workers=workers, told=lambda line: say(line, err=True))
    show(terminal.render(report), settings)
    write_outputs(report, settings.outputs, FORMATS)
    sys.exit(report.exit_code)
