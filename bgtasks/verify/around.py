"""Where the cases' imports start: the project that they lie in, as it finds its own modules."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bgtasks.claims.cases import dotted
from bgtasks.claims.model import Case
from bgtasks.files import absolute
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.trees import is_project
from bgtasks.verify.causes import require_found
from bgtasks.verify.find import base_of
from bgtasks.verify.layout import imports_target

IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([^\W\d]\w*)", re.MULTILINE)


def find_starts(
    paths: Sequence[Path], cases: Iterable[Case], python: Path, given: Sequence[Path] = ()
) -> tuple[Path, ...]:
    """
    Return the folders, besides their own, that the imports of cases at `paths` start from.

    First come those `given`, then those of the project around in which a module lies that a case
    imports, and that is neither a case nor installed, with types, where `python` is. Raises `BgtasksError`
    where a case imports one that a module of the standard library hides.
    """
    known = list(cases)
    own = {dotted(case.module)[0] for case in known}
    wanted = {name for case in known for name in IMPORT.findall(case.source)}
    folders = dict.fromkeys(folder for path in paths for folder in folders_around(path))
    # Every checker has stubs of the standard library, and takes no others.
    around = [folder for folder in folders if not (folder / "builtins.pyi").exists()]
    for name in sorted(wanted & sys.stdlib_module_names):
        require_found(known, [*map(absolute, given), *around], name)
    wanted -= own | sys.stdlib_module_names
    starts: dict[Path, set[str]] = {}
    for folder in around:
        if here := {name for name in wanted if holds(folder, name)}:
            starts[folder] = here
            wanted -= here
    if starts:
        installed = read_environment(absolute(python)).paths
        starts = {
            folder: names
            for folder, names in starts.items()
            if not all(is_typed(name, installed) for name in names)
        }
    return tuple(dict.fromkeys((*map(absolute, given), *starts)))


def leave_project(cases: Iterable[Case], starts: Sequence[Path], paths: Sequence[Path]) -> list[Case]:
    """
    Return the cases without the files that claim nothing and are imported from one of `starts`.

    Where that is at or around the `paths` that were given, all at these is meant to be checked.
    """
    given = list(map(absolute, paths))
    inside = [
        start for start in starts if start not in given and any(start.is_relative_to(path) for path in given)
    ]
    return [
        case
        for case in cases
        if case.claims or case.open or not any(absolute(case.path).is_relative_to(start) for start in inside)
    ]


def default_target(cases: Iterable[Case]) -> Target | None:
    """Return our own class where a case imports it: it is proved by more than its module."""
    return DEFAULT_TARGET if any(imports_target(case.source, DEFAULT_TARGET) for case in cases) else None


def folders_around(path: Path) -> Iterator[Path]:
    """
    Yield where imports of the cases at `path` may start, the nearest first.

    That is their own folder, every one above up to that of the project, the `src` in each, and what its
    tools are told; without a project, the folder above and where we are.
    """
    start = base_of(path if path.is_dir() else path.parent)
    above = [start, *start.parents]
    root = next(filter(is_project, above), None)
    here = [Path.cwd()] if start.is_relative_to(Path.cwd()) else []
    ends = above[: above.index(root) + 1] if root else [*above[:2], *here]
    for folder in ends:
        yield folder
        yield folder / "src"
    if root:
        yield from find_configured(root)


def holds(folder: Path, name: str) -> bool:
    """Tell whether a module of this name lies in `folder`, or a package of which it is not only a part."""
    package = folder / name
    return (
        (folder / f"{name}.py").is_file()
        or (folder / f"{name}.pyi").is_file()
        or (package / "__init__.py").is_file()
        or (package / "__init__.pyi").is_file()
        or (package.is_dir() and any(package.glob("*.py*")))
    )


def is_typed(name: str, paths: Sequence[str]) -> bool:
    """Tell whether a package is installed in `paths` so that every checker reads its types."""
    return any(
        Path(path, name, "py.typed").is_file() or Path(path, f"{name}-stubs").is_dir() for path in paths
    )
