"""The mutators, each with examples of what it changes."""

from bgtasks.prove.mutants.mutators import parameters, paramspecs, shapes, types
from bgtasks.prove.mutants.mutators.mutator import Mutator

MUTATORS: tuple[Mutator, ...] = (
    *paramspecs.MUTATORS,
    *types.MUTATORS,
    *parameters.MUTATORS,
    *shapes.MUTATORS,
)
