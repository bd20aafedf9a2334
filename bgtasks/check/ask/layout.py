"""A copy of the app for the checkers, with the precise stubs in effect and a witness of each call site."""

import ast
import os
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bgtasks.canary import CANARY, LAST_LINE, canary
from bgtasks.check.ask import witness
from bgtasks.check.ask.copies import copy_file, find_place, name_packages
from bgtasks.check.ask.witness import Echo
from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Module
from bgtasks.checkers.sandbox import copy_to, find_stubs, isolate, lay_over, open_cache, open_folder
from bgtasks.claims.cases import dotted, read_case
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, relative
from bgtasks.model import Sandbox, Target
from bgtasks.surroundings.bundle import read_bundle
from bgtasks.surroundings.environment import Environment
from bgtasks.surroundings.imports import Import, find_module, follow_imports, imports_of, read_imports
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.trees import list_files

TARGET = Target("starlette.background", "BackgroundTasks")
# Proves that calls of the target are judged, and that what is known of them is told.
CALLS = """\
target().add_task(take, "")  # E: argument-type
target().add_task(take, 1)  # OK
"""
OLDEST = (3, 10)


@dataclass(frozen=True, slots=True)
class Copy:
    """
    A module with call sites, where its copy lies, and its witness, if one can be made.

    `echoes` are the calls that stand in the witness once more.
    """

    module: Module
    sites: tuple[Site, ...]
    path: Path
    witness: Path | None
    echoes: tuple[Echo, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What the checkers work on.

    `python` is the user's interpreter, `canary` a copy of ours, and `originals` tells what each
    file in the copy of the app was made from. `label` names it among others.
    """

    sandbox: Sandbox
    python: Path
    copies: tuple[Copy, ...]
    canary: Copy
    originals: Mapping[Path, Path]
    label: str = ""

    @property
    def files(self) -> list[Path]:
        """The files that a checker is to check."""
        copies = (*self.copies, self.canary)
        return [path for copy in copies for path in (copy.path, copy.witness) if path]


@contextmanager
def open_layout(
    roots: Roots, sites: Sequence[Site], environment: Environment, cache: Path | None
) -> Generator[Layout, None, None]:
    """
    Copy what `roots` name, with the call sites `sites`, into a temporary folder.

    Yields the layout and removes it at the end. Raises `BgtasksError` when the environment has no
    Starlette or lacks the FastAPI that is imported, or when two of the modules have the same name.
    """
    python, version = environment.python, tuple(map(int, environment.version.split(".")))
    require_frameworks(sites, roots, environment)
    with open_folder() as folder:
        try:
            stubs = write_stubs(folder / "stubs", environment)
            kept = open_cache(cache) or folder / "cache"
            sandbox = Sandbox(
                folder=folder,
                project=folder / "project",
                cwd=folder / "cwd",
                cache=kept,
                # Ours, for theirs may have come with the code that is checked: it is to find, not to run.
                python=lay_over(Path(sys.executable), environment.paths, stubs, folder / "environment"),
                python_version="{}.{}".format(*max(version, OLDEST)),
                # pyright is a large script, which node then compiles once and not in each run.
                environment=isolate(folder) | {"NODE_COMPILE_CACHE": str(kept / "node")},
            )
            sandbox.cwd.mkdir()
            layout = lay_out(roots, sites, sandbox, python, stubs)
        except OSError as error:
            raise BgtasksError(f"the temporary folder cannot be written: {error.strerror}") from None
        yield layout


def require_frameworks(sites: Iterable[Site], roots: Roots, environment: Environment) -> None:
    """Raise `BgtasksError` where a task would be of no known type, so that each call of it would be right."""
    lacks = None if environment.has("starlette") else "Starlette"
    if not (lacks or environment.has("fastapi") or any(find_module(base, "fastapi") for base in roots.bases)):
        lacks = next((f"FastAPI, which {path} imports" for path in find_users(sites, roots)), None)
    if lacks:
        raise BgtasksError(
            f"{environment.python}: finds no {lacks}; name the interpreter of the app with --python"
        )


def find_users(sites: Iterable[Site], roots: Roots) -> Iterator[Path]:
    """Yield the modules that import FastAPI, those with call sites first and then what these import."""
    imports = [(module.path, each) for module in by_module(sites) for each in read_imports(module.tree)]
    yield from (path for path, each in imports if is_fastapi(each))
    for file in follow_imports([(absolute(path), each) for path, each in imports], roots.bases):
        if any(is_fastapi(each) and not each.optional for each in imports_of(file)):
            yield relative(file)


def is_fastapi(wanted: Import) -> bool:
    return wanted.top == "fastapi" and not wanted.level


def lay_out(
    roots: Roots,
    sites: Sequence[Site],
    sandbox: Sandbox,
    python: Path,
    stubs: Sequence[Path],
) -> Layout:
    originals: dict[Path, Path] = {}
    copies: list[Copy] = []
    for module, there in by_module(sites).items():
        path = sandbox.project / find_place(absolute(module.path), roots)
        other = originals.setdefault(path, module.path)
        if other != module.path:
            name = ".".join(dotted(path.relative_to(sandbox.project)))
            raise BgtasksError(
                f"{module.path}: is the module {name!r} and so is {other}; check them in two runs"
            )
        copies.append(copy_module(module, there, path))
    copied = copy_canary(sandbox, stubs)
    helper = sandbox.project / f"{witness.NAME}.pyi"
    copy_to(helper, witness.write_source([*sites, *copied.sites]))
    # What is ours is there already, so that nothing is ever written through a link to a file of the user's.
    taken = {helper, *(path for copy in (*copies, copied) for path in (copy.path, copy.witness))}
    made = set[Path]()
    for file in list_files(roots.trees):
        path = sandbox.project / find_place(file, roots)
        if path not in taken:
            taken.add(path)
            originals[path] = file
            copy_file(file, path, made)
    common = Path(os.path.commonpath([absolute(copy.module.path).parent for copy in copies]))
    return Layout(sandbox, python, tuple(copies), copied, originals, relative(common).as_posix())


def write_stubs(folder: Path, environment: Environment) -> list[Path]:
    """Write our stubs of what is installed; return the folder of each package."""
    for name, content in read_bundle().items():
        path = folder / name
        if environment.has(path.parent.name.removesuffix("-stubs")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return find_stubs(folder)


def by_module(sites: Iterable[Site]) -> dict[Module, list[Site]]:
    found: dict[Module, list[Site]] = {}
    for site in sites:
        found.setdefault(site.module, []).append(site)
    return found


def copy_module(module: Module, sites: Sequence[Site], path: Path) -> Copy:
    copy_to(path, name_packages(module.source))
    try:
        written = witness.write_witness(module, sites)
    except RecursionError:  # nested too deeply to be written anew
        written = None
    if written is None:
        return Copy(module, tuple(sites), path, None)
    beside = path.with_name(f"{witness.NAME}_{path.name}")
    copy_to(beside, name_packages(written.text))
    return Copy(module, tuple(sites), path, beside, written.echoes)


def copy_canary(sandbox: Sandbox, stubs: Sequence[Path]) -> Copy:
    source = f"{canary(TARGET, stubs).source}{CALLS}\n{LAST_LINE}"
    module = Module(CANARY, CANARY.stem, source, ast.parse(source))
    return copy_module(module, read_app([module]).sites, sandbox.project / CANARY)


def read_canary(copy: Copy) -> Case:
    """Return the canary as a case, whose claims every checker must meet."""
    return read_case(CANARY, CANARY, copy.module.source.removesuffix(f"\n{LAST_LINE}"), frozenset())
