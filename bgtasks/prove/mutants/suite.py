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

# A case that reaches the module through more than these is asked only about what no other case kills:
# each mutant needs a copy of all that lies between.
LIGHT = 16
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
    Part the cases that can be copied for each mutant into rounds, the first of the shortest.

    What a case imports is in its round as well.
    """
    imports = find_imports(suite.cases, modules)
    light = {case.module for case in suite.cases if len(suite.paths[case.module]) <= LIGHT}
    whole = [case for case in suite.cases if close({case.module}, imports) <= light]
    whole.sort(key=lambda case: (len(case.source), case.module))
    room = FIRST * sum(len(case.source) for case in whole)
    rounds: tuple[set[Path], set[Path]] = (set(), set())
    for case in whole:
        rounds[room < len(case.source) and bool(rounds[0])].add(case.module)
        room -= len(case.source)
    closed = [close(some, imports) for some in rounds]
    return [[case for case in suite.cases if case.module in some] for some in closed if some]
