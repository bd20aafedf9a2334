"""
Probes: expressions that every checker rejects, and that it can reject only where it evaluates their block.

A claim is looked at in a run in which its probes are rejected. What is behind a probe in its block is
not shown by it, what is before it is. A probe shares a line with a statement, so no line moves.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from bgtasks.claims.model import Probe, Span
from bgtasks.claims.spans import BLOCKS, SIMPLE, Statement, first_line

# No claim, no import and no loop can learn anything from it, and it binds no name.
TEXT = '"".bgtasks_probe_{}'
NUMBER = re.compile(r"bgtasks_probe_(\d+)")
# The wrong line that ends every copy.
END = 0
UNCHECKED = "no_type_check"

LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Assert)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Behind these goes on what was before them, if none of them leaves or is left.
STRAIGHT = frozenset((*SIMPLE, *DEFINITIONS))

Group: TypeAlias = frozenset[int]


@dataclass(frozen=True, slots=True)
class Item:
    """
    A statement of a block.

    Those at the head of a class body are of the block around it, where none gets a probe.
    """

    node: Statement
    bare: bool


@dataclass(slots=True)
class Placement:
    """
    The probes of a source, and which of them show that a line with a claim is looked at.

    `unchecked` are the names of the decorator of functions that no checker is to look at.
    """

    unchecked: AbstractSet[str]
    probes: dict[tuple[int, int, bool], Probe] = field(default_factory=dict[tuple[int, int, bool], Probe])
    needs: dict[int, list[Group]] = field(default_factory=dict[int, list[Group]])

    def put(self, line: int, column: int, *, behind: bool) -> Group:
        probe = self.probes.setdefault(
            (line, column, behind), Probe(len(self.probes) + 1, line, column, behind)
        )
        return frozenset({probe.number})


def place_probes(tree: ast.Module, nodes: Iterable[Statement], spans: Sequence[Span]) -> Placement:
    """
    Return the probes for the claims that stand on `spans`; `nodes` are all statements of the tree.

    In `needs` stand, by the first line of a span, groups of probes: one of each group has to be
    rejected. A span with an empty group cannot be shown to be looked at.
    """
    nodes = list(nodes)
    placement = Placement(frozenset(name_unchecked(nodes)))
    lines = {line: span.first for span in spans for line in range(span.first, span.last + 1)}
    # Without a claim, one is needed only where the end of the file may not be reached.
    if not spans and any(
        type(node) not in STRAIGHT or has_call(node) or isinstance(node, ast.Raise) for node in tree.body
    ):
        first = next((item.node for item in top(tree) if simple(item)), None)
        if first:
            place(placement, first)
    for block, module in blocks(tree, nodes):
        place_in_block(placement, block, lines, module=module)
    return placement


def name_unchecked(nodes: Sequence[Statement]) -> Iterator[str]:
    """Yield the names of no_type_check in a module."""
    yield from name_imported(nodes, UNCHECKED)
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_named(value, {UNCHECKED}):
                yield name
            case _:
                pass


def blocks(tree: ast.Module, nodes: Iterable[Statement]) -> Iterator[tuple[list[Item], bool]]:
    yield top(tree), True
    for node in nodes:
        if type(node) in SIMPLE:
            continue
        if isinstance(node, ast.ExceptHandler | ast.match_case):
            yield [Item(node, bare=True)], False
        if isinstance(node, ast.ClassDef):
            yield flatten(node.body[end_of_head(node) :]), False
            continue
        if isinstance(node, FUNCTIONS) and is_stub(node.body):
            continue
        for name in BLOCKS:
            children: list[Statement] = getattr(node, name, [])
            if children and name not in {"handlers", "cases"}:
                yield flatten(children), False


def top(tree: ast.Module) -> list[Item]:
    """Return the block of a module; before an import from the future nothing may stand but its docstring."""
    items = flatten(tree.body)
    futures = [index for index, item in enumerate(items) if is_future(item.node)]
    return [Item(item.node, item.bare or index < max(futures, default=0)) for index, item in enumerate(items)]


def is_future(node: Statement) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def flatten(body: Sequence[Statement], *, bare: bool = False) -> list[Item]:
    items: list[Item] = []
    for node in body:
        items.append(Item(node, bare))
        if isinstance(node, ast.ClassDef):
            items += flatten(node.body[: end_of_head(node)], bare=True)
    return items


def end_of_head(node: ast.ClassDef) -> int:
    """
    Return where in a class body stands what is reached only if what is before it does not leave.

    Where it is left, the block around is not, to mypy, ty and zuban.
    """
    if any("NamedTuple" in ast.unparse(base) for base in node.bases):  # there an expression is an error
        return len(node.body)
    return next((index for index, part in enumerate(node.body, 1) if may_leave(part)), len(node.body))


def may_leave(node: ast.stmt) -> bool:
    """Tell whether behind a statement of a class body may be nothing that is reached."""
    if isinstance(node, LEAVES) or type(node) not in STRAIGHT:
        return True
    if isinstance(node, ast.AnnAssign):  # an annotation is not evaluated as it stands there
        return node.value is not None and has_call(ast.Expr(node.value))
    return has_call(node)


def place_in_block(placement: Placement, block: list[Item], lines: dict[int, int], *, module: bool) -> None:
    """Have each straight run of the block end in a probe; what may end it in the middle ends a run."""
    run: list[int] = []
    last = -1

    def flush() -> None:
        if run:
            group = find_group(placement, block, last, module=module)
            for line in run:
                placement.needs.setdefault(line, []).append(group)
            run.clear()

    for index, item in enumerate(block):
        line = lines.get(first_line(item.node))
        if line is not None:
            run.append(line)
            last = index
            decorators = getattr(item.node, "decorator_list", [])
            if any(is_named(decorator, placement.unchecked) for decorator in decorators):
                body = enter(placement, item.node)
                placement.needs.setdefault(line, []).append(body)
        calls = isinstance(item.node, ast.Expr) and line is None and has_call(item.node)
        if calls or isinstance(item.node, LEAVES) or type(item.node) not in STRAIGHT:
            flush()
    flush()


def find_group(placement: Placement, block: list[Item], index: int, *, module: bool = False) -> Group:
    """Return the probes of which one is enough to show that the statement at `index` was looked at."""
    item = block[index]
    if simple(item):
        return place(placement, item.node)
    # Of several calls, the first may never return.
    several = has_several_calls(item.node)
    for before in reversed(block[: 0 if several else index]):
        if simple(before):
            line, column = end_of(before.node)
            return placement.put(line, column, behind=True)
        through = type(before.node) in STRAIGHT and not isinstance(before.node, LEAVES)
        if not through or has_call(before.node):
            break
    # To what a function holds, it does not matter whether its header is left.
    inside = not (several and isinstance(item.node, DEFINITIONS))
    group = enter(placement, item.node) if inside else frozenset[int]()
    later = next((item.node for item in block[index + 1 :] if simple(item)), None)
    if later:
        group |= place(placement, later, ahead=True)
    return group | {END} if module else group


def enter(placement: Placement, node: Statement) -> Group:
    """Return probes at the head of what `node` holds: who looks there has looked at its header."""
    group: Group = frozenset()
    if isinstance(node, ast.ClassDef) or (isinstance(node, FUNCTIONS) and is_stub(node.body)):
        return group
    for name in BLOCKS:
        children: list[Statement] = getattr(node, name, [])
        if name in {"handlers", "cases"}:
            for child in children:
                group |= enter(placement, child)
        elif children:
            group |= find_group(placement, flatten(children), 0)
    return group


def place(placement: Placement, node: Statement, *, ahead: bool = False) -> Group:
    """
    Put a probe before a simple statement, which may never end.

    It goes behind one with several calls, of which the first may never return, and behind a docstring.
    """
    several = has_several_calls(node)
    leaves = isinstance(node, LEAVES) and not isinstance(node, ast.Assert)
    if is_constant(node) or (several and not ahead and not leaves):
        line, column = end_of(node)
        return placement.put(line, column, behind=True)
    assert isinstance(node, ast.stmt)
    return placement.put(node.lineno, node.col_offset, behind=False)


def end_of(node: Statement) -> tuple[int, int]:
    line, column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    assert line is not None
    assert column is not None
    return line, column


def simple(item: Item) -> bool:
    """Tell whether a probe may stand at a statement: in the head of a class, where another call does."""
    node = item.node
    bare = item.bare and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    return type(node) in SIMPLE and not bare and not is_future(node)


def is_constant(node: Statement) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_stub(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a body says only that there is none: with more in it, it would be one."""
    return all(isinstance(node, ast.Pass) or is_constant(node) for node in body)


