"""What an app imports and is not found: by our reading of where imports start, or as it is not there."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bgtasks.files import absolute, is_test
from bgtasks.surroundings.imports import Import, Lookup, find_told
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.trees import is_package, list_files

STUBS = "__init__.pyi"
TESTS = {"test", "tests"}


class Cause(Enum):
    """Why an import is not found."""

    UNREAD = "it lies in the project, below a folder that imports do not start from"
    ABSENT = "the package is the app's own, and has no such module"
    NOT_INSTALLED = "the package is not installed in the environment of the app"


@dataclass(frozen=True, slots=True)
class Missing:
    """A module that is imported and not found; `folder` is where it lies if imports started there."""

    module: str
    path: Path
    line: int
    cause: Cause
    folder: Path | None = None


def find_missing(
    modules: Mapping[Path, Sequence[Import]],
    roots: Roots,
    installed: Callable[[str], bool],
    asked: Callable[[Path, str], bool] = lambda _, __: False,
) -> Iterator[Missing]:
    """
    Yield what of the imports of `modules`, by their files, is not found.

    `installed` tells of a top-level name whether it is in the environment of the app, and `asked` of a
    file and a name whether the project of that file asks for a package of that name. What the app goes
    on without is left out, and so is a package that only tests need.
    """
    lookup, own = Lookup(), set[str]()
    needed = [(path, each) for path, imports in modules.items() for each in imports if not each.optional]
    lost: list[tuple[Path, Import]] = []
    for path, each in needed:
        if each.level:
            if not is_beside(path, each, lookup):
                yield Missing("." * each.level + each.dotted, path, each.line, Cause.ABSENT)
        elif each.top in sys.stdlib_module_names or is_own(each, roots, lookup):
            own.add(each.top)
        else:
            lost.append((path, each))
    folders: Mapping[str, Mapping[Path, None]] = list_parents(roots.trees) if lost else {}
    for path, each in lost:
        tops = [lookup.module(base, each.top) for base in roots.bases]
        if each.top in own or any(top is not None and top.is_file() for top in tops):
            if not any(is_there(each, base, lookup) for base in roots.bases):
                yield Missing(each.dotted, path, each.line, Cause.ABSENT)
        elif not installed(each.top):
            below: Mapping[Path, None] = {} if asked(path, each.top) else folders.get(each.top, {})
            near = (base for base in below if may_start(base, path))
            folder = next((base for base in near if find_told(each, path, base, lookup, surely=True)), None)
            cause = Cause.NOT_INSTALLED if folder is None else Cause.UNREAD
            if folder is not None or not is_of_tests(path, roots):
                yield Missing(each.dotted, path, each.line, cause, folder)


def is_of_tests(path: Path, roots: Roots) -> bool:
    """Tell whether a file is one of tests, by its name or by a folder of the app that it lies in."""
    file = absolute(path)
    tree = next((each for each in roots.trees if file.is_relative_to(each)), file)
    folders = file.relative_to(tree).parts[:-1]
    return is_test(file) or not TESTS.isdisjoint(folders)


def may_start(folder: Path, file: Path) -> bool:
    """
    Tell whether the imports of `file` may start from `folder`.

    What lies in a package elsewhere is imported as part of that, so it is only named like what is missing.
    """
    package = is_package(folder) or (folder / STUBS).exists()
    return not package or absolute(file).is_relative_to(folder)


def is_beside(path: Path, wanted: Import, lookup: Lookup) -> bool:
    return not wanted.dotted or is_there(wanted, absolute(path).parents[wanted.level - 1], lookup)


def is_own(wanted: Import, roots: Roots, lookup: Lookup) -> bool:
    targets = ((base, lookup.target(base, wanted)) for base in roots.bases)
    return any(target is not None and roots.base_of(target) == base for base, target in targets)


def is_there(wanted: Import, folder: Path, lookup: Lookup) -> bool:
    """Tell whether a module lies below `folder`, be it compiled."""
    if lookup.module(folder, wanted.dotted) is not None:
        return True
    above, _, name = wanted.dotted.rpartition(".")
    package = lookup.module(folder, above) if above else folder
    if package is not None and package.name == "__init__.py":
        package = package.parent
    return package is not None and any(package.glob(f"{name}.*"))


def list_parents(trees: Sequence[Path]) -> Mapping[str, Mapping[Path, None]]:
    """Return the folders that have a module or a package, by its name."""
    files = list(list_files(trees))
    found: dict[str, dict[Path, None]] = {}
    for file in files:
        found.setdefault(file.stem, {})[file.parent] = None
    for folder in dict.fromkeys(file.parent for file in files):
        for here in (folder, *folder.parents):
            parents = found.setdefault(here.name, {})
            if here.parent in parents:
                break
            parents[here.parent] = None
    return found
