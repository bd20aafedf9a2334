"""What an app imports and is not found: by our reading of where imports start, or as it is not there."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bgtasks.surroundings.imports import Import, Lookup, find_told
from bgtasks.surroundings.roots import Roots


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
    path: Path,
    imports: Sequence[Import],
    roots: Roots,
    files: Callable[[], Sequence[Path]],
    installed: Callable[[str], bool],
) -> Iterator[Missing]:
    """
    Yield which of the `imports` of the module at `path` are not found.

    `files` returns all that the project has, and `installed` tells of a top-level name whether it is.
    What the app goes on without is left out.
    """
    lookup = Lookup()
    for each in imports:
        if each.optional or each.top in sys.stdlib_module_names or is_own(each, roots, lookup):
            continue
        if any(has_source(lookup.module(base, each.top)) for base in roots.bases):
            yield Missing(each.dotted, path, each.line, Cause.ABSENT)
        elif not installed(each.top):
            folder = find_elsewhere(each, path, files(), lookup)
            cause = Cause.NOT_INSTALLED if folder is None else Cause.UNREAD
            yield Missing(each.dotted, path, each.line, cause, folder)


def is_own(wanted: Import, roots: Roots, lookup: Lookup) -> bool:
    targets = ((base, lookup.target(base, wanted)) for base in roots.bases)
    return any(target is not None and roots.base_of(target) == base for base, target in targets)


def has_source(module: Path | None) -> bool:
    return module is not None and (module.is_file() or next(module.rglob("*.py"), None) is not None)


def find_elsewhere(wanted: Import, path: Path, files: Sequence[Path], lookup: Lookup) -> Path | None:
    """Return the folder below which the project has what is imported."""
    folders = dict.fromkeys(
        Path(*file.parts[:index])
        for file in files
        for index, part in enumerate(file.parts)
        if part in {wanted.top, f"{wanted.top}.py"}
    )
    return next((each for each in folders if find_told(wanted, path, each, lookup, surely=True)), None)
