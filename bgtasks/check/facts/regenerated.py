"""Generator functions behind decorators that put another generator function around them."""

import ast

from bgtasks.check.code import FUNCTION, Function, Located, Names, own_nodes, read_parameters, resolve


def is_handed_on(located: Located) -> bool:
    """
    Tell whether a generator function gives what it gives behind its decorators, too, and ends then.

    Each must be the app's own and make a generator function that calls what it decorates: a generator
    that another one holds ends with that at the latest.
    """
    node = located.node
    return isinstance(node, FUNCTION) and all(
        puts_generator_around(each, located.names) for each in node.decorator_list
    )


def puts_generator_around(decorator: ast.expr, names: Names) -> bool:
    found = resolve(decorator.func if isinstance(decorator, ast.Call) else decorator, names)
    if not isinstance(found, Located) or not isinstance(found.node, FUNCTION) or found.node.decorator_list:
        return False
    maker: Function | None = found.node
    if isinstance(decorator, ast.Call):
        maker = returned_by(found.node, found.names)
    inner = returned_by(maker, found.names) if maker is not None else None
    if maker is None or inner is None or inner not in found.names.generators:
        return False
    first = next(iter(read_parameters(maker)), None)
    uses = found.names.uses(first.node.arg, found.names.within[maker]) if first is not None else []
    called = [use for use in uses if is_called_in(use, inner, found.names)]
    gives = [node for node in own_nodes(inner) if isinstance(node, ast.Yield | ast.YieldFrom)]
    return bool(called) and all(isinstance(each.value, ast.Name | ast.Call) for each in gives)


def is_called_in(use: ast.expr, inner: Function, names: Names) -> bool:
    call = names.parents[use]
    return isinstance(call, ast.Call) and call.func is use and names.enclosing(call) is inner


def returned_by(function: Function, names: Names) -> Function | None:
    """Return the inner function that is all that a function returns."""
    match [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]:
        case [ast.Name(id=name)]:
            bound = names.within[function].bindings.get(name, [])
        case _:
            bound = []
    return bound[0] if len(bound) == 1 and isinstance(bound[0], FUNCTION) else None
