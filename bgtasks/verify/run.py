"""Ask every checker once, all together, and judge what they say."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import anyio

from bgtasks.canary import prove
from bgtasks.checkers.options import Options, configure
from bgtasks.checkers.processes import ask_all, find_program, read_output
from bgtasks.claims.ignores import at_comments
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Outcome
from bgtasks.errors import RunError
from bgtasks.model import Checker, Diagnostic, Run
from bgtasks.verify.aside import Heard, hear
from bgtasks.verify.causes import require_readable
from bgtasks.verify.layout import Layout, open_layout
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.tasks import Tasks

# So many seconds are left for the next checker to be started, before what the last one said is read.
START = 0.002


def verify(
    plan: Plan,
    checkers: Sequence[Checker],
    *,
    gating: AbstractSet[str] = frozenset(),
    python_versions: Sequence[str] = (),
    platforms: Sequence[str] = (),
    timeout: float = 300,
    ended: Callable[[Result], None] = lambda _: None,
) -> tuple[Result, ...]:
    """
    Check what `plan` says with every checker, for every Python version and platform.

    `gating` names the checkers that gate, all of them where it names none of those asked. Without
    `python_versions` the interpreter's own is the one checked for, without `platforms` this one.
    `timeout` is in seconds, for each run. `ended` hears of each result as its run ends. Raises
    `BgtasksError` when there is no way to check it, as when what the cases import is no Python.
    """
    told: dict[str, str] = {}
    configured: list[Checker] = []
    for checker in checkers:
        options = plan.options.get(checker.name) or plan.options.get(checker.program)
        configs, plugins = configure(checker, options, plan.starts)
        configured.append(replace(checker, configs=configs))
        told[checker.name] = describe(options, plugins)
    configs = {name: text for checker in configured for name, text in checker.configs.items()}
    gates = gating & {checker.name for checker in checkers} or {checker.name for checker in checkers}
    with open_layout(plan, configs) as layout:
        versions = python_versions or (layout.sandbox.python_version,)
        hows = [(version, platform) for version in versions for platform in platforms or ("",)]
        questions = [(checker, how) for how in hows for checker in configured]

        tasks = Tasks(plan)

        async def answer(checker: Checker, how: tuple[str, str], lanes: anyio.CapacityLimiter) -> Result:
            async with lanes:
                run, heard = await ask(checker, how, layout, timeout)
            await anyio.sleep(START)
            run = replace(read(run, heard, checker, tasks) if heard else run, options=told[checker.name])
            result = judge_run(run, plan.cases, gates=checker.name in gates)
            ended(result)
            return result

        results = own_up(anyio.run(ask_all, questions, answer))
    require_readable(plan, results, versions)
    return results


def describe(options: Options | None, plugins: Sequence[str]) -> str:
    """Return what a report says of the options that a checker ran with."""
    ran = f"; its plugins ran: {', '.join(plugins)}" if plugins else ""
    return f"checked with {options}{ran}" if options else ""


async def ask(
    checker: Checker, how: tuple[str, str], layout: Layout, timeout: float
) -> tuple[Run, Heard | None]:
    """Run one checker over the cases. Without what it printed, the run tells why there is nothing."""
    began = time.monotonic()
    python_version, platform = how
    run, heard = Run(checker.name, "", python_version, 0, platform=platform), None
    try:
        program, version = find_program(checker)
        run = replace(run, version=version)

        def command(layout: Layout) -> list[str]:
            return [
                *program,
                *checker.arguments(replace(layout.sandbox, platform=platform), python_version),
            ]

        heard = await hear(checker, layout, command, timeout)
    except RunError as error:
        run = replace(run, failure=str(error))
    return replace(run, seconds=time.monotonic() - began), heard


def read(run: Run, heard: Heard, checker: Checker, tasks: Tasks) -> Run:
    """Return `run` with what the checker said, believed only when the canaries are as they must be."""
    try:
        said = read_output(checker, heard.output, heard.complaint, tasks.have)
        proof = prove(said, heard.layout.files, heard.layout.sandbox, heard.layout.silent)
    except RunError as error:
        return replace(run, failure=str(error))
    return replace(
        run, diagnostics=proof.diagnostics, reached=proof.reached, aside=(*heard.aside, *proof.aside)
    )


def judge_run(run: Run, cases: Sequence[Case], *, gates: bool) -> Result:
    """Return what `run` is worth: a verdict for each claim, and each statement spoken of uncalled."""
    if run.failure is not None:
        return Result(run, gates=gates)
    spoken: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in run.diagnostics:
        spoken[diagnostic.path].append(diagnostic)
    for case in cases:
        if case.silenced:
            spoken[case.key] = list(at_comments(case, spoken[case.key]))
    aside = {path for path, _ in run.aside}
    verdicts = tuple(
        verdict for case in cases if case.key not in aside for verdict in match(case, run, spoken[case.key])
    )
    return Result(run, verdicts, gates)


def own_up(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results, a claim that is elsewhere in all runs of a checker as one not looked at."""
    if not any(one.outcome is Outcome.ELSEWHERE for result in results for one in result.verdicts):
        return tuple(results)
    looked = {
        (result.run.checker, verdict.path, verdict.line)
        for result in results
        for verdict in result.verdicts
        if verdict.claim and verdict.outcome is not Outcome.ELSEWHERE
    }
    return tuple(
        replace(
            result,
            verdicts=tuple(
                verdict._replace(outcome=Outcome.NOT_LOOKED_AT)
                if verdict.outcome is Outcome.ELSEWHERE
                and (result.run.checker, verdict.path, verdict.line) not in looked
                else verdict
                for verdict in result.verdicts
            ),
        )
        for result in results
    )
