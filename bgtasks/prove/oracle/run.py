"""Have Python judge the claims of cases, in a process and a folder that are theirs alone."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio

from bgtasks.checkers.processes import execute
from bgtasks.checkers.sandbox import copy_to, isolate, open_folder
from bgtasks.claims.cases import dotted
from bgtasks.claims.model import REJECTED, Accept, Case, Claim, Reject
from bgtasks.documents import from_json
from bgtasks.errors import BgtasksError, RunError, StoppedError, advise_install
from bgtasks.files import absolute
from bgtasks.model import Sandbox
from bgtasks.verify.layout import redirect
from bgtasks.verify.model import Answer, Decision, Judgement, Plan

# The name under which the part that executes goes into its folder; no module of a project has it.
PACKAGE = "bgtasks_oracle"


def judge_claims(plan: Plan, *, timeout: float) -> Judgement:
    """
    Execute the cases of `plan` and return what Python makes of each of their claims.

    They are executed by the interpreter of the plan, one after the other, in an empty folder, with
    no more of the environment than a checker gets. A case that ends the process, or is not done in
    `timeout` seconds, is set aside. Raises `BgtasksError` where nothing can be executed.
    """
    waiting = [case for case in plan.cases if case.claims]
    answers: list[Answer] = []
    aside: list[tuple[Path, str]] = []
    with open_folder() as folder:
        sandbox = lay_out(plan, folder)
        while waiting:
            try:
                told, stopped = ask(plan, waiting, sandbox, timeout)
                for case, said in zip(waiting, told, strict=False):
                    answers += read_answers(case, said)
                    aside += [(case.path, str(trouble)) for trouble in said["trouble"]]
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise BgtasksError(
                    f"--oracle: the answers make no sense ({error!r:.200}); a case may have written to them"
                ) from None
            waiting = waiting[len(told) :]
            if waiting:
                aside.append((waiting[0].path, stopped))
                waiting = waiting[1:]
    return Judgement(tuple(answers), tuple(aside))


def lay_out(plan: Plan, folder: Path) -> Sandbox:
    """Copy the cases, for those that import each other, and the part of us that executes them."""
    project, cwd = folder / "project", folder / "cwd"
    cwd.mkdir()
    for case in plan.cases:
        copy_to(project / case.module, redirect(case.source, plan.imported, plan.target))
    for part in files("bgtasks.prove.oracle").joinpath("execution").iterdir():
        if part.name.endswith(".py"):
            copy_to(folder / "own" / PACKAGE / part.name, part.read_text("utf-8"))
    environment = isolate(folder) | {"PYTHONPATH": str(folder / "own"), "PYTHONDONTWRITEBYTECODE": "1"}
    return Sandbox(folder, project, cwd, folder / "cache", absolute(plan.python), "", environment)


def ask(
    plan: Plan, cases: Sequence[Case], sandbox: Sandbox, timeout: float
) -> tuple[list[dict[str, Any]], str]:
    """Return what was told of the cases, from the first on, and why the one behind the last stopped."""
    job, said = sandbox.folder / "job.json", sandbox.folder / "answers.json"
    job.write_text(json.dumps(describe(plan, cases, sandbox)), encoding="utf-8")
    said.write_bytes(b"")
    command = [str(sandbox.python), "-s", "-m", PACKAGE, str(job), str(said)]
    try:
        anyio.run(execute, command, sandbox, timeout)
        why = "ended the process that executed it"
    except StoppedError as stopped:
        why = f"ended the process that executed it: {stopped}"
    except RunError as error:
        why = str(error)
    lines = said.read_text("utf-8", errors="replace").splitlines()
    told = [from_json(line) for line in lines if line.endswith("}")]
    match told:
        case [{"missing": str(missing)}, *_]:
            raise BgtasksError(
                f"--oracle: {missing} is not installed in the environment of {plan.python}; "
                f"there, {advise_install('oracle')}"
            )
        case [{"target": str(trouble)}, *_]:
            raise BgtasksError(f"--oracle: {plan.target} cannot be imported: {trouble}")
        case [{"ready": True}, *rest]:
            return rest, why
        case _:
            raise BgtasksError(f"--oracle: {plan.python} executes nothing: {why}")


def describe(plan: Plan, cases: Iterable[Case], sandbox: Sandbox) -> Mapping[str, Any]:
    target = plan.target
    return {
        "project": os.fspath(sandbox.project),
        "starts": [os.fspath(folder) for folder in plan.starts],
        "target": target and {"module": target.module, "name": target.name},
        "cases": [
            {
                "path": str(sandbox.project / case.module),
                "module": ".".join(dotted(case.module)),
                "source": redirect(case.source, plan.imported, plan.target),
                "claims": [
                    {
                        "line": claim.line,
                        "first": claim.span.first,
                        "last": claim.span.last,
                        "kind": kind_of(claim),
                    }
                    for claim in case.claims
                    if isinstance(claim.expected, Accept | Reject)
                ],
            }
            for case in cases
        ],
    }


def kind_of(claim: Claim) -> str | None:
    """Return the kind for which a statement must be rejected, REJECTED for others; None for an accept."""
    if isinstance(claim.expected, Accept):
        return None
    return claim.kind.value if claim.kind else REJECTED


def is_executable(claim: Claim) -> bool:
    """Tell whether a claim is one that Python can bear out: one statement, to be accepted or rejected."""
    match claim.expected:
        case Accept():
            return True
        case Reject(optional=optional, tag=tag):
            return not (optional or tag)
        case _:
            return False


def read_answers(case: Case, said: Mapping[str, Any]) -> Iterable[Answer]:
    told = {answer["line"]: answer for answer in said["answers"]}
    for claim in case.claims:
        if not is_executable(claim):
            yield Answer(case.path, claim, Decision.UNDECIDABLE, "claims what only a checker can say")
            continue
        answer = told[claim.line]
        yield Answer(case.path, claim, Decision(answer["verdict"]), answer["why"], answer["firm"])
