"""Names that a loop binds anew in each round."""

import ast
from collections.abc import Iterator
from typing import Any, cast

from bgtasks.check.code import FUNCTION, Names, Scope

Loop = ast.For | ast.AsyncFor | ast.While
COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def find_loop(name: ast.Name, call: ast.Call, names: Names) -> ast.AST | None:
    """
    Return the loop around `call` that binds `name` anew in each round, and goes on behind the call.

    What is bound to the name outside of the loop is no better for what looks it up behind that.
    """
    scope = names.around[name].find(name.id)
    if scope is None:
        return None
    inside: ast.AST = call
    for outer in names.above(call):
        if isinstance(outer, COMPREHENSION) and names.within[outer] is scope:
            return outer
        if isinstance(outer, FUNCTION) or leaves(outer, inside):
            return None
        if isinstance(outer, Loop) and inside in outer.body and binds(outer, name.id, scope, names):
            return outer
        inside = outer
    return None


def leaves(outer: ast.AST, inside: ast.AST) -> bool:
    """Tell whether a block ends a loop behind a statement in it."""
    for name in ("body", "orelse", "finalbody"):
        found: Any = getattr(outer, name, None)
        block = cast("list[object]", found) if isinstance(found, list) else []
        if inside in block:
            behind = block[block.index(inside) :]
            return any(isinstance(each, ast.Break | ast.Return | ast.Raise) for each in behind)
    return False


def binds(loop: Loop, spelled: str, scope: Scope, names: Names) -> bool:
    """Tell whether a loop binds a name, and to something else in each round."""
    stored = any(is_stored(each, spelled, scope, names) for each in ast.walk(loop))
    return stored and spelled in changed_by(loop)


def changed_by(loop: Loop) -> set[str]:
    """Return the names that a loop binds to another value in each round, as far as that is sure."""
    changing = set[str]() if isinstance(loop, ast.While) else set(names_in(loop.target))
    for node in (each for statement in loop.body for each in ast.walk(statement)):
        match node:
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                changing |= set(names_in(target))
            case (
                ast.Assign(targets=[target], value=value)
                | ast.AnnAssign(target=target, value=ast.expr() as value)
            ):
                calls = isinstance(loop, ast.While) and any(
                    isinstance(each, ast.Call) for each in ast.walk(value)
                )
                if calls or changing & set(names_in(value)):
                    changing |= set(names_in(target))
            case _:
                pass
    return changing


def names_in(node: ast.AST) -> Iterator[str]:
    yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def is_stored(node: ast.AST, spelled: str, scope: Scope, names: Names) -> bool:
    stored = isinstance(node, ast.Name) and node.id == spelled and isinstance(node.ctx, ast.Store)
    return stored and names.around[node].find(spelled) is scope
