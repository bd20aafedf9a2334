"""The files of an app, and where each of them goes in the copy that checkers get."""

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bgtasks.files import is_searched
from bgtasks.surroundings.roots import Roots

# A module of such a name would take the place of what the stubs and the canaries need.
RESERVED = frozenset(sys.stdlib_module_names) | {"fastapi", "starlette", "typing_extensions"}


def list_files(roots: Roots) -> Iterator[Path]:
    """Yield every Python file of the trees, without a look behind links to folders."""
    for tree in roots.trees:
        if tree.is_file():
            yield tree
        for folder, below, names in os.walk(tree):
            here = Path(folder)
            foreign = "pyvenv.cfg" in names and here != tree
            below[:] = [] if foreign else [name for name in sorted(below) if is_searched(name)]
            if not foreign:
                yield from (here / name for name in sorted(names) if name.endswith((".py", ".pyi")))


def find_place(file: Path, roots: Roots) -> Path:
    """Return where `file` goes in a copy that has one base, as a relative path."""
    base = next((base for base in roots.bases if file.is_relative_to(base)), Path(file.anchor))
    stems = [*file.parts[len(base.parts) : -1], file.stem]
    if stems[0] in RESERVED:
        stems[0] += "_"
    stems = [stem if stem.isidentifier() else re.sub(r"\W|^(?=\d)", "_", stem) for stem in stems]
    return Path(*stems[:-1], stems[-1] + file.suffix)


def copy_file(file: Path, path: Path, made: set[Path]) -> None:
    """Lay `file` to `path`, if it can be read; `made` are the folders that are there already."""
    if path.parent not in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.add(path.parent)
    with suppress(FileNotFoundError, PermissionError):
        mode = file.lstat().st_mode
        if not (stat.S_ISREG(mode) and is_linked(file, path)) and file.is_file():
            shutil.copyfile(file, path)


def is_linked(file: Path, path: Path) -> bool:
    """Give `file` a second name, which costs less than a copy; False where that may not be done."""
    if sys.platform == "win32":  # to remove it later could make the original writable
        return False
    try:
        os.link(file, path)
    except OSError:  # such as on another disk
        return False
    return True
