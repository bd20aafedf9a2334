"""BGT313: a task raises HTTPException, with which nobody answers any more."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import (
    FUNCTION,
    External,
    Function,
    Names,
    Way,
    ancestors,
    exception_of,
    find_ends,
    find_function,
    own_nodes,
    passes,
    remembered,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tasks import find_running
from bgtasks.check.facts.vocabulary import HTTP_EXCEPTIONS
from bgtasks.check.model import Finding, Rule
from bgtasks.files import relative

RULE: Rule = Rule(
    "BGT313", "raised-in-task", "a task raises HTTPException, with which nobody answers any more"
)


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that raise HTTPException on some path, themselves or by a function that they call.

    Source: <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>: when the
    response has been sent, no other one can be.
    """
    for task in app.tasks:
        running = find_running(task.expression, task.given, task.names)
        raised = find_raised(running.function, running.callee.located.names) if running is not None else None
        if raised is not None:
            node, names = raised
            where = f"line {node.lineno}"
            if names.module is not task.names.module:
                where += f" of {relative(names.module.path).as_posix()}"
            message = f"{where} raises HTTPException, when the response has been sent and no other can be; "
            advice = "raise it before the task is added, or log it"
            yield Finding(RULE, place_of(task.names.module, task.expression), message + advice)


@remembered
def find_raised(function: Function, names: Names) -> tuple[ast.Raise, Names] | None:
    """Return the first `raise HTTPException` that leaves a function, and the module it stands in."""
    own = [
        end.node
        for end in find_ends(function, names, lambda state, _: state)
        if end.way is Way.RAISE and isinstance(end.node, ast.Raise) and is_http(end.node, names)
    ]
    if own:
        return min(own, key=lambda node: node.lineno), names
    calls = (node for node in own_nodes(function) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        callee = find_function(call.func, names)
        node = callee.located.node if callee is not None else None
        if callee is None or not isinstance(node, FUNCTION) or node in callee.located.names.generators:
            continue
        awaited = isinstance(names.parents[call], ast.Await)
        if awaited is not isinstance(node, ast.AsyncFunctionDef):
            continue
        raised = find_raised(node, callee.located.names)
        if raised is not None and passes(exception_of(*raised), call, names):
            return raised
    return None


def is_http(node: ast.Raise, names: Names) -> bool:
    kinds = ancestors(exception_of(node, names))
    return any(isinstance(each, External) and each.dotted in HTTP_EXCEPTIONS for each in kinds)
