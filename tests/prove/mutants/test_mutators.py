"""Each mutator makes of its examples what they say, and nothing else."""

import ast

import pytest

from bgtasks.prove.mutants.definitions import Definition, is_bound
from bgtasks.prove.mutants.mutators import MUTATORS
from bgtasks.prove.mutants.mutators.mutator import Mutator

EXAMPLES = [
    pytest.param(mutator, before, afters, id=f"{mutator.name}-{number}")
    for mutator in MUTATORS
    for number, (before, afters) in enumerate(mutator.examples.items())
]


def normal(source: str) -> str:
    return ast.unparse(ast.parse(source))


@pytest.mark.parametrize(("mutator", "before", "afters"), EXAMPLES)
def test_examples(mutator: Mutator, before: str, afters: list[str]) -> None:
    nodes = tuple(ast.parse(before).body)
    bound = "(self" in before and is_bound(nodes[0])

    made = [
        normal("\n".join(map(ast.unparse, mutated)))
        for mutated in mutator.mutate(Definition("f", nodes, bound=bound))
    ]

    assert made == [normal(after) for after in afters]
    assert normal("\n".join(map(ast.unparse, nodes))) == normal(before), "the original was changed"


def test_names_are_unique_and_each_has_an_example_that_it_changes() -> None:
    assert len({mutator.name for mutator in MUTATORS}) == len(MUTATORS)
    assert [mutator.name for mutator in MUTATORS if not any(mutator.examples.values())] == []
