"""The functions that become tasks: where they are written, and what they are given."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bgtasks.check.code import (
    FUNCTION,
    Callee,
    External,
    Function,
    Given,
    Names,
    Parameter,
    class_of,
    find_calls,
    find_function,
    is_bare,
    is_overridden,
    match,
    method,
    read_given,
    read_parameters,
    resolve,
    spell,
)
from bgtasks.check.facts.sites import Forwarder, Site
from bgtasks.check.facts.wrappers import called_in, losing_runner, wrapped_by

CALLED = "()"
"""What stands around a task that a function of the app calls, in a lambda or a function of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """
    A function that becomes a task, at `expression` in the module of `names`, and what it is given.

    That is where the call site writes it, or where it is handed to a function of the app that adds
    it as it stands. `call` is the call that it is written in, and `starred` what stands behind a star
    in what it is given. `wrapper` is what the function of the app puts around it, if that is a plain
    function that loses a coroutine. `forwarder` is that function, None where it is written at the call site.
    """

    expression: ast.expr
    names: Names
    given: Given
    call: ast.Call
    starred: tuple[ast.expr, ...] = ()
    wrapper: str = ""
    forwarder: Forwarder | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What a task surely runs: a function of the app, and what that is given by then."""

    callee: Callee
    given: Given

    @property
    def function(self) -> Function:
        node = self.callee.located.node
        assert isinstance(node, FUNCTION)
        return node


def find_tasks(sites: Sequence[Site], modules: Sequence[Names]) -> Iterator[Task]:
    """Yield the tasks that are written at the sites, and those that functions of the app hand on."""
    left = [
        task_at(site, site.task, site.call)
        for site in sites
        if site.plain and site.task is not None and isinstance(site.call, ast.Call)
    ]
    seen: set[Parameter] = set()
    for task in left:
        yield task
        inner, parameter = handed_on(task)
        if parameter is not None and parameter not in seen:
            seen.add(parameter)
            left += (each for each in find_handed(inner, parameter) if each.names in modules)


def task_at(site: Site, task: ast.expr, call: ast.Call) -> Task:
    starred = starred_in(site.args, site.keywords)
    return Task(task, site.names, read_given(site.args, site.keywords), call, starred)


def handed_on(task: Task) -> tuple[Task, Parameter | None]:
    """Return a task without what is around it, and the parameter of the function around it that it is."""
    names = task.names
    inner = unwrap(task)
    match names.bindings(inner.expression) if isinstance(inner.expression, ast.Name) else []:
        case [Parameter() as parameter] if names.enclosing(task.call) is parameter.function:
            return inner, parameter
        case _:
            return inner, None


def unwrap(task: Task) -> Task:
    """Return a task without the partials, and the plain functions that lose a coroutine, around it."""
    names = task.names
    match task.expression:
        case ast.Call(func=func, args=[inner, *args], keywords=keywords) if is_partial(func, names):
            given = read_given(args, keywords).before(task.given)
            return unwrap(
                replace(
                    task, expression=inner, given=given, starred=(*starred_in(args, keywords), *task.starred)
                )
            )
        case ast.Call() as call if (wrapped := wrapped_by(call, names)) is not None:
            return replace(task, expression=wrapped, wrapper=spell(call))
        case ast.Lambda(args=ast.arguments(posonlyargs=[], args=[], kwonlyargs=[]), body=ast.Call() as body):
            given = read_given(body.args, body.keywords)
            stars = starred_in(body.args, body.keywords)
            return replace(task, expression=body.func, given=given, starred=stars, wrapper=CALLED)
        case ast.Name() | ast.Attribute() as func:
            return unwrap_function(func, task)
        case _:
            return task


def unwrap_function(func: ast.expr, task: Task) -> Task:
    """Return the function that a plain function calls, and loses the coroutine of, in place of that."""
    names = task.names
    match names.bindings(func) if isinstance(func, ast.Name) else []:
        case [ast.FunctionDef() as inner] if names.enclosing(inner) and (body := called_in(inner, names)):
            given = read_given(body.args, body.keywords)
            stars = starred_in(body.args, body.keywords)
            return replace(task, expression=body.func, given=given, starred=stars, wrapper=CALLED)
        case _:
            pass
    running = find_running(func, task.given, names)
    called = losing_runner(running.function, running.callee.located.names) if running is not None else None
    if running is None or called is None or running.callee.replaceable:
        return task
    got = match(running.given, running.function, bound=running.callee.bound).get(called)
    if got is None:
        return task
    left = Given((), (), whole=False)
    if got in task.given.positional[:1]:
        left = replace(task.given, positional=task.given.positional[1:])
    return replace(task, expression=got, given=left, wrapper=f"{spell(func)}{CALLED}")


def starred_in(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> tuple[ast.expr, ...]:
    """Return what stands behind a star in a call."""
    starred = [each.value for each in args if isinstance(each, ast.Starred)]
    return (*starred, *(keyword.value for keyword in keywords if keyword.arg is None))


def find_handed(task: Task, parameter: Parameter) -> Iterator[Task]:
    """Yield the tasks that callers give to `parameter`, which becomes `task`."""
    function = parameter.function
    if not isinstance(function, FUNCTION):
        return
    forwarder = Forwarder(parameter, task.names, tuple(find_given(task, parameter)), task.given)
    for call, there, callee in find_calls(function, task.names):
        given = read_given(call.args, call.keywords)
        got = match(given, function, bound=callee.bound).get(parameter.node.arg)
        if got is not None:
            passed = pass_on(task, given, callee)
            starred = starred_through(task, call, given, callee)
            yield Task(got, there, passed, call, starred, task.wrapper, forwarder)


def starred_through(task: Task, call: ast.Call, given: Given, callee: Callee) -> tuple[ast.expr, ...]:
    """Return what stands behind a star in a call of a forwarder and gets as it is to its task."""
    function = callee.located.node
    assert isinstance(function, FUNCTION)
    stars = stars_of(task, function)
    filled = len(given.positional) + callee.bound >= len([*function.args.posonlyargs, *function.args.args])
    single = [each.value for each in call.args if isinstance(each, ast.Starred)]
    double = [keyword.value for keyword in call.keywords if keyword.arg is None]
    return (
        *(single if filled and function.args.vararg in stars else ()),
        *(double if function.args.kwarg in stars else ()),
    )


def find_given(task: Task, parameter: Parameter) -> Iterator[Parameter]:
    """Yield the parameters of a forwarder that its task is given."""
    values = [*task.given.positional, *(value for _, value in task.given.named), *task.starred]
    spelled = {value.id for value in values if isinstance(value, ast.Name)}
    for each in read_parameters(parameter.function):
        if each.node.arg in spelled and each.node is not parameter.node:
            yield each


def pass_on(task: Task, given: Given, callee: Callee) -> Given:
    """Return what a task gets that a function, called with `given`, adds with what it has itself."""
    function = callee.located.node
    assert isinstance(function, FUNCTION)
    got = match(given, function, bound=callee.bound)
    args = [each.arg for each in [*function.args.posonlyargs, *function.args.args]][callee.bound :]
    positional: list[ast.expr] = []
    for own in task.given.positional:
        if not (isinstance(own, ast.Name) and own.id in got):
            return Given(tuple(positional), (), whole=False)
        positional.append(got[own.id])
    named = {
        name: got[value.id]
        for name, value in task.given.named
        if isinstance(value, ast.Name) and value.id in got
    }
    known = {*args, *(each.arg for each in function.args.kwonlyargs)}
    stars = stars_of(task, function)
    if function.args.vararg in stars:
        positional += given.positional[len(args) :]
    if function.args.kwarg in stars:
        named.update((name, value) for name, value in given.named if name not in known)
    whole = given.whole and stars is not UNKNOWN and len(named) >= len(task.given.named)
    return Given(tuple(positional), tuple(named.items()), whole)


UNKNOWN: frozenset[ast.arg | None] = frozenset({None})


def stars_of(task: Task, function: Function) -> frozenset[ast.arg | None]:
    """Return which of `*args` and `**kwargs` of a function its task gets; UNKNOWN where it gets others."""
    own = {arg.arg: arg for arg in (function.args.vararg, function.args.kwarg) if arg is not None}
    known = frozenset(own.get(each.id) if isinstance(each, ast.Name) else None for each in task.starred)
    return UNKNOWN if None in known else known


def find_running(task: ast.expr, given: Given, names: Names) -> Running | None:
    """Return what surely runs as `task`, through `partial`; None where that is not the app's own."""
    match task:
        case ast.Call(func=func, args=[inner, *args], keywords=keywords) if is_partial(func, names):
            return find_running(inner, read_given(args, keywords).before(given), names)
        case ast.Name() | ast.Attribute() | ast.Call():
            callee = find_function(task, names) or called_of(task, names)
            return Running(callee, given) if callee is not None else None
        case _:
            return None


def called_of(task: ast.expr, names: Names) -> Callee | None:
    """Return the `__call__` of an object of a class of the app's own."""
    called = method(class_of(task, names), "__call__")
    if called is None or not is_bare(called) or is_overridden(called):
        return None
    return Callee(called, bound=True)


def is_partial(func: ast.expr, names: Names) -> bool:
    return resolve(func, names) == External("functools.partial")
