"""What is there, against what should be there."""

import ast
import hashlib
import inspect
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole, resolve
from bgtasks.surroundings.trees import project_of
from bgtasks.vendor.model import Digest, Entry, Manifest, Project, State


def open_project(folder: Path, python: Path) -> Project:
    """Return the project at hand, with `folder` for the stubs. Raises `BgtasksError` where it may not lie."""
    root = project_of(Path())
    try:
        target = resolve(folder)
        target.exists()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BgtasksError(f"{folder}: can be no folder: {why}") from None
    if not target.is_relative_to(root):
        raise BgtasksError(f"{folder}: lies outside of the project, {root}; name a folder in it")
    if target == root:
        raise BgtasksError(f"{folder}: is the project itself; name a folder of its own for the stubs")
    if target.exists() and not target.is_dir():
        raise BgtasksError(f"{folder}: is no folder; name another")
    # Not resolved: the interpreter of an environment is a link out of it.
    return Project(root, target.relative_to(root), absolute(python))


def locate(project: Project, path: str) -> Path:
    """Return where `path` below the folder lies. Raises `BgtasksError` when that is not below the folder."""
    file = project.vendored / path
    if PurePosixPath(path).is_absolute() or not resolve(file.parent).is_relative_to(project.vendored):
        raise BgtasksError(f"{project.folder / path}: leads out of the folder; nothing was written")
    if file.is_symlink() or file.is_dir():
        raise BgtasksError(f"{project.folder / path}: is no file of its own; move it away")
    return file


def compare(project: Project, wanted: Mapping[str, bytes], manifest: Manifest | None) -> list[Entry]:
    """Return how every file stands that is wanted, or that once was and the manifest names."""
    known: Mapping[str, Digest] = manifest.files if manifest else {}
    entries: list[Entry] = []
    for path in sorted({*wanted, *known}):
        found = read_file(locate(project, path))
        if path not in wanted and found is None:
            continue
        entries.append(
            Entry(path, state_of(path, found, wanted.get(path), known.get(path)), found, wanted.get(path))
        )
    return entries


def state_of(path: str, found: bytes | None, wanted: bytes | None, known: Digest | None) -> State:
    if found is None:
        return State.MISSING
    if found == wanted:
        return State.OK
    if wanted is not None and tree(path, found) == tree(path, wanted):
        return State.REFORMATTED
    if known is None:
        return State.FOREIGN
    if known.sha256 == sha256(found) or known.tree == tree(path, found):
        return State.OUTDATED if wanted is not None else State.OBSOLETE
    return State.EDITED


def read_file(file: Path) -> bytes | None:
    try:
        return read_whole(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BgtasksError(f"{file}: cannot be read: {error.strerror}") from None


def digest(path: str, content: bytes) -> Digest:
    return Digest(sha256(content), tree(path, content))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def tree(path: str, content: bytes) -> str:
    """Return a digest that no formatter, no comment and no line ending changes, nor the Python that reads."""
    if not path.endswith(".pyi"):
        return sha256(content.replace(b"\r\n", b"\n"))
    try:
        return sha256(shape(from_python(content)).encode())
    except (SyntaxError, ValueError, RecursionError):
        return sha256(content)


def shape(node: object) -> str:
    """Return a node as text; what a newer Python may add to it, empty, is left out."""
    match node:
        case ast.Expr(ast.Constant(str(text))):
            return repr(inspect.cleandoc(text))
        case ast.AST():
            fields = [
                (name, shape(value)) for name, value in ast.iter_fields(node) if value not in (None, [])
            ]
            return f"{type(node).__name__}{fields}"
        case list():
            return str([shape(item) for item in cast("list[object]", node)])
        case _:
            return repr(node)
