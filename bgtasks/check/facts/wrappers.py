"""Plain functions around others: whether the coroutine of an async one is lost in them."""

import ast
from collections.abc import Sequence

from bgtasks.check.code import (
    FUNCTION,
    External,
    Function,
    Located,
    Names,
    Parameter,
    find_callee,
    last_name,
    match,
    method,
    own_nodes,
    read_given,
    read_parameters,
    remembered,
    resolve,
)

WRAPS = External("functools.wraps")
LOOKING = {WRAPS, External("inspect.signature")}


def wrapped_by(call: ast.Call, names: Names) -> ast.expr | None:
    """Return the function in `timed(function)`, if the call makes a plain one that loses its coroutine."""
    twice = isinstance(call.func, ast.Call)  # as in retried(3)(function)
    callee = find_callee(call.func.func if isinstance(call.func, ast.Call) else call.func, names)
    if callee is None:
        return None
    located, bound = callee.located, callee.bound
    if twice:
        inner = returned_by(located.node, located.names) if isinstance(located.node, FUNCTION) else None
        if not isinstance(inner, ast.FunctionDef) or located.node in located.names.generators:
            return None
        located, bound = Located(inner, located.names), False
    if isinstance(located.node, ast.ClassDef):
        made = method(located, "__init__")
        parameter = losing_attribute(located.node, located.names)
        if made is None or not isinstance(made.node, FUNCTION) or parameter is None:
            return None
        return match(read_given(call.args, call.keywords), made.node, bound=True).get(parameter)
    if not isinstance(located.node, FUNCTION) or located.node.decorator_list:
        return None
    parameter = losing_parameter(located.node, located.names)
    given = match(read_given(call.args, call.keywords), located.node, bound=bound)
    return given.get(parameter) if parameter is not None else None


def loses_coroutine(decorator: ast.expr, names: Names, *, of_plain: bool = False) -> bool:
    """
    Tell whether what a decorator makes of an async function is a plain one that loses the coroutine.

    With `of_plain`, it is of a plain function that returns one.
    """
    made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
    found = resolve(made_by, names)
    if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
        return made_by is decorator and losing_attribute(found.node, found.names) is not None
    if not isinstance(found, Located) or not isinstance(found.node, FUNCTION) or found.node.decorator_list:
        return False
    function: Function | None = found.node
    if made_by is not decorator:
        inner = returned_by(found.node, found.names)
        function = inner if isinstance(inner, ast.FunctionDef) else None
    return function is not None and losing_parameter(function, found.names, of_plain) is not None


@remembered
def losing_parameter(function: Function, names: Names, of_plain: bool = False) -> str | None:
    """
    Return the parameter of a function that what it returns calls, and never awaits.

    None where that is not sure: it must be a plain function that hands back, or drops, whatever the
    call of the parameter gives, and does nothing else with it.
    """
    inner = returned_by(function, names, of_plain=of_plain)
    if inner is None or function in names.generators or not isinstance(function, ast.FunctionDef):
        return None
    for parameter in read_parameters(function):
        name = parameter.node.arg
        uses = names.uses(name, names.within[function])
        called = [use for use in uses if is_called(use, names)]
        if of_plain:
            called = [use for use in called if names.enclosing(use) is inner]
        others = [use for use in uses if not is_called(use, names)]
        lost = all(is_lost(use, inner, names) for use in called)
        if called and lost and (of_plain or all(is_looked_at(use, names) for use in others)):
            return name
    return None


@remembered
def losing_runner(function: Function, names: Names) -> str | None:
    """Return the parameter that a plain function calls itself, and of which it never awaits the result."""
    if not isinstance(function, ast.FunctionDef) or function in names.generators:
        return None
    for parameter in read_parameters(function):
        name = parameter.node.arg
        uses = names.uses(name, names.within[function])
        called = [use for use in uses if is_called(use, names)]
        lost = all(
            names.enclosing(use) is function and is_dropped(names.parents[use], names) for use in called
        )
        once = len(names.within[function].bindings[name]) == 1
        if called and lost and once and all(is_looked_at(use, names) for use in uses if use not in called):
            return name
    return None


