"""The calls that are made for a task: that of the task itself, and those by which it comes to be."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    Function,
    Given,
    Names,
    find_function,
    own_nodes,
    read_given,
    spell,
)
from bgtasks.check.facts.tasks import Task, find_running


@dataclass(frozen=True, slots=True)
class Made:
    """A call of `function`, in the module of `names`, which `spelled` names; `bound` as for a `Callee`."""

    function: Function
    names: Names
    given: Given
    bound: bool
    spelled: str


def find_made(task: Task) -> Iterator[Made]:
    """Yield the calls of functions of the app that are surely made for a task, once it is added."""
    yield from made_by_task(task.expression, task.given, task.names)
    for value in [task.expression, *task.given.positional, *(value for _, value in task.given.named)]:
        made = maker_of(value, task.names)
        if made is not None:
            yield from read_made(made, task.names)


def made_by_task(expression: ast.expr, given: Given, names: Names) -> Iterator[Made]:
    running = find_running(expression, given, names)
    if running is not None:
        callee = running.callee
        yield Made(running.function, callee.located.names, running.given, callee.bound, spell(expression))
    for call in calls_in(expression, names):
        yield from read_made(call, names)


def calls_in(expression: ast.expr, names: Names) -> Iterator[ast.Call]:
    """Yield the calls in a lambda, or in a function inside of one, that is the task."""
    nodes: Iterator[ast.AST] = iter(())
    match expression:
        case ast.Lambda(body=body):
            nodes = ast.walk(body)
        case ast.Name() as name:
            match names.bindings(name):
                case [ast.FunctionDef() | ast.AsyncFunctionDef() as inner] if names.enclosing(inner):
                    nodes = own_nodes(inner)
                case [Assignment(value=ast.Lambda() as value)]:
                    nodes = ast.walk(value.body)
                case _:
                    pass
        case _:
            pass
    yield from (node for node in nodes if isinstance(node, ast.Call))


def maker_of(value: ast.expr, names: Names) -> ast.Call | None:
    """Return the call that makes what a value is, or is an attribute of."""
    while isinstance(value, ast.Attribute):
        value = value.value
    match names.bindings(value) if isinstance(value, ast.Name) else []:
        case [Assignment(value=ast.Call() as call)]:
            return call
        case _:
            return value if isinstance(value, ast.Call) else None


def read_made(call: ast.Call, names: Names) -> Iterator[Made]:
    callee = find_function(call.func, names)
    if callee is not None and isinstance(callee.located.node, FUNCTION):
        given = read_given(call.args, call.keywords)
        yield Made(callee.located.node, callee.located.names, given, callee.bound, spell(call.func))
