"""The lines that each statement of a source stands on."""

import ast
from collections.abc import Iterable
from typing import TypeAlias

from bgtasks.claims.model import Span

Statement: TypeAlias = ast.stmt | ast.ExceptHandler | ast.match_case

# Where a statement holds others.
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
# Those that hold none. No class of nodes has heirs.
SIMPLE = frozenset({
    ast.Return, ast.Delete, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise, ast.Assert, ast.Import,
    ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Expr, ast.Pass, ast.Break, ast.Continue,
})  # fmt: skip


def read_spans(nodes: Iterable[Statement]) -> tuple[Span, ...]:
    """
    Return the lines of each of these statements, from the top down, none overlapping.

    A compound statement is its header, with its decorators; statements that share a line are one.
    """
    spans: list[Span] = []
    for first, last in sorted(map(bounds, nodes)):
        if spans and first <= spans[-1].last:
            spans[-1] = Span(spans[-1].first, max(last, spans[-1].last))
        else:
            spans.append(Span(first, last))
    return tuple(spans)


def statements(tree: ast.Module) -> list[Statement]:
    """Return all statements, without a look into the expressions, which hold none."""
    found: list[Statement] = []
    parents: list[ast.Module | Statement] = [tree]
    for parent in parents:
        for block in BLOCKS:
            children: list[Statement] = getattr(parent, block, [])
            found += children
            parents += [child for child in children if type(child) not in SIMPLE]
    return found


def bounds(node: Statement) -> tuple[int, int]:
    if type(node) in SIMPLE and not isinstance(node, ast.match_case):
        return node.lineno, node.end_lineno or node.lineno
    first = first_line(node)
    body: list[Statement] | None = getattr(node, "body", None) or getattr(node, "cases", None)
    if body:
        return first, max(first, line_of(node), first_line(body[0]) - 1)
    return first, getattr(node, "end_lineno", None) or line_of(node)


def first_line(node: Statement) -> int:
    decorators: list[ast.expr] | None = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else line_of(node)


def line_of(node: Statement) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
