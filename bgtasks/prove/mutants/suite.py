"""The type tests of a module, and what lies between them and it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.claims.cases import dotted
from bgtasks.claims.model import Case
from bgtasks.claims.probes import with_probes
from bgtasks.model import Target
from bgtasks.prove.mutants.modules import Module, Modules
from bgtasks.verify.layout import redirect

# A case that reaches the module through more than these comes last: each mutant needs a copy of all of them.
LIGHT = 24
# What part of the cases is asked about every mutant, before the rest is about those that survive it.
FIRST = 0.25


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases that reach a module, and by the place of each the modules through which it does."""

    module: Module
    cases: tuple[Case, ...]
    paths: Mapping[Path, Mapping[str, Module]]

    def between(self, cases: Sequence[Case]) -> Mapping[str, Module]:
        """Return the modules through which any of `cases` reaches the module, and that."""
        return {name: found for case in cases for name, found in self.paths[case.module].items()}


def prepare(case: Case, imported: Target, target: Target) -> Case:
    """Return a case as it is laid out: with its probes, and `target` in the place of what it imports."""
    source = redirect(with_probes(case.source, case.probes), imported, target)
    return replace(case, source=source, probes=())


def find_suite(module: Module, cases: Sequence[Case], modules: Modules) -> Suite:
    """Return what of `cases`, which are prepared, reaches a module, be it through one another."""
    paths = {case.module: modules.between(case.source, module.name) for case in cases}
    imports = find_imports(cases, modules)
    importers = {one: {other for other in imports if one in imports[other]} for one in imports}
    direct = {case.module for case in cases if module.name in paths[case.module]}
    kept = close(close(direct, importers), imports)
    return Suite(module, tuple(case for case in cases if case.module in kept), paths)


def find_imports(cases: Sequence[Case], modules: Modules) -> Mapping[Path, AbstractSet[Path]]:
    """Return which of the cases each imports."""
    names = {".".join(dotted(case.module)): case.module for case in cases}
    return {
        case.module: {names[name] for name in modules.imports(case.source, "") if name in names}
        for case in cases
    }


def close(chosen: AbstractSet[Path], linked: Mapping[Path, AbstractSet[Path]]) -> AbstractSet[Path]:
    """Return what is chosen, all that is linked to it, and so on."""
    kept = set(chosen)
    while more := {found for one in kept for found in linked[one]} - kept:
        kept |= more
    return kept


def split(suite: Suite, modules: Modules) -> list[list[Case]]:
    """
    Part the cases into rounds: a few that kill most, those that need few copies, and the rest.

    What a case imports is in its round as well. A round may be empty.
    """
    imports = find_imports(suite.cases, modules)
    order = sorted(
        suite.cases, key=lambda case: (len(suite.paths[case.module]), len(case.source), case.module)
    )
    room = FIRST * sum(len(case.source) for case in order)
    rounds: tuple[set[Path], set[Path], set[Path]] = (set(), set(), set())
    for case in order:
        room -= len(case.source)
        is_light = len(suite.paths[case.module]) <= LIGHT
        number = 0 if is_light and (room >= 0 or not rounds[0]) else 1 if is_light else 2
        rounds[number].add(case.module)
    closed = [close(some, imports) for some in rounds]
    return [[case for case in suite.cases if case.module in some] for some in closed]