def called_in(function: ast.FunctionDef, names: Names) -> ast.Call | None:
    """Return the one call of a parameter of the function around it that an inner plain function drops."""
    taken = next(read_parameters(function), None)
    if function.decorator_list or taken is not None or function in names.generators:
        return None
    calls = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and any(isinstance(each, Parameter) for each in names.bindings(node.func))
    ]
    return calls[0] if len(calls) == 1 and is_dropped(calls[0], names) else None


def returned_by(
    function: Function, names: Names, *, of_plain: bool = False
) -> ast.FunctionDef | ast.Lambda | None:
    """Return the plain inner function that is all that a function returns, of a plain one if `of_plain`."""
    returned = [
        node.value
        for node in own_nodes(function)
        if isinstance(node, ast.Return) and not (of_plain and is_for_async(node, names))
    ]
    bound: list[object] = []
    match returned:
        case [ast.Lambda() as inner]:
            return inner
        case [ast.Name(id=name)]:
            bound += names.within[function].bindings.get(name, [])
        case _:
            pass
    if len(bound) == 1 and isinstance(bound[0], ast.FunctionDef) and bound[0] not in names.generators:
        found = bound[0]
        kept = [
            isinstance(each, ast.Call) and resolve(each.func, names) == WRAPS for each in found.decorator_list
        ]
        return found if all(kept) else None
    return None


def is_for_async(node: ast.Return, names: Names) -> bool:
    """Tell whether a return is reached where the function that is decorated is an async one."""
    inside: ast.AST = node
    for above in names.above(node):
        match above:
            case ast.If(test=ast.Call(func=func), body=body) if last_name(func) == "iscoroutinefunction":
                return inside in body
            case _:
                inside = above
    return False


@remembered
def losing_attribute(kind: ast.ClassDef, names: Names) -> str | None:
    """Return the same parameter of the `__init__` of a class whose objects are called."""
    located = Located(kind, names)
    made, called = method(located, "__init__"), method(located, "__call__")
    if made is None or called is None or not isinstance(called.node, ast.FunctionDef):
        return None
    if called.node in called.names.generators or called.node.decorator_list or made.names is not called.names:
        return None
    for node in ast.walk(made.node):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(), attr=attr)], value=ast.Name(id=name)):
                pass
            case _:
                continue
        uses = [
            each
            for each in ast.walk(called.node)
            if isinstance(each, ast.Attribute) and each.attr == attr and isinstance(each.ctx, ast.Load)
        ]
        if uses and all(
            is_called(use, called.names) and is_lost(use, called.node, called.names) for use in uses
        ):
            return name
    return None


def is_called(use: ast.expr, names: Names) -> bool:
    parent = names.parents[use]
    return isinstance(parent, ast.Call) and parent.func is use


def is_looked_at(use: ast.expr, names: Names) -> bool:
    """Tell whether a function is only looked at: `func.__name__`, or `functools.wraps(func)`."""
    match names.parents[use]:
        case ast.Attribute(attr=attr):
            return attr.startswith("__")
        case ast.Call(func=func):
            return resolve(func, names) in LOOKING or last_name(func) == "iscoroutinefunction"
        case _:
            return False


def is_lost(use: ast.expr, inner: ast.FunctionDef | ast.Lambda, names: Names) -> bool:
    """Tell whether what a call in `inner` gives is handed back, or dropped, and never looked at."""
    call = names.parents[use]
    if names.enclosing(call) is not inner:
        return False
    return (isinstance(inner, ast.Lambda) and call is inner.body) or is_dropped(call, names)


def is_dropped(value: ast.AST, names: Names) -> bool:
    match names.parents[value]:
        case ast.Expr() | ast.Return():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            scope = names.around[value]
            uses: Sequence[ast.Name] = names.uses(name, scope) if len(scope.bindings[name]) == 1 else ()
            returned = all(isinstance(names.parents[use], ast.Return) for use in uses)
            return returned and len(scope.bindings[name]) == 1
        case _:
            return False
