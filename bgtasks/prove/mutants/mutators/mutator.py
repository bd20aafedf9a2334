"""What a mutator is, and the ways in which one goes through a definition."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias

from bgtasks.prove.mutants.definitions import FUNCTIONS, Definition, Function, is_overload

Nodes: TypeAlias = tuple[ast.stmt, ...]


@dataclass(frozen=True, slots=True)
class Mutator:
    """
    One kind of change.

    `mutate` yields what a definition may become, each with one change, out of changed copies of its
    statements, which keep their places. `examples` are sources with all that each becomes.
    """

    name: str
    mutate: Callable[[Definition], Iterable[Nodes]]
    examples: Mapping[str, Sequence[str]]


def visible(definition: Definition) -> Iterator[tuple[int, ast.stmt]]:
    """Yield the statements that say what others see; what implements overloads is hidden behind them."""
    overloaded = any(map(is_overload, definition.nodes))
    for index, node in enumerate(definition.nodes):
        if is_overload(node) or not overloaded:
            yield index, node


def one_by_one(
    change: Callable[[ast.stmt, Definition], Iterable[ast.stmt]],
) -> Callable[[Definition], Iterator[Nodes]]:
    """Return what changes each visible statement of a definition in turn."""

    def mutate(definition: Definition) -> Iterator[Nodes]:
        for index, node in visible(definition):
            for changed in change(node, definition):
                yield (*definition.nodes[:index], changed, *definition.nodes[index + 1 :])

    return mutate


def in_functions(
    change: Callable[[Function], Iterable[ast.stmt]],
) -> Callable[[Definition], Iterator[Nodes]]:
    """Return what changes each visible function; `change` gets a copy that it may change itself."""

    def mutate(node: ast.stmt, _: Definition) -> Iterator[ast.stmt]:
        if isinstance(node, FUNCTIONS):
            yield from change(deepcopy(node))

    return one_by_one(mutate)
