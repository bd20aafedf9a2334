"""Statements that prove of a run that it was not vacuous."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Outcome, Verdict
from bgtasks.errors import RunError
from bgtasks.model import Diagnostic, Kind, Run, Sandbox, Target

# Each claim proves something: that wrong calls are rejected, that right ones are not, and that the
# target was found and neither is nor inherits from Any (of which every attribute exists).
CANARY = Path("bgtasks_canary.py")
SOURCE = """\
def take(number: int) -> None: ...


take("")  # E: argument-type
take(1)  # OK
from {target.module} import {target.name} as target
target.no_such_attribute  # E: unknown-attribute
"""

# A module that is laid into our copy of every stub package, and found nowhere else.
SENTINEL = "bgtasks_sentinel"
STUBS_SOURCE = f"""\
from {{package}}.{SENTINEL} import sentinel as {{package}}_sentinel
{{package}}_sentinel.no_such_attribute  # E: unknown-attribute
"""

# Stands at the end of every case: a checker that skipped the file, or that takes its end for
# unreachable, does not reject it.
LAST_LINE = 'bgtasks_canary: int = ""\n'


def canary(target: Target, stubs: Sequence[Path]) -> Case:
    """Return the case that every checker must judge as it claims, or prove nothing."""
    packages = [path.name.removesuffix("-stubs") for path in stubs]
    source = SOURCE.format(target=target) + "".join(
        STUBS_SOURCE.format(package=package) for package in packages
    )
    return read_case(CANARY, CANARY, source, frozenset())


def last_line(case: Case) -> int:
    """Return the line in the copy of `case` on which its canary stands."""
    return case.source.count("\n") + 2


def prove(
    diagnostics: Iterable[Diagnostic], files: Mapping[Path, Case], sandbox: Sandbox
) -> tuple[Diagnostic, ...]:
    """
    Return what was said of the cases, once the canaries have proved that it can be believed.

    `files` tells what each copy in the sandbox was made from.

    Raises `RunError` when a canary is not reported as it must be, or when a checker speaks of a
    file that is no case.
    """
    named: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        named[diagnostic.path].append(diagnostic)
    spoken: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for path, found in named.items():
        spoken[Path(os.path.normpath(sandbox.cwd / path))] += found
    said: list[Diagnostic] = []
    for copy, case in files.items():
        found = spoken.pop(copy, [])
        end = last_line(case)
        if case.path == CANARY:
            listen(case, [diagnostic for diagnostic in found if diagnostic.line < end], sandbox)
        if not any(diagnostic.line == end and Kind.ASSIGNMENT in diagnostic.kinds for diagnostic in found):
            raise RunError(f"did not check {case.path} to its end: the wrong line added there was accepted")
        said += [replace(diagnostic, path=case.path) for diagnostic in found if diagnostic.line < end]
    for path, (diagnostic, *_) in spoken.items():
        raise RunError(f"speaks of {path}, which is no case: {diagnostic}")
    return tuple(diagnostic for diagnostic in said if diagnostic.path != CANARY)


def listen(case: Case, found: Sequence[Diagnostic], sandbox: Sandbox) -> None:
    """Raise `RunError` when a checker that says `found` of the canary proves nothing."""
    verdicts = match(case, Run("", "0", "", 0), found)
    lines = case.source.split("\n")
    for verdict in sorted(verdicts, key=lambda verdict: verdict.line):
        if verdict.outcome is not Outcome.MET:
            said = f": {verdict.diagnostics[0]}" if verdict.diagnostics else ""
            raise RunError(f"{lesson(verdict, lines[verdict.line - 1], sandbox.python)}{said}")


def lesson(verdict: Verdict, line: str, python: Path) -> str:
    """Return what a canary that did not sing as it must says of the run."""
    if "_sentinel" in line:
        return f"does not see the stubs that are laid over the environment of {python}"
    if verdict.claim is None:
        return f"cannot resolve the target in the environment of {python}"
    if verdict.claim.kind is Kind.UNKNOWN_ATTRIBUTE:
        return (
            "takes the target for Any, or for an heir of Any, so that every call would pass; "
            f"install what it imports into the environment of {python}"
        )
    verb = "accepted a wrong call" if verdict.claim.kind else "rejected a right call"
    return f"{verb} that has nothing to do with the target, so it proves nothing"
