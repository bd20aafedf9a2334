"""`bgtasks fuzz`."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from bgtasks.cli import options
from bgtasks.cli.options import named, override, split
from bgtasks.model import DEFAULT_TARGET
from bgtasks.prove.calls.judging import Question
from bgtasks.prove.calls.reporters import FORMATS, terminal
from bgtasks.prove.calls.session import find_way
from bgtasks.prove.calls.session import fuzz as run
from bgtasks.prove.jobs import read_executor
from bgtasks.report.outputs import require_writable, say, show, write_outputs
from bgtasks.settings import read_outputs
from bgtasks.verify.settings import load_settings, read_any_checkers, read_target

CALLS = 1_000


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where reports go; those of the settings are of another command."""

    outputs: tuple[tuple[str, Path], ...]


@click.command()
@click.option(
    "--calls",
    type=click.IntRange(1, 10_000_000),
    default=CALLS,
    metavar="N",
    help="How many calls to make.",
    show_default=True,
)
@click.option(
    "--seed",
    type=int,
    default=0,
    metavar="S",
    help="What to make them from: the same seed, the same calls.",
    show_default=True,
)
@options.target
@options.checkers()
@options.python
@options.timeout
@options.executor
@options.output(FORMATS, " A case is ready for bgtasks verify.")
def fuzz(
    *,
    calls: int,
    seed: int,
    target: str | None,
    checkers: tuple[str, ...],
    python: Path | None,
    timeout: float | None,
    executor: str,
    output: tuple[str, ...],
) -> None:
    """
    Make calls from a seed; find those that checkers judge wrongly.

    Each call is made through the target and directly: what is missed in both forms the checker lacks,
    what is missed through the target only the target loses. Where checkers disagree with what is
    right, the smallest call of each cause is shown.

    The target is a function, a class, `Class.method` or `instance.method`, in the project around or
    installed; a class is called by its add_task, where it has one. Its source is read, and never run.

    The gate: no disagreement on functions, methods and classes under a checker that gates, and
    with the plugin every call judged as mypy alone judges the direct call.

    What is not given is taken from [tool.bgtasks] in the nearest pyproject.toml, in the current folder
    or above; what that does not say either is the default.

    Exit codes: 0 the gate holds; 1 it does not; 2 that could not be found out.
    """
    settings = override(
        load_settings(Path()),
        target=named("--target", read_target, target),
        checkers=named("--checkers", read_any_checkers, split(checkers)),
        python=python,
        timeout=timeout,
    )
    outputs = Outputs(named("--output", read_outputs, output) or ())
    require_writable(outputs, FORMATS)
    workers = named("--executor", read_executor, executor)
    assert workers is not None
    # Workers elsewhere have an interpreter of their own.
    named_python = None if settings.python == Path(sys.executable) else settings.python
    tested = settings.target or DEFAULT_TARGET
    through, starts = find_way(tested, settings.python, settings.paths)
    question = Question(settings.checkers, tested, named_python, workers, settings.timeout, through, starts)
    findings = run(
        question, count=calls, seed=seed, gating=settings.gating, told=lambda line: say(line, err=True)
    )
    show(terminal.render(findings), outputs)
    write_outputs(findings, outputs.outputs, FORMATS)
    sys.exit(findings.exit_code)
