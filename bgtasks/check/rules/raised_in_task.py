"""BGT313: a task raises HTTPException, with which nobody answers any more."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bgtasks.check.code import (
    FUNCTION,
    Callee,
    External,
    Function,
    Given,
    Guard,
    Names,
    Way,
    ancestors,
    binds,
    exception_of,
    exclude_each_other,
    fill,
    find_ends,
    find_function,
    find_guards,
    left_out,
    match,
    own_nodes,
    passes,
    read_given,
    remembered,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tasks import Running, Task, find_running
from bgtasks.check.facts.vocabulary import HTTP_EXCEPTIONS
from bgtasks.check.model import Finding, Rule
from bgtasks.files import relative

RULE: Rule = Rule(
    "BGT313", "raised-in-task", "a task raises HTTPException, with which nobody answers any more"
)
MOST = 20
"""As many places as are looked at of one function; those behind them are of no other kind."""


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that raise HTTPException on some path, themselves or by a function that they call.

    Source: <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>: when the
    response has been sent, no other one can be.
    """
    for task in app.tasks:
        running = find_running(task.expression, task.given, task.names) or find_in_lambda(task)
        for raised in find_raised_by(running) if running is not None else ():
            where = f"line {raised.node.lineno}"
            if raised.names.module is not task.names.module:
                where += f" of {relative(raised.names.module.path).as_posix()}"
            message = f"{where} raises HTTPException, when the response has been sent and no other can be; "
            advice = "raise it before the task is added, or log it"
            yield Finding(RULE, place_of(task.names.module, task.expression), message + advice)
            break


def find_in_lambda(task: Task) -> Running | None:
    """Return what a lambda calls and nothing else."""
    match task.expression:
        case ast.Lambda(body=ast.Call(func=func, args=args, keywords=keywords)):
            running = find_running(func, read_given(args, keywords), task.names)
            return running if running is not None and isinstance(running.function, ast.FunctionDef) else None
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Raised:
    """A `raise HTTPException` in the module of `names`, and what holds where it leaves a function."""

    node: ast.Raise
    names: Names
    guards: tuple[Guard, ...]


def find_raised_by(running: Running) -> Iterator[Raised]:
    callee, function = running.callee, running.function
    yield from through(find_raised(function, callee.located.names), running.given, callee, ())


def through(
    raised: Sequence[Raised] | None, given: Given, callee: Callee, around: Sequence[Guard]
) -> Iterator[Raised]:
    """Yield what leaves a call that gives this, of what a function raises; `around` is what holds there."""
    function = callee.located.node
    if not isinstance(function, FUNCTION) or not binds(given, function, bound=callee.bound):
        return
    left = left_out(given, function, bound=callee.bound)
    values = {each.node.arg: each.default for each in left if each.default is not None}
    values.update(match(given, function, bound=callee.bound))
    for each in raised or ():
        guards = (*around, *(fill(guard, values) for guard in each.guards))
        if not exclude_each_other(guards):
            yield replace(each, guards=guards)


@remembered
def find_raised(function: Function, names: Names) -> list[Raised]:
    """Return each `raise HTTPException` that leaves a function, its own before those of what it calls."""
    own = {
        end.node
        for end in find_ends(function, names, lambda state, _: state)
        if end.way is Way.RAISE and isinstance(end.node, ast.Raise) and is_http(end.node, names)
    }
    found = [
        Raised(node, names, tuple(find_guards(node, names)))
        for node in sorted(own, key=lambda node: node.lineno)
    ]
    calls = (node for node in own_nodes(function) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        callee = find_function(call.func, names)
        node = callee.located.node if callee is not None else None
        if callee is None or not isinstance(node, FUNCTION) or node in callee.located.names.generators:
            continue
        awaited = isinstance(names.parents[call], ast.Await)
        if awaited is not isinstance(node, ast.AsyncFunctionDef):
            continue
        given, around = read_given(call.args, call.keywords), tuple(find_guards(call, names))
        raised = find_raised(node, callee.located.names)
        found += (
            each
            for each in through(raised, given, callee, around)
            if passes(exception_of(each.node, each.names), call, names)
        )
    return [each for each in found if not exclude_each_other(each.guards)][:MOST]


def is_http(node: ast.Raise, names: Names) -> bool:
    kinds = ancestors(exception_of(node, names))
    return any(isinstance(each, External) and each.dotted in HTTP_EXCEPTIONS for each in kinds)
