"""What closes a resource: a `with`, a call, the end of a generator function."""

import ast

from bgtasks.check.code import (
    CONTEXT_MANAGERS,
    FUNCTION,
    Assignment,
    External,
    Function,
    Located,
    Names,
    Parameter,
    class_of,
    decorators_of,
    find_callee,
    guarded,
    own_nodes,
    resolve,
)
from bgtasks.check.facts.resources import (
    CLOSING,
    KINDS,
    OUTLIVED,
    PLAIN,
    RELEASES,
    REMOVES,
    Resource,
    closes,
    entered,
    kind_of,
    origin_of,
)


def given_by(context: ast.expr, names: Names) -> Resource | None:
    """Return what `with context as name` binds to the name, if it is closed at the end of the block."""
    origin = origin_of(context, names) or ""
    match context:
        case ast.Call(args=[inner, *_]) if origin in CLOSING:
            return kind_of(inner, names) or PLAIN
        case ast.Call(func=func):
            callee = find_callee(func, names)
            located = callee.located if callee is not None else None
            if isinstance(located, Located) and isinstance(located.node, FUNCTION):
                made = {each.dotted for each in decorators_of(located) if isinstance(each, External)}
                if made & CONTEXT_MANAGERS:
                    return lent_by(located.node, located.names)
        case _:
            pass
    if origin in KINDS:
        return kind_of(context, names)
    kind = class_of(context, names)
    if not isinstance(kind, Located) or not (enter := entered(kind)):
        return None
    leave = "__exit__" if enter == "__enter__" else "__aexit__"
    return PLAIN if closes(kind.node, kind.names, leave) else None


@guarded
def lent_by(function: Function, names: Names) -> Resource | None:
    """Return what a function gives by its only `yield` and surely releases behind it."""
    yields = [node for node in own_nodes(function) if isinstance(node, ast.Yield)]
    if len(yields) != 1 or not isinstance(yields[0].value, ast.Name):
        return None
    [given] = yields
    spelled = yields[0].value.id
    for node in own_nodes(function):
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items) if given in ast.walk(node):
                for item in items:
                    if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == spelled:
                        return lent(item.context_expr, names)
                    if is_closed_by(item.context_expr, spelled, names):
                        return PLAIN
            case ast.Call() if is_behind(node, given, names) and released_by(node, names) == spelled:
                return kind_of(yields[0].value, names) or PLAIN
            case _:
                pass
    return None


def is_behind(call: ast.Call, given: ast.Yield, names: Names) -> bool:
    """Tell whether a call stands behind a `yield`, on no condition."""
    return call.lineno > given.lineno and not any(
        isinstance(each, ast.If | ast.IfExp | ast.BoolOp) and given not in ast.walk(each)
        for each in names.above(call)
    )


def lent(context: ast.expr, names: Names) -> Resource | None:
    """Return what a `with` around a `yield` lends; of what is not known, that it takes it back."""
    known = given_by(context, names)
    if known is not None or origin_of(context, names) in OUTLIVED:
        return known
    callee = find_callee(context.func, names) if isinstance(context, ast.Call) else None
    return None if callee is not None else PLAIN


def is_closed_by(context: ast.expr, spelled: str, names: Names) -> bool:
    """Tell whether a `with` closes what a name holds: `with db` or `with closing(db)`."""
    match context:
        case ast.Call(args=[ast.Name(id=inner), *_]) if origin_of(context, names) in CLOSING:
            return inner == spelled
        case ast.Name(id=inner):
            return inner == spelled and given_by(context, names) is not None
        case _:
            return False


def released_by(call: ast.Call, names: Names) -> str | None:
    """Return the name whose value a call closes, gives back or removes."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=spelled), attr=attr)) if attr in RELEASES:
            return spelled
        case ast.Call(func=func, args=[ast.Name(id=spelled), *_]):
            found = resolve(func, names)
            return spelled if isinstance(found, External) and found.dotted in REMOVES else None
        case _:
            return None


def is_made(name: ast.Name, names: Names) -> bool:
    """Tell whether a name is bound once, to what a call makes or to a parameter."""
    match names.bindings(name):
        case [Assignment(value=ast.Call() | ast.Await(value=ast.Call()))] | [Parameter()]:
            return True
        case _:
            return False
