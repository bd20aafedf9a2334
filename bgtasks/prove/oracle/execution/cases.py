"""One case, executed statement by statement."""

import __future__

import ast
import sys
from contextlib import suppress
from traceback import walk_tb
from types import CodeType, ModuleType
from typing import Any

from . import targets
from .calls import overload
from .hearing import Hearing
from .rewrite import ORACLE, Claim, rewrite
from .shape import RejectedError
from .values import values
from .verdicts import conclude

__all__ = ["hear", "overload"]

FUTURE = __future__.annotations.compiler_flag


def hear(case: dict[str, Any], target: Any) -> dict[str, Any]:
    """
    Execute one case, what must be accepted before what must be rejected.

    Returns what Python says of each of its claims, and why it could not be executed to its end.
    """
    claims = [Claim(**claim) for claim in case["claims"]]
    source, path, name = case["source"], case["path"], case["module"]
    rewriting = rewrite(ast.parse(source), claims)
    future = compile(source, path, "exec", dont_inherit=True).co_flags & FUTURE

    def compiled(node: ast.stmt) -> CodeType:
        made: CodeType = compile(ast.Module([node], []), path, "exec", flags=future, dont_inherit=True)
        return made

    module = ModuleType(name)
    module.__file__, module.__package__ = path, name.rpartition(".")[0]
    sys.modules[name] = module
    hearing = Hearing(claims, vars(module), path, source)
    hearing.namespace[ORACLE] = hearing
    targets.record(hearing, target)
    hearing.background = targets.is_background(target)
    trouble: list[str] = []
    try:
        for node in rewriting.statements:
            exec(compiled(node), hearing.namespace)  # noqa: S102 - that is what it is asked for
        drive(hearing)
        hearing.rejecting = True
        for node in rewriting.rejects:
            code = compiled(node)
            exec(code, hearing.namespace)  # noqa: S102 - as above
            vary(hearing, code)
        drive(hearing)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the code of others, which may raise what it likes
        trouble.append(f"{place(error, path)}{describe(error)}")
    return {"answers": conclude(hearing, stopped=bool(trouble)), "trouble": trouble}


def place(error: BaseException, path: str) -> str:
    """Return the line of a file on which an exception was raised, "" where nobody knows it."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == path]
    return f"line {lines[-1]}: " if lines else ""


def describe(error: BaseException) -> str:
    name = "TypeError" if isinstance(error, RejectedError) else type(error).__name__
    return f"{name}: {error}"


def drive(hearing: Hearing) -> None:
    for holder in list(hearing.holders):
        with suppress(Exception):  # what is not reached so is said to be
            holder.drive(hearing)


def vary(hearing: Hearing, code: CodeType) -> None:
    """Execute a statement with each other value that the declared types of its names admit."""
    for name, hint in hearing.declarations.items():
        others = values(hint) if name in code.co_names else []
        if len(others) > 1:
            before = hearing.namespace.get(name)
            for value in others:
                hearing.namespace[name] = value
                exec(code, hearing.namespace)  # noqa: S102 - that is what it is asked for
            hearing.namespace[name] = before