def name_imported(nodes: Iterable[Statement], name: str) -> AbstractSet[str]:
    """Return the names under which something is imported, its own among them."""
    return {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == name
    } | {name}


def is_named(function: ast.expr, names: AbstractSet[str]) -> bool:
    """Tell whether a function is called by one of `names`, of its own or in a module."""
    match function:
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return called in names
        case _:
            return False


def header(node: Statement) -> Iterator[ast.AST]:
    """Yield what a statement holds of expressions, without the statements in it."""
    for name in node._fields:
        if name not in BLOCKS:
            value: Any = getattr(node, name, None)
            for part in cast("list[object]", value) if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield from ast.walk(part)


def has_call(node: Statement) -> bool:
    return any(isinstance(part, ast.Call) for part in header(node))


def has_several_calls(node: Statement) -> bool:
    return sum(isinstance(part, ast.Call) for part in header(node)) > 1


def with_probes(source: str, probes: Sequence[Probe]) -> str:
    """Return `source` with `probes` in it, line for line."""
    lines = source.split("\n")
    for probe in sorted(probes, key=lambda probe: (probe.line, probe.column, probe.behind), reverse=True):
        line = lines[probe.line - 1].encode()
        text = TEXT.format(probe.number)
        text = f"; {text}" if probe.behind else f"{text}; "
        lines[probe.line - 1] = (line[: probe.column] + text.encode() + line[probe.column :]).decode()
    return "\n".join(lines)
