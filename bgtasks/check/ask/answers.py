"""Ask each checker once about all call sites, and believe it only when it proves itself."""

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import anyio

from bgtasks.canary import last_line, listen
from bgtasks.check.ask.layout import Copy, Layout, read_canary
from bgtasks.check.ask.profiles import prepare
from bgtasks.check.ask.reveals import READERS, read_reveals
from bgtasks.check.ask.sights import Sight, read_sights
from bgtasks.check.ask.witness import settle_said
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Grade
from bgtasks.checkers import CHECKERS, mypy
from bgtasks.checkers.meaning import MALFORMED
from bgtasks.checkers.processes import ask_all, consult, find_program, read_output
from bgtasks.errors import RunError, StoppedError
from bgtasks.files import relative
from bgtasks.model import Checker, Diagnostic, Kind, Run, Sandbox

# ../project/app/legacy.py: error: Cannot decode file: 'utf-8' codec can't decode byte 0xe9 in position 5
BLOCKED = re.compile(r"^(?P<file>.+?\.pyi?):(?:(?P<line>[0-9]{1,9}):)? error: (?P<message>.*)$", re.MULTILINE)
CRASH = "INTERNAL ERROR"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What one checker says of an app.

    The diagnostics of `run` are those of the modules with call sites. `sights` are what the checker
    knows of the calls, those left out that it did not look at. `skipped` tells, a line each, of the
    files that were kept from the checker because it could not parse them.
    """

    run: Run
    sights: Mapping[Site, Sight]
    skipped: tuple[str, ...] = ()


def ask_checkers(
    layouts: Sequence[Layout],
    checkers: Sequence[str],
    timeout: float,
    ended: Callable[[Run], None] = lambda _: None,
) -> list[Answer]:
    """
    Ask `checkers`, all at once, each of one of `layouts` after the other.

    `timeout` is in seconds, for each of them, and `ended` hears of each checker.
    """

    async def answer(_: Checker, name: str, lanes: anyio.CapacityLimiter) -> Answer:
        async with lanes:
            found = [await ask_one(prepare(name, each, frozenset()), each, timeout) for each in layouts]
        joined = join(found, layouts)
        ended(joined.run)
        return joined

    return anyio.run(ask_all, [(CHECKERS[name], name) for name in checkers], answer)


def join(answers: Sequence[Answer], layouts: Sequence[Layout]) -> Answer:
    """Return what a checker says of all layouts; it has failed where it has at one of them."""
    failures = [
        f"{layout.label}: {answer.run.failure}" if len(layouts) > 1 else answer.run.failure
        for answer, layout in zip(answers, layouts, strict=True)
        if answer.run.failure is not None
    ]
    run = replace(
        answers[0].run,
        seconds=sum(answer.run.seconds for answer in answers),
        failure=failures[0] if failures else None,
        diagnostics=tuple(said for answer in answers for said in answer.run.diagnostics),
    )
    sights = {site: sight for answer in answers for site, sight in answer.sights.items()}
    return Answer(run, sights, tuple(line for answer in answers for line in answer.skipped))


async def ask_one(checker: Checker, layout: Layout, timeout: float) -> Answer:
    began, python_version = time.monotonic(), layout.sandbox.python_version
    answer = Answer(Run(checker.name, "", python_version, 0), {})
    skipped: dict[Path, str] = {}
    try:
        program, version = find_program(checker)
        answer = replace(answer, run=replace(answer.run, version=version))
        while True:
            write_configs(checker, layout.sandbox)
            try:
                command = [*program, *checker.arguments(layout.sandbox, python_version)]
                output, complaint = await consult(command, layout.sandbox, timeout)
                break
            except StoppedError as stopped:
                blocked = dict(find_blocked(checker, stopped, layout))
                if blocked.keys() - skipped.keys():
                    skipped |= blocked
                    checker = prepare(checker.name, layout, skipped.keys())
                elif is_told(checker, stopped):
                    output, complaint = stopped.output, stopped.complaint
                    break
                else:
                    raise
        found = by_file(read_output(checker, output, complaint), layout.sandbox)
        try:
            sights = read_knowledge(checker.name, output, layout)
        except MALFORMED as error:
            raise RunError(f"printed what is not its JSON: {error}") from None
        prove_canary(checker.name, found, sights, layout)
        said = [
            one._replace(path=copy.module.path) for copy in layout.copies for one in read_said(copy, found)
        ]
        run = replace(answer.run, diagnostics=tuple(said))
        answer = Answer(run, sights, tuple(skipped.values()))
    except RunError as error:
        answer = replace(answer, run=replace(answer.run, failure=str(error)))
    return replace(answer, run=replace(answer.run, seconds=time.monotonic() - began))


def read_said(copy: Copy, found: Mapping[Path, Sequence[Diagnostic]]) -> Iterator[Diagnostic]:
    echoed = found.get(copy.witness, ()) if copy.witness else ()
    return settle_said(copy.sites, copy.echoes, found.get(copy.path, ()), echoed)


def write_configs(checker: Checker, sandbox: Sandbox) -> None:
    for name, text in checker.configs.items():
        (sandbox.folder / name).parent.mkdir(exist_ok=True)
        (sandbox.folder / name).write_text(text, encoding="utf-8")


def is_told(checker: Checker, stopped: StoppedError) -> bool:
    """Tell whether `checker` ended like this because of some file, and told of all others."""
    # Where ty cannot decode a file, it says so in its list, and its exit code is 2.
    return checker.name == "ty" and '"check_name": "io"' in stopped.output


def find_blocked(checker: Checker, stopped: StoppedError, layout: Layout) -> Iterator[tuple[Path, str]]:
    """Yield each file that the checker stopped at, with a line that tells why."""
    try:
        said = [
            (one.path, one.line, one.message) for one in mypy.read(stopped.output) if one.rule == "syntax"
        ]
    except RunError:  # it is not mypy, or said nothing of the kind
        said = []
    for match in BLOCKED.finditer(stopped.complaint):
        said.append((Path(match["file"]), int(match["line"] or 0), match["message"]))
    for path, line, message in reversed(said):
        copy = Path(os.path.normpath(layout.sandbox.cwd / path))
        original = relative(layout.originals.get(copy, copy))
        place = f"{original}:{line}" if line else f"{original}"
        if message.startswith(CRASH):
            yield copy, f"{place}: {checker.name} fails on it by a fault of its own, so it went without"
        else:
            yield copy, f"{place}: {checker.name} cannot parse it, so it went without: {message}"


def by_file(diagnostics: Sequence[Diagnostic], sandbox: Sandbox) -> Mapping[Path, Sequence[Diagnostic]]:
    found: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        if diagnostic.revealed is None:
            found[Path(os.path.normpath(sandbox.cwd / diagnostic.path))].append(diagnostic)
    return found


def read_knowledge(name: str, output: str, layout: Layout) -> Mapping[Site, Sight]:
    revealed = {
        Path(os.path.normpath(layout.sandbox.cwd / file)): types
        for file, types in read_reveals(name, output).items()
    }
    return {
        site: sight
        for copy in (*layout.copies, layout.canary)
        if copy.witness
        for site, sight in read_sights(copy.sites, revealed.get(copy.witness, {}))
    }


def prove_canary(
    name: str,
    found: Mapping[Path, Sequence[Diagnostic]],
    sights: Mapping[Site, Sight],
    layout: Layout,
) -> None:
    """Raise `RunError` when the canary is not judged as it must be."""
    copy: Copy = layout.canary
    case = read_canary(copy)
    end = last_line(case)
    said = found.get(copy.path, ())
    above = [diagnostic for diagnostic in said if diagnostic.line < end]
    listen(case, above, replace(layout.sandbox, python=layout.python))
    if not any(diagnostic.line == end and Kind.ASSIGNMENT in diagnostic.kinds for diagnostic in said):
        raise RunError("did not check our own file to its end, so it proves nothing")
    if name in READERS:
        for site in copy.sites:
            if sights.get(site) != Sight(ours=True, grade=Grade.TYPED):
                raise RunError(f"knows {sights.get(site)} of our own call, so what it covers cannot be told")
