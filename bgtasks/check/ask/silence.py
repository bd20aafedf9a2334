"""Why no checker looks at a call."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import cast

from bgtasks.check.code import FUNCTION, Names
from bgtasks.check.facts.sites import Site

SILENCED = re.compile(r"#\s*(type:\s*ignore|pyright:\s*ignore|mypy:\s*ignore-errors)[^#]*")
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def explain_silence(site: Site) -> str:
    """Return in a sentence why no checker looks at `site`: a comment, or what stands before it."""
    lines = site.module.source.split("\n")
    call = site.call
    own = range(call.lineno, (call.end_lineno or call.lineno) + 1)
    for number in (*own, *head_of(site.module.tree)):
        match = SILENCED.search(lines[number - 1])
        if match and (number in own or lines[number - 1].lstrip().startswith("#")):
            return f'"{match[0].strip()}" in line {number} silences the checkers'
    for block, index in blocks_around(call, site.names):
        if end := next((each for each in block[:index] if isinstance(each, ENDS)), None):
            return f"no checker looks at it: it stands behind the {name_of(end)} in line {end.lineno}"
    for above in site.names.above(call):
        if isinstance(above, (ast.If, ast.While, ast.IfExp, ast.Match)):
            where = f"see the condition in line {above.lineno}"
            return f"no checker looks at it: to them it is never reached; {where}"
        if isinstance(above, FUNCTION):
            break
    return "no checker looks at it: to them it is never reached, by what stands before it"


def head_of(tree: ast.Module) -> range:
    """Return the lines before the first statement, where comments are for the whole file."""
    return range(1, tree.body[0].lineno if tree.body else 1)


def blocks_around(node: ast.AST, names: Names) -> Iterator[tuple[Sequence[ast.stmt], int]]:
    """Yield the blocks of its function that a node stands in, from the inside out, and where in each."""
    for above in names.above(node):
        if isinstance(node, ast.stmt):
            for field in ("body", "orelse", "finalbody"):
                block = cast("object", getattr(above, field, None))
                statements = cast("list[ast.stmt]", block) if isinstance(block, list) else []
                if node in statements:
                    yield statements, statements.index(node)
        if isinstance(above, FUNCTION):
            return
        node = above


def name_of(end: ast.stmt) -> str:
    return type(end).__name__.lower()
