"""Make the mutants of a module."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.prove.mutants.definitions import Definition, find_definitions
from bgtasks.prove.mutants.model import Mutant
from bgtasks.prove.mutants.mutators import MUTATORS
from bgtasks.prove.mutants.mutators.mutator import Nodes
from bgtasks.prove.mutants.writing import Text, show, show_node, write


def make_mutants(source: str, module: str, path: Path) -> Iterator[Mutant]:
    """
    Yield the mutants of a module, in the order of what it defines and of the mutators.

    Each is another than the original and than all before it. Raises `BgtasksError` for a source that
    cannot be parsed.
    """
    try:
        tree = from_python(source)
    except (SyntaxError, ValueError) as error:
        raise BgtasksError(f"{path}: cannot be parsed: {error}") from None
    text = Text(source)
    seen = {source}
    for definition in find_definitions(tree):
        for mutator in MUTATORS:
            for nodes in mutator.mutate(definition):
                written = write(text, definition, nodes)
                if written not in seen:
                    seen.add(written)
                    before, after = diff(definition, nodes)
                    line = first_changed(definition, nodes).lineno
                    yield Mutant(module, path, line, definition.name, mutator.name, before, after, written)


def diff(definition: Definition, nodes: Nodes) -> tuple[str, str]:
    """Return what changes, before and after, each in one line; of overloads only those that differ."""
    before, after = list(definition.nodes), list(nodes)
    if len(before) == len(after):
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old is not new]
        return show([old for old, _ in pairs]), show([new for _, new in pairs])
    gone = [node for node in before if not any(same(node, left) for left in after)]
    return show(gone[:1]), ""


def same(one: ast.stmt, other: ast.stmt) -> bool:
    return show_node(one) == show_node(other)


def first_changed(definition: Definition, nodes: Sequence[ast.stmt]) -> ast.stmt:
    return next(
        (old for old, new in zip(definition.nodes, nodes, strict=False) if old is not new),
        definition.nodes[0],
    )
