"""`bgtasks verify`."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import click

from bgtasks import model
from bgtasks.checkers import NAMES
from bgtasks.cli import options
from bgtasks.cli.completion import Pairs, Values
from bgtasks.cli.options import PATH, named, override, refuse, split
from bgtasks.errors import BgtasksError
from bgtasks.report.outputs import require_writable, say, show, write_outputs
from bgtasks.report.words import plural
from bgtasks.settings import read_outputs
from bgtasks.verify.around import default_target, find_starts, leave_project
from bgtasks.verify.model import Plan, Report
from bgtasks.verify.place import read_place
from bgtasks.verify.reporters import FORMATS
from bgtasks.verify.session import NoClaimError, check, find_all, recheck
from bgtasks.verify.settings import (
    Settings,
    load_settings,
    read_any_checkers,
    read_paths,
    read_platforms,
    read_target,
    read_versions,
    split_config,
)
from bgtasks.verify.suites import keep_apart, part, part_at


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@options.target
@options.checkers()
@click.option(
    "--gating",
    multiple=True,
    type=Values([*NAMES, "all"]),
    metavar="NAME[,NAME]",
    help="The checkers that turn a run red.",
    show_default="mypy,pyright",
)
@click.option(
    "--path",
    type=PATH,
    multiple=True,
    metavar="DIR",
    help="A folder that imports start from, besides those of the project; can be given more than once.",
)
@click.option(
    "--config",
    multiple=True,
    type=Pairs(NAMES),
    metavar="NAME=FILE",
    help="Check with this configuration of yours in the place of ours, its plugins run; NAME is a checker.",
)
@options.stubs
@options.python
@options.python_version
@options.platform
@options.timeout
@click.option(
    "-k",
    "keyword",
    default="",
    metavar="TEXT",
    help="Judge only claims with TEXT in their place, kind or statement.",
)
@click.option(
    "--ignores-are-claims",
    "ignores",
    is_flag=True,
    help="Read `# type: ignore[code]`, `# pyright: ignore[rule]` and their like as claims: "
    "the checker must report just that there.",
)
@options.output(FORMATS)
@click.option(
    "--explain",
    "place",
    default="",
    metavar="FILE:LINE",
    help="Show all that each checker said of one claim.",
)
@click.option(
    "--oracle",
    is_flag=True,
    help="Execute the type tests and let Python itself say which claims are right, instead of checkers.",
)
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved.")
@click.option(
    "--update",
    "write_kinds",
    is_flag=True,
    help="Answer open claims, `# E: ?` and `# revealed: ?`, after showing a diff.",
)
@click.option("--yes", is_flag=True, help="Do not ask before --update writes.")
def verify(
    *,
    paths: tuple[Path, ...],
    target: str | None,
    checkers: tuple[str, ...],
    gating: tuple[str, ...],
    path: tuple[Path, ...],
    config: tuple[str, ...],
    stubs: Path | None,
    python: Path | None,
    python_version: tuple[str, ...],
    platform: tuple[str, ...],
    timeout: float | None,
    keyword: str,
    ignores: bool,
    output: tuple[str, ...],
    place: str,
    oracle: bool,
    watch: bool,
    write_kinds: bool,
    yes: bool,
) -> None:
    """
    Ask type checkers whether every claim in the type tests holds.

    PATHS are the type tests: Python files, or folders that are searched for them.

    A claim is a comment behind a statement: `# E: kind` where it must be rejected, `# E` where the
    reason is open, `# OK` where it must be accepted, `# revealed: type` behind reveal_type; assert_type
    is one, too. Imports resolve as in the project around. The code is only ever read by the checkers,
    never run, unless --oracle asks for that: then it is executed, in a process and a folder of its own,
    without any checker.

    What is not given is taken from [tool.bgtasks] in the nearest pyproject.toml, in the current folder
    or above; what that does not say either is the default. Suites that need other options than the rest
    have a table each there, [tool.bgtasks.suites.NAME]; each is checked by itself.

    Exit codes: 0 every claim is met; 1 some claim is not; 2 something was not checked at all.
    """
    own = load_settings(Path())
    given = {
        "target": named("--target", read_target, target),
        "checkers": named("--checkers", read_any_checkers, split(checkers)),
        "gating": named("--gating", lambda names: frozenset(read_any_checkers(names)), split(gating)),
        "paths": named("--path", read_paths, path),
        "config": named("--config", split_config, config),
        "stubs": stubs,
        "python": python,
        "python_versions": named("--python-version", read_versions, python_version),
        "platforms": named("--platform", read_platforms, platform),
        "ignores_are_claims": ignores or None,
        "timeout": timeout,
        "outputs": named("--output", read_outputs, output),
    }
    others = {"--watch": watch, "--update": write_kinds, "-k": keyword}
    if place:
        refuse(others, "--explain shows one claim")
    asked = named("--explain", read_place, place or None)
    suites = part_at(own, asked.path, paths) if asked else part(own, paths)
    suites = keep_apart([override(suite, **given) for suite in suites])
    for suite in suites:
        require_writable(suite, FORMATS)
        if oracle:
            refuse_with_oracle(suite, {"--explain": place, **others})
    if watch and not oracle:
        recheck(suites, own.target, keyword)
        return

    def answer(suite: Settings) -> int:
        if oracle:
            return ask_oracle(suite, own.target)
        if write_kinds:
            return rewrite(suite, own.target, yes=yes)
        report = check(suite, own.target, keyword, place=asked, heard=load_screen)
        show(shown(report, explained=asked is not None), suite)
        write_outputs(report, suite.outputs, FORMATS)
        return report.exit_code or int(any(case.open for case in report.cases))

    sys.exit(ask_each(suites, answer))


def ask_each(suites: Sequence[Settings], answer: Callable[[Settings], int]) -> int:
    """Have each suite answered, and return the worst exit code; a keyword has to be found in one of them."""
    answers = [attempt(answer, suite) for suite in suites]
    codes = [code for code in answers if isinstance(code, int)]
    if not codes:
        raise next(error for error in answers if isinstance(error, NoClaimError))
    return max(codes)


def attempt(answer: Callable[[Settings], int], suite: Settings) -> int | NoClaimError:
    try:
        return answer(suite)
    except NoClaimError as error:
        return error


def load_screen(_: object) -> None:
    """Load, while other checkers are at work, what takes longer to load than all else."""
    import_module("bgtasks.verify.reporters.terminal")
    import_module("bgtasks.report.screen")


def shown(report: Report, *, explained: bool) -> Iterable[object]:
    """Return what the terminal shows of a report: the one claim that is explained, or all."""
    from bgtasks.verify import explain  # noqa: PLC0415 - verify starts sooner without
    from bgtasks.verify.reporters import terminal  # noqa: PLC0415 - as above

    return explain.explain(report) if explained else terminal.render(report)


def refuse_with_oracle(settings: Settings, given: Mapping[str, object]) -> None:
    """Raise `BgtasksError` for what has no meaning where no checker is asked."""
    refuse(given, "--oracle asks no checker")
    for name, _ in settings.outputs:
        if name != "json":
            raise BgtasksError(f"--oracle writes no {name}; give --output json=PATH, or none")


def ask_oracle(settings: Settings, imported: model.Target | None) -> int:
    """Have Python judge the claims, and return its exit code."""
    from bgtasks.prove.oracle import report as oracle_report  # noqa: PLC0415 - verify starts sooner without
    from bgtasks.prove.oracle.run import judge_claims  # noqa: PLC0415 - as above

    suite = find_all(settings)
    # A document shows the library; it is not made to be executed.
    cases = [case for case in suite.cases if not case.section]
    target = settings.target or default_target(cases)
    starts = find_starts(settings.cases, cases, settings.python, settings.paths)
    cases = leave_project(cases, starts, settings.cases)
    plan = Plan(cases, target, settings.python, imported or model.DEFAULT_TARGET, starts=starts)
    say(f"executing {plural(len(cases), 'file')} with {settings.python}", err=True)
    judgement = judge_claims(plan, timeout=settings.timeout)
    report = Report(target, tuple(cases), (), tuple(map(str, suite.errors)), judgement, settings.name)
    show(oracle_report.render(report, judgement), settings)
    write_outputs(report, settings.outputs, FORMATS)
    return report.exit_code


def rewrite(settings: Settings, imported: model.Target | None, *, yes: bool) -> int:
    """Write the kinds of open claims, once the diff has been seen and agreed to; return the exit code."""
    from bgtasks.verify import update  # noqa: PLC0415 - verify starts sooner without
    from bgtasks.verify.reporters import terminal  # noqa: PLC0415 - as above

    report = check(settings, imported, update=True)
    show(terminal.errors(report), settings)
    changes, left = update.propose(report.cases, report.results)
    for line in left:
        say(line)
    for change in changes:
        say(update.diff(change), nl=False)
    if not changes:
        click.echo("Nothing to write.")
    elif yes or click.confirm(f"Write {plural(len(changes), 'file')}?"):
        for change in changes:
            update.apply(change)
    write_outputs(report, settings.outputs, FORMATS)
    return 2 if left or report.errors else 0
