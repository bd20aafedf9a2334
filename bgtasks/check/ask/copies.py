"""The files of an app, and where each of them goes in the copy that checkers get."""

import os
import re
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path

from bgtasks.surroundings.roots import Roots

# A module of such a name would take the place of what the stubs and the canaries need.
# `from package.__init__ import`: mypy takes the file for two modules, and says nothing else.
INIT = re.compile(
    r"^([ \t]*(?:from|import)[ \t]+(?:\.*\w[\w.]*?(?=\.__init__)|\.+(?=__init__)))\.?__init__\b(?!\.)",
    re.MULTILINE,
)
RESERVED = frozenset(sys.stdlib_module_names) | {"fastapi", "starlette", "typing_extensions"}


def find_place(file: Path, roots: Roots) -> Path:
    """Return where `file` goes in a copy that has one base, as a relative path."""
    base = roots.base_of(file)
    stems = [*file.parts[len(base.parts) : -1], file.stem]
    if stems[0] in RESERVED:
        stems[0] += "_"
    stems = [stem if stem.isidentifier() else re.sub(r"\W|^(?=\d)", "_", stem) for stem in stems]
    return Path(*stems[:-1], stems[-1] + file.suffix)


def name_packages(source: str) -> str:
    """Return `source` with each `from package.__init__ import` by the name of the package, in its columns."""
    return INIT.sub(lambda match: match[1] + " " * (len(match[0]) - len(match[1])), source)


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
