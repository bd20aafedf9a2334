"""Statements that prove of a run that it was not vacuous."""

import os
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bgtasks.checkers.meaning import path_of
from bgtasks.checkers.sandbox import SENTINEL
from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Outcome, Reject, Revealed, Verdict, reject
from bgtasks.claims.probes import END, NUMBER
from bgtasks.errors import RunError
from bgtasks.model import Diagnostic, Kind, Run, Sandbox, Target

# pyright's word for a stub whose source is not there: it has the types all the same.
SOURCELESS = "reportMissingModuleSource"
# Of the nonce, yesterday's output knows nothing.
NONCE = re.compile(r"bgtasks_nonce_\w+")
# Each claim proves something: that wrong calls are rejected, that right ones are not, and that the
# target was found and neither is nor inherits from Any (of which every attribute exists).
CANARY = Path("bgtasks_canary.py")
SOURCE = """\
def take(number: int) -> None: ...


take("")  # E: argument-type
take(1)  # OK
"".bgtasks_nonce_{nonce}  # E: unknown-attribute
"""
TARGET_SOURCE = """\
from {target.module} import {target.imported} as target
{name}.no_such_attribute  # E: unknown-attribute
"""
MODULE_SOURCE = """\
import {module} as bgtasks_module_{number}  # {module}
bgtasks_none_{number}: None = bgtasks_module_{number}  # E: assignment  # {module}
"""
# As mypy and zuban say, and as pyrefly does.
UNREACHABLE = re.compile(r"(Statement|This code) is unreachable")
IMPORTED = re.compile(r"bgtasks_module_[0-9]+  #.* ([\w.]+)$")

STUBS_SOURCE = f"""\
from {{package}}.{SENTINEL} import sentinel as {{package}}_sentinel
{{package}}_sentinel.no_such_attribute  # E: unknown-attribute
"""

# Stands at the end of every case: a checker that skipped the file, or that takes its end for
# unreachable, does not reject it.
LAST_LINE = 'bgtasks_canary: int = ""\n'


def canary(target: Target | None, stubs: Sequence[Path], modules: Sequence[str] = ()) -> Case:
    """
    Return the case that every checker must judge as it claims, or prove nothing.

    The target is proved, or else the `modules` that the cases import; and the `stubs`.
    """
    packages = [path.name.removesuffix("-stubs") for path in stubs]
    source = SOURCE.format(nonce=secrets.token_hex(8))
    if target:
        name = ".".join(["target", *target.name.split(".")[1:]])
        source += TARGET_SOURCE.format(target=target, name=name)
    source += "".join(
        MODULE_SOURCE.format(module=module, number=number) for number, module in enumerate(modules)
    )
    source += "".join(STUBS_SOURCE.format(package=package) for package in packages)
    return read_case(CANARY, CANARY, source, frozenset())


def last_line(case: Case) -> int:
    """Return the line in the copy of `case` on which its canary stands."""
    return case.source.count("\n") + 2


@dataclass(frozen=True, slots=True)
class Proof:
    """What can be believed of a run, as `Run` holds it."""

    diagnostics: tuple[Diagnostic, ...]
    reached: Mapping[Path, AbstractSet[int]]
    aside: tuple[tuple[Path, str], ...]


def prove(
    diagnostics: Iterable[Diagnostic],
    files: Mapping[Path, Case],
    sandbox: Sandbox,
    silent: Sequence[Path] = (),
) -> Proof:
    """
    Return what was said of the cases, once the canaries have proved that it can be believed.

    `files` tells what each copy in the sandbox was made from; of what lies in `silent` nothing is heard.
    With it come the probes that were rejected, by file, and a line on each file that was not looked at.

    Raises `RunError` when a canary is not reported as it must be, or when a checker speaks of a
    file that is no case.
    """
    named: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        named[diagnostic.path].append(diagnostic)
    spoken: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    cwd = os.fspath(sandbox.cwd)
    for path, found in named.items():
        spoken[path_of(os.path.normpath(os.path.join(cwd, path)))] += found  # noqa: PTH118 - faster
    said: list[Diagnostic] = []
    reached: dict[Path, AbstractSet[int]] = {}
    aside: list[tuple[Path, str]] = []
    for copy, case in files.items():
        end = last_line(case)
        found, probes = hear(spoken.pop(copy, []), end)
        is_canary = case.path == CANARY
        if is_canary:
            listen(case, [one for one in found if one.rule != SOURCELESS], sandbox)
        if not (probes or answers(case, found)) or (is_canary and END not in probes):
            aside.append(
                (case.key, f"did not check {case.path} to its end: the wrong line added there was accepted")
            )
        elif not is_canary:
            reached[case.key] = probes
            said += [Diagnostic(case.key, *diagnostic[1:]) for diagnostic in found]
    require_cases(spoken, silent)
    for path, why in aside:
        if path == CANARY or not reached:
            raise RunError(why)
    return Proof(tuple(said), reached, tuple(aside))


