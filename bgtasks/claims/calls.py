"""assert_type and reveal_type, which claim a type where they are called."""

import ast
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bgtasks.claims.model import Asserted
from bgtasks.claims.probes import header
from bgtasks.claims.spans import Statement, bounds

# A value, and its type.
SIDES = 2


def find_typed(nodes: Sequence[Statement], source: str) -> Iterator[tuple[int, Asserted]]:
    """Yield the first line of each statement that calls assert_type, and what it claims."""
    if "assert_type" not in source:
        return
    names = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == "assert_type"
    } | {"assert_type"}
    for node in nodes:
        calls = [
            part.args
            for part in header(node)
            if isinstance(part, ast.Call) and is_named(part.func, names) and len(part.args) == SIDES
        ]
        if calls:
            pairs = tuple((ast.unparse(value), ast.unparse(expected)) for value, expected in calls)
            yield bounds(node)[0], Asserted(pairs)


def is_named(function: ast.expr, names: AbstractSet[str]) -> bool:
    """Tell whether a function is called by one of `names`, of its own or in a module."""
    match function:
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return called in names
        case _:
            return False
