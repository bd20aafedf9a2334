"""Ask every checker once, all together, and judge what they say."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import anyio

from bgtasks.checkers.canary import prove
from bgtasks.checkers.processes import ask_all, consult, find_executable, read_output
from bgtasks.claims.match import match
from bgtasks.claims.model import Case
from bgtasks.errors import RunError
from bgtasks.model import Checker, Diagnostic, Run
from bgtasks.verify.layout import Layout, open_layout
from bgtasks.verify.model import Plan, Result


def verify(
    plan: Plan,
    checkers: Sequence[Checker],
    *,
    gating: AbstractSet[str] = frozenset(),
    python_versions: Sequence[str] = (),
    timeout: float = 300,
    ended: Callable[[Result], None] = lambda _: None,
) -> tuple[Result, ...]:
    """
    Check what `plan` says with every checker, for every Python version.

    `gating` names the checkers that gate, all of them where it names none of those asked. Without
    `python_versions` the interpreter's own is the one checked for. `timeout` is in seconds, for
    each run. `ended` hears of each result as its run ends. Raises `BgtasksError` when there is no
    way to check it.
    """
    configs = {name: text for checker in checkers for name, text in checker.configs.items()}
    gates = gating & {checker.name for checker in checkers} or {checker.name for checker in checkers}
    with open_layout(plan, configs) as layout:
        versions = python_versions or (layout.sandbox.python_version,)
        questions = [(checker, version) for version in versions for checker in checkers]

        async def answer(checker: Checker, python_version: str) -> Result:
            run = await ask(checker, python_version, layout, timeout)
            result = judge_run(run, plan.cases, gates=checker.name in gates)
            ended(result)
            return result

        return tuple(anyio.run(ask_all, questions, answer))


async def ask(checker: Checker, python_version: str, layout: Layout, timeout: float) -> Run:
    """Run one checker over the cases, and believe it only when the canaries are as they must be."""
    began = time.monotonic()
    run = Run(checker.name, "", python_version, 0)
    try:
        executable, version = find_executable(checker)
        run = replace(run, version=version)
        output, complaint = await consult(checker, executable, layout.sandbox, python_version, timeout)
        said = read_output(checker, output, complaint)
        run = replace(run, diagnostics=prove(said, layout.files, layout.sandbox))
    except RunError as error:
        run = replace(run, failure=str(error))
    return replace(run, seconds=time.monotonic() - began)


def judge_run(run: Run, cases: Iterable[Case], *, gates: bool) -> Result:
    """Return what `run` is worth: a verdict for each claim, and each statement spoken of uncalled."""
    if run.failure is not None:
        return Result(run, gates=gates)
    spoken: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in run.diagnostics:
        spoken[diagnostic.path].append(diagnostic)
    verdicts = tuple(verdict for case in cases for verdict in match(case, run, spoken[case.path]))
    return Result(run, verdicts, gates)
