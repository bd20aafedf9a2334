"""Which calls surely make a coroutine."""

import ast

from bgtasks.check.code import (
    Assignment,
    External,
    Found,
    Located,
    Names,
    decorators_of,
    find_callee,
    find_installed,
    method,
    own_nodes,
    resolve,
)
from bgtasks.check.facts.tasks import is_partial

COROUTINES = {f"asyncio.{name}" for name in ("sleep", "to_thread", "wait", "wait_for")}
METHODS = {External("builtins.staticmethod"), External("builtins.classmethod")}


def hands_back_coroutine(function: ast.FunctionDef, names: Names, owner: Found = None) -> bool:
    """Tell whether all that a plain function returns are coroutines."""
    values = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
    made = [bound_to(value, names) if isinstance(value, ast.Name) else value for value in values]
    return bool(made) and all(
        isinstance(value, ast.Call) and returns_coroutine(value, names, owner) for value in made
    )


def bound_to(name: ast.Name, names: Names) -> ast.expr | None:
    """Return the one value that a name is bound to."""
    match names.bindings(name):
        case [Assignment(value=value)]:
            return value
        case _:
            return None


def returns_coroutine(call: ast.Call, names: Names, owner: Found = None) -> bool:
    """Tell whether a call surely makes a coroutine: an `async def` that nothing decorates is called."""
    match call.func:
        case ast.Attribute(value=ast.Name() as receiver, attr=attr) if owner and is_self(receiver, names):
            replacing = method(owner, attr)
            return replacing is not None and is_coroutine_function(replacing)
        case _:
            found = resolve(call.func, names)
    if isinstance(found, External) and found.dotted in COROUTINES:
        return True
    callee = find_callee(call.func, names)
    if callee is not None:
        return is_coroutine_function(callee.located)
    installed = find_installed(call.func, names)
    return bool(installed) and all(is_coroutine_function(each.located) for each in installed)


def is_self(receiver: ast.Name, names: Names) -> bool:
    """Tell whether a name is the first parameter of the method that it is used in."""
    function = names.enclosing(receiver)
    first = next(iter(function.args.args), None) if function is not None else None
    return first is not None and first.arg == receiver.id


def is_coroutine_function(located: Located) -> bool:
    plain = all(each in METHODS for each in decorators_of(located))
    generator = located.node in located.names.generators
    return isinstance(located.node, ast.AsyncFunctionDef) and plain and not generator


def gives_coroutine(func: ast.expr, names: Names) -> bool:
    """Tell whether a call of `func` surely makes a coroutine."""
    match func:
        case ast.Call(func=outer, args=[inner, *_]) if is_partial(outer, names):
            return gives_coroutine(inner, names)
        case ast.Lambda(body=ast.Call() as body):
            return returns_coroutine(body, names)
        case _:
            return returns_coroutine(ast.Call(func, [], []), names)


def makes_coroutine(value: ast.expr, names: Names) -> bool:
    """Tell whether a value, or the first of several, is surely a coroutine, and so no future."""
    match value:
        case ast.Call():
            return returns_coroutine(value, names)
        case ast.Starred(
            value=ast.ListComp(elt=ast.Call() as made) | ast.GeneratorExp(elt=ast.Call() as made)
        ):
            return returns_coroutine(made, names)
        case ast.Starred(value=ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_])):
            return makes_coroutine(first, names)
        case ast.Name():
            match names.bindings(value):
                case [Assignment(value=ast.Call() as made)]:
                    return returns_coroutine(made, names)
                case _:
                    return False
        case _:
            return False
