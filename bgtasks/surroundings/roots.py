"""The folders that the imports of an app start from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.surroundings.trees import is_package, is_project


@dataclass(frozen=True, slots=True)
class Roots:
    """
    Where an app lies.

    `trees` are the files and folders that its own modules lie in, `bases` the folders that imports
    start from, the deepest first; a module is named from the first base that it lies in.
    """

    trees: tuple[Path, ...]
    bases: tuple[Path, ...]

    def base_of(self, file: Path) -> Path:
        """Return the folder that a module is named from."""
        return next((folder for folder in file.parents if folder in self.bases), Path(file.anchor))


def folders_above(folder: Path) -> Iterator[Path]:
    """
    Yield where imports in `folder` may start by where it lies, the nearest first.

    That is every folder up to that of the project that is no package, and the `src` in it.
    """
    for here in (folder, *folder.parents):
        if not is_package(here):
            yield here
            yield here / "src"
        if is_project(here):
            return


def starts_of(folder: Path, bases: Sequence[Path]) -> tuple[Path, ...]:
    """Return where imports in `folder` may start, of an app with these `bases`, the likeliest first."""
    above = [base for base in bases if folder.is_relative_to(base)]
    return tuple(dict.fromkeys((*above, *folders_above(folder), *bases)))
