"""Many versions of a module side by side, each with a copy of the cases that is its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.claims.cases import dotted
from bgtasks.claims.model import Case
from bgtasks.claims.spans import read_spans, statements
from bgtasks.documents import from_python
from bgtasks.prove.mutants.modules import Modules
from bgtasks.prove.mutants.renaming import rename_modules
from bgtasks.prove.mutants.suite import Suite

NAME = "bgtasks_sibling_{:04}"
# Stands for a name until it is known: it is as long as each.
DRAFT = NAME.format(0)


@dataclass(frozen=True, slots=True)
class Family:
    """
    What each version of a module needs under a name of its own.

    `cases` are the copies of the cases, and `packages` those of what lies between, both still under the
    name of the draft; `names` are the modules that are renamed.
    """

    suite: Suite
    cases: tuple[Case, ...]
    packages: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sibling:
    """
    One version of a module, with all that goes with it.

    `own` is the path of the module. `cases` are the copies of the cases, and what each is a copy of.
    """

    own: Case
    cases: Mapping[Path, Case]
    copies: tuple[Case, ...]
    packages: Mapping[str, str]


def make_family(suite: Suite, cases: Sequence[Case], modules: Modules) -> Family:
    """Return what the versions of a module share when they are asked about with `cases`."""
    module = suite.module
    between = [found for name, found in suite.between(cases).items() if name != module.name]
    names = {module.name: f"{DRAFT}_{flat(module.name)}"}
    names |= {found.name: f"{DRAFT}.{flat(found.name)}" for found in between}
    # One that others import lies beside them.
    names |= {
        ".".join(dotted(case.module)): ".".join((f"{DRAFT}_cases", *dotted(case.module))) for case in cases
    }
    packages = {
        f"{DRAFT}/{flat(found.name)}{found.path.suffix}": rename_modules(
            found.source, names, found.package, modules.find
        )
        for found in between
    }
    if packages:
        packages |= {f"{DRAFT}/__init__.py": "", f"{DRAFT}/py.typed": ""}
    copies = tuple(
        replace(
            case,
            module=Path(f"{DRAFT}_cases") / case.module,
            source=rename_modules(case.source, names, "", modules.find),
        )
        for case in cases
    )
    return Family(suite, copies, packages, names)


def make_sibling(number: int, source: str, family: Family, modules: Modules) -> Sibling:
    """Return `source` as the version with a number of the module of a family."""

    def named(text: str) -> str:
        return text.replace(DRAFT, NAME.format(number))

    module = family.suite.module
    text = named(rename_modules(source, family.names, module.package, modules.find))
    copies = [
        replace(
            case,
            path=Path(named(str(case.module))),
            module=Path(named(str(case.module))),
            source=named(case.source),
        )
        for case in family.cases
    ]
    return Sibling(
        plain_case(Path(named(f"{family.names[module.name]}{module.path.suffix}")), text),
        {copy.path: case for copy, case in zip(copies, family.cases, strict=True)},
        tuple(copies),
        {named(name): named(text) for name, text in family.packages.items()},
    )


def plain_case(path: Path, source: str) -> Case:
    """Return a case without claims; it may hold what those of the user may not."""
    return Case(path, path, source, read_spans(statements(from_python(source))), ())


def flat(name: str) -> str:
    return name.replace(".", "_")


def files_of(siblings: Iterable[Sibling]) -> tuple[Case, ...]:
    return tuple(file for sibling in siblings for file in (sibling.own, *sibling.copies))
