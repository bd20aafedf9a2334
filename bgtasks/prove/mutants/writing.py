"""Mutated definitions written back into their module, all around them left as it is."""

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field

from bgtasks.claims.spans import bounds
from bgtasks.prove.mutants.definitions import FUNCTIONS, Definition, Function, is_overload
from bgtasks.prove.mutants.mutators.mutator import Nodes
from bgtasks.prove.mutants.mutators.slots import last_name

BLOCKS = (ast.ClassDef, *FUNCTIONS)


@dataclass
class Text:
    """The text of a module by the places that its syntax tree names."""

    source: str
    lines: list[bytes] = field(init=False)
    comments: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [f"{line}\n".encode() for line in self.source.split("\n")]
        self.comments = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(io.StringIO(self.source).readline)
            if token.type == tokenize.COMMENT
        }

    def cut(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return what stands between two places, each a line from 1 and a column in bytes from 0."""
        (first, begin), (last, stop) = start, end
        if first == last:
            return self.lines[first - 1][begin:stop].decode()
        middle = self.lines[first : last - 1]
        return b"".join([self.lines[first - 1][begin:], *middle, self.lines[last - 1][:stop]]).decode()


def write(text: Text, definition: Definition, mutated: Nodes) -> str:
    """Return the module with `mutated` in the place of a definition."""
    first, last = definition.nodes[0], definition.nodes[-1]
    indent = " " * first.col_offset
    written = f"\n{indent}".join(write_node(text, node, definition) for node in mutated)
    before = text.cut((1, 0), start_of(first))
    after = text.cut(end_of(last), (len(text.lines), len(text.lines[-1]) - 1))
    return with_any(f"{before}{written}{after}", mutated)


def write_node(text: Text, node: ast.stmt, definition: Definition) -> str:
    start, end = start_of(node), end_of(node)
    if any(node is original for original in definition.nodes):
        return text.cut(start, end)
    if not isinstance(node, BLOCKS):
        return ast.unparse(node)
    own = (node.lineno, node.col_offset)
    header = text.cut(start, own) + header_of(node)
    body = start_of(node.body[0])
    if not text.lines[body[0] - 1][: body[1]].isspace():
        return f"{header} {cut_body(text, body, node, definition)}"
    first = body[0]
    while first - 1 > node.lineno and text.lines[first - 2].strip()[:1] in {b"", b"#"}:
        first -= 1
    # A comment on a line of the header may be one that a checker obeys.
    said = [text.comments[line] for line in range(node.lineno, first) if line in text.comments]
    comment = f"  {'  '.join(said)}" if said else ""
    return f"{header}{comment}\n{cut_body(text, (first, 0), node, definition)}"


def cut_body(text: Text, start: tuple[int, int], node: ast.stmt, definition: Definition) -> str:
    """Return what stands from `start` to the end of a node, parameters by the names that they have now."""
    names = renamed(node, definition)
    (first, begin), (last, stop) = start, end_of(node)
    lines = [*text.lines[first - 1 : last - 1], text.lines[last - 1][:stop]]
    uses = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in names]
    for use in sorted(uses, key=lambda use: (use.lineno, use.col_offset), reverse=True):
        if (use.lineno, use.col_offset) >= start:
            line, end = lines[use.lineno - first], use.end_col_offset
            lines[use.lineno - first] = line[: use.col_offset] + names[use.id].encode() + line[end:]
    return b"".join(lines)[begin:].decode()


def renamed(node: ast.stmt, definition: Definition) -> dict[str, str]:
    """Return the new names of the parameters of a function that had others, by these."""
    originals = [one for one in definition.nodes if isinstance(one, FUNCTIONS) and one.lineno == node.lineno]
    if not isinstance(node, FUNCTIONS) or not originals:
        return {}
    before, after = ([arg.arg for arg in find_args(one)] for one in (originals[0], node))
    changed = zip(before, after, strict=True) if len(before) == len(after) else ()
    return {old: new for old, new in changed if old not in after}


def find_args(function: Function) -> list[ast.arg]:
    return [part for part in ast.walk(function.args) if isinstance(part, ast.arg)]


def header_of(node: ast.stmt) -> str:
    """Return the header of a function or a class in one line, up to its colon."""
    assert isinstance(node, BLOCKS)
    bare = copy(node)
    bare.body, bare.decorator_list = [ast.Pass()], []
    return ast.unparse(bare).rpartition("\n")[0]


def start_of(node: ast.stmt) -> tuple[int, int]:
    first, _ = bounds(node)
    return first, node.col_offset


def end_of(node: ast.stmt) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


def with_any(source: str, mutated: Sequence[ast.stmt]) -> str:
    """Import Any where a mutant is the first to name it."""
    named = {node.id for tree in mutated for node in ast.walk(tree) if isinstance(node, ast.Name)}
    module = ast.parse(source)
    if "Any" not in named or "Any" in bound(module):
        return source
    lines = source.split("\n")
    place = next((start_of(node)[0] - 1 for node in module.body if not is_preamble(node)), len(lines))
    return "\n".join([*lines[:place], "from typing import Any", *lines[place:]])


def bound(module: ast.Module) -> set[str]:
    """Return the names that the imports and assignments at the top of a module bind."""
    names: set[str] = set()
    for node in module.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def is_preamble(node: ast.stmt) -> bool:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


class WithoutMetadata(ast.NodeTransformer):
    """`Annotated[X, ...]` becomes `X`: what a person is shown is the signature."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Return the type that is annotated."""
        self.generic_visit(node)
        match node.slice:
            case ast.Tuple([annotated, *_]) if last_name(node.value) == "Annotated":
                return annotated
            case _:
                return node


def show(nodes: Sequence[ast.stmt]) -> str:
    """Return a definition in one line, as a person reads it."""
    return "; ".join(show_node(node) for node in visible_of(nodes))


def visible_of(nodes: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    overloaded = any(map(is_overload, nodes))
    yield from (node for node in nodes if is_overload(node) or not overloaded)


def show_node(node: ast.stmt) -> str:
    text = f"{header_of(node)} ..." if isinstance(node, BLOCKS) else ast.unparse(node)
    [shown] = ast.parse(text).body
    WithoutMetadata().visit(shown)
    return header_of(shown).removesuffix(":") if isinstance(shown, BLOCKS) else ast.unparse(shown)
