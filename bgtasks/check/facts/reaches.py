"""From a value to a task: which names a task holds the values of, however it came by them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import (
    Function,
    Names,
    Parameter,
    find_calls,
    is_none,
    match,
    read_given,
    read_parameters,
    remembered,
)
from bgtasks.check.facts.held import CALLED, Held, find_held
from bgtasks.check.facts.tasks import Task, find_running


@dataclass(frozen=True, slots=True)
class Reach:
    """
    A name whose value a task holds, in the module of `names`.

    `path` leads from the value of the name to what is held of it: `("file",)` where that is
    `upload.file`, `("write()",)` where `db.write` is what is called. `late` tells that the name is
    looked up when the task runs, as a lambda does. `call` is what adds the task, and `written` what
    is written there: the task, or what it is given.
    """

    name: ast.Name
    names: Names
    path: tuple[str, ...]
    late: bool
    written: ast.expr
    call: ast.Call


@dataclass(frozen=True, slots=True)
class Step:
    """What is held by a task that `call` adds to `tasks`, or has another function add, as `written` there."""

    held: Held
    written: ast.AST
    call: ast.Call
    tasks: ast.expr | None


def reached_by(task: Task) -> list[Reach]:
    """
    Return what a task surely holds when it runs: what it is, and what it is given and does not leave unread.

    What it holds of a parameter, it holds of what all callers give to that: their calls add it, too.
    """
    return find_reaches(task, task.names)


@remembered
def find_reaches(task: Task, names: Names) -> list[Reach]:
    unread = find_unread(task)
    values = [*task.given.positional, *(value for _, value in task.given.named)]
    values = [value for value in values if value not in unread]
    start = [Held(task.expression, names, (CALLED,)), *(Held(value, names) for value in values)]
    found: list[Reach] = []
    seen: set[Held] = set()
    left = [Step(each, each.value, task.call, receiver_of(task)) for each in start]
    for step in left:
        for inner in find_held(step.held, seen):
            if inner.value in unread:  # of a partial
                continue
            if isinstance(inner.value, ast.Name) and isinstance(step.written, ast.expr):
                reach = Reach(inner.value, inner.names, inner.path, inner.late, step.written, step.call)
                found.append(reach)
                left += given_by_callers(inner, inner.value, step)
    return found


def receiver_of(task: Task) -> ast.expr | None:
    """Return the tasks that a task is added to, None where it is not written there."""
    func = task.call.func
    return func.value if isinstance(func, ast.Attribute) and func.attr == "add_task" else None


def find_unread(task: Task) -> list[ast.expr]:
    """Return what a task is given for parameters that nothing in its function reads."""
    running = find_running(task.expression, task.given, task.names)
    if running is None or running.callee.replaceable:
        return []
    function = running.function
    if all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body):
        return []  # a stub, whose code is not to be seen
    read = read_in(function, running.callee.located.names)
    if read & {"locals", "vars", "eval", "exec"}:
        return []
    given = match(running.given, function, bound=running.callee.bound)
    return [value for name, value in given.items() if name not in read]


@remembered
def read_in(function: Function, _: Names) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(function) if isinstance(node, ast.Name))


def given_by_callers(held: Held, name: ast.Name, step: Step) -> Iterator[Step]:
    """
    Yield what the callers of a function give to the parameter `name`, where they give it tasks as well.

    They give their object to `self`, and it is only sure that they add to tasks if they hand them over.
    """
    match held.names.bindings(name):
        case [Parameter(function=ast.FunctionDef() | ast.AsyncFunctionDef() as function) as parameter]:
            pass
        case _:
            return
    first = next(read_parameters(function))
    of_tasks = parameter_of(step.tasks, function, held.names)
    tasks = of_tasks if of_tasks != first else None
    for call, there, callee in find_calls(function, held.names):
        given = match(read_given(call.args, call.keywords), function, bound=callee.bound)
        handed = given.get(tasks.node.arg) if tasks is not None else None
        if tasks is not None and (handed is None or is_none(handed)):
            continue
        value = given.get(parameter.node.arg)
        if (
            parameter == first
            and callee.bound
            and handed is not None
            and isinstance(call.func, ast.Attribute)
        ):
            value = call.func.value
        if value is not None:
            yield Step(Held(value, there, held.path, held.late), value, call, handed)


def parameter_of(tasks: ast.expr | None, function: Function, names: Names) -> Parameter | None:
    """Return the parameter of a function that tasks are, or are an attribute of."""
    while isinstance(tasks, ast.Attribute):
        tasks = tasks.value
    bound = names.bindings(tasks) if isinstance(tasks, ast.Name) and tasks in names.around else []
    return next((each for each in bound if isinstance(each, Parameter) and each.function is function), None)
