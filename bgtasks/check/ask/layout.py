"""A copy of the app for the checkers, with the precise stubs in effect and a witness of each call site."""

import ast
import os
import shutil
import stat
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bgtasks.check.ask import witness
from bgtasks.check.code.resolve import Project
from bgtasks.check.facts.sites import Site, find_sites, read_sites
from bgtasks.check.model import CallSite, Module
from bgtasks.checkers.canary import CANARY, LAST_LINE, canary
from bgtasks.checkers.sandbox import copy_to, find_stubs, isolate, lay_over, open_cache, open_folder
from bgtasks.claims.cases import dotted, read_case
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute
from bgtasks.model import Sandbox, Target
from bgtasks.surroundings.bundle import read_bundle
from bgtasks.surroundings.environment import Environment
from bgtasks.surroundings.roots import Roots, imported

TARGET = Target("starlette.background", "BackgroundTasks")
# Proves that calls of the target are judged, and that what is known of them is told.
CALLS = """\
target().add_task(take, "")  # E: argument-type
target().add_task(take, 1)  # OK
"""
OLDEST = (3, 10)


@dataclass(frozen=True, slots=True)
class Scan:
    """A module with call sites, as they are reported and, one for one, as they are written."""

    module: Module
    sites: tuple[CallSite, ...]
    written: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the copy of a module with call sites lies, and its witness, if one can be made."""

    scan: Scan
    path: Path
    witness: Path | None


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What the checkers work on.

    `python` is the user's interpreter, `canary` a copy of ours, and `originals` tells what each
    file in the copy of the app was made from.
    """

    sandbox: Sandbox
    python: Path
    copies: tuple[Copy, ...]
    canary: Copy
    originals: Mapping[Path, Path]

    @property
    def files(self) -> list[Path]:
        """The files that a checker is to check."""
        copies = (*self.copies, self.canary)
        return [path for copy in copies for path in (copy.path, copy.witness) if path]


def scan(module: Module, project: Project) -> Scan:
    return Scan(
        module, tuple(find_sites(module, project)), tuple(read_sites(project.names_of(module), project))
    )


@contextmanager
def open_layout(
    roots: Roots, scans: Sequence[Scan], environment: Environment, cache: Path | None
) -> Generator[Layout, None, None]:
    """
    Copy what `roots` name, of which `scans` are the modules with call sites, into a temporary folder.

    Yields the layout and removes it at the end. Raises `BgtasksError` when the environment has no
    Starlette, or no FastAPI where that is imported, or when two of the modules have the same name.
    """
    python, version = environment.python, tuple(map(int, environment.version.split(".")))
    if not environment.has("starlette"):
        raise BgtasksError(f"{python}: finds no Starlette; name the interpreter of the app with --python")
    if not environment.has("fastapi"):
        for scanned in scans:
            if "fastapi" in imported(scanned.module.tree):
                raise BgtasksError(
                    f"{python}: finds no FastAPI, which {scanned.module.path} imports; "
                    "name the interpreter of the app with --python"
                )
    with open_folder() as folder:
        try:
            stubs = write_stubs(folder / "stubs", environment)
            sandbox = Sandbox(
                folder=folder,
                project=folder / "project",
                cwd=folder / "cwd",
                cache=open_cache(cache) or folder / "cache",
                # Ours, for theirs may have come with the code that is checked: it is to find, not to run.
                python=lay_over(Path(sys.executable), environment.paths, stubs, folder / "environment"),
                python_version="{}.{}".format(*max(version, OLDEST)),
                environment=isolate(folder),
            )
            sandbox.cwd.mkdir()
            layout = lay_out(roots, scans, sandbox, python, stubs)
        except OSError as error:
            raise BgtasksError(f"the temporary folder cannot be written: {error.strerror}") from None
        yield layout


def lay_out(
    roots: Roots,
    scans: Sequence[Scan],
    sandbox: Sandbox,
    python: Path,
    stubs: Sequence[Path],
) -> Layout:
    originals: dict[Path, Path] = {}
    copies: list[Copy] = []
    for scanned in scans:
        module = scanned.module
        path = sandbox.project / roots.place(absolute(module.path))
        other = originals.setdefault(path, module.path)
        if other != module.path:
            name = ".".join(dotted(path.relative_to(sandbox.project)))
            raise BgtasksError(
                f"{module.path}: is the module {name!r} and so is {other}; check them in two runs"
            )
        copies.append(copy_module(scanned, path))
    copied = copy_canary(sandbox, stubs)
    sites = [site for copy in (*copies, copied) for site in copy.scan.sites]
    helper = sandbox.project / f"{witness.NAME}.pyi"
    copy_to(helper, witness.write_source(sites))
    # What is ours is there already, so that nothing is ever written through a link to a file of the user's.
    taken = {helper, *(path for copy in (*copies, copied) for path in (copy.path, copy.witness))}
    made = set[Path]()
    for file in roots.files():
        path = sandbox.project / roots.place(file)
        if path not in taken:
            taken.add(path)
            originals[path] = file
            copy_file(file, path, made)
    return Layout(sandbox, python, tuple(copies), copied, originals)


def write_stubs(folder: Path, environment: Environment) -> list[Path]:
    """Write our stubs of what is installed; return the folder of each package."""
    for name, content in read_bundle().items():
        path = folder / name
        if environment.has(path.parent.name.removesuffix("-stubs")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return find_stubs(folder)


def copy_module(scanned: Scan, path: Path) -> Copy:
    copy_to(path, scanned.module.source)
    try:
        text = witness.write_witness(scanned.module, scanned.written)
    except RecursionError:  # nested too deeply to be written anew
        text = None
    beside = path.with_name(f"{witness.NAME}_{path.name}")
    if text is not None:
        copy_to(beside, text)
    return Copy(scanned, path, beside if text is not None else None)


def copy_canary(sandbox: Sandbox, stubs: Sequence[Path]) -> Copy:
    source = f"{canary(TARGET, stubs).source}{CALLS}\n{LAST_LINE}"
    module = Module(CANARY, CANARY.stem, source, ast.parse(source))
    return copy_module(scan(module, Project()), sandbox.project / CANARY)


def read_canary(copy: Copy) -> Case:
    """Return the canary as a case, whose claims every checker must meet."""
    return read_case(CANARY, CANARY, copy.scan.module.source.removesuffix(f"\n{LAST_LINE}"), frozenset())


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