def answers(case: Case, found: Sequence[Diagnostic]) -> bool:
    """Tell whether what was `found` answers a claim that silence does not: then the file was looked at."""
    lines = {one.line for one in found}
    return any(
        not lines.isdisjoint(range(claim.span.first, claim.span.last + 1))
        for claim in case.claims
        if isinstance(claim.expected, Reject | Revealed)
    )


def require_cases(spoken: Mapping[Path, Sequence[Diagnostic]], silent: Sequence[Path]) -> None:
    """Raise `RunError` when something was said of a file that is neither a case nor in `silent`."""
    for path, (diagnostic, *_) in spoken.items():
        if not any(path.is_relative_to(folder) for folder in silent):
            raise RunError(f"speaks of {path}, which is no case: {diagnostic}")


def hear(found: Iterable[Diagnostic], end: int) -> tuple[list[Diagnostic], AbstractSet[int]]:
    """Part what is said of a copy from its probes; of those, return which were rejected."""
    probes: set[int] = set()
    left: list[Diagnostic] = []
    for diagnostic in found:
        if diagnostic.rule == "unreachable" and UNREACHABLE.match(diagnostic.message):
            continue  # the probes tell
        number = NUMBER.search(diagnostic.message)
        if diagnostic.line >= end:
            probes |= {END} if Kind.ASSIGNMENT in diagnostic.kinds else set()
        elif number:
            # Type of "bgtasks_probe_1" is unknown
            probes |= {int(number[1])} if Kind.UNKNOWN_ATTRIBUTE in diagnostic.kinds else set()
        else:
            left.append(diagnostic)
    return left, probes


def listen(case: Case, found: Sequence[Diagnostic], sandbox: Sandbox) -> None:
    """Raise `RunError` when a checker that says `found` of the canary proves nothing."""
    verdicts = match(case, Run("", "0", "", 0), found)
    lines = case.source.split("\n")
    nonce = NONCE.search(case.source)
    if nonce and found and not any(nonce[0] in diagnostic.message for diagnostic in found):
        raise RunError("printed what it may have printed before: what is new in this run is not in it")
    for verdict in sorted(verdicts, key=lambda verdict: verdict.line):
        if verdict.outcome is not Outcome.MET:
            said = f": {verdict.diagnostics[0]}" if verdict.diagnostics else ""
            raise RunError(f"{lesson(verdict, lines[verdict.line - 1], sandbox.python)}{said}")


def lesson(verdict: Verdict, line: str, python: Path) -> str:
    """Return what a canary that did not sing as it must says of the run."""
    if "_sentinel" in line:
        return f"does not see the stubs that are laid over the environment of {python}"
    if module := IMPORTED.search(line):
        return (
            f"cannot resolve {module[1]}, which a case imports, or takes it for Any; name the folder that it "
            f"lies in with --path, or install it, with its types, into the environment of {python}"
        )
    if verdict.claim is None:
        return f"cannot resolve the target in the environment of {python}"
    if verdict.claim.expected == reject(Kind.UNKNOWN_ATTRIBUTE):
        return (
            "takes the target for Any, or for an heir of Any, so that every call would pass; "
            f"install what it imports into the environment of {python}"
        )
    verb = "accepted a wrong call" if isinstance(verdict.claim.expected, Reject) else "rejected a right call"
    return f"{verb} that has nothing to do with the target, so it proves nothing"
