"""Write and remove, so that whatever ends it early, nothing is lost and the next run finishes it."""

import os
import re
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bgtasks.errors import BgtasksError
from bgtasks.files import write_whole
from bgtasks.vendor.manifest import MANIFEST, to_json
from bgtasks.vendor.model import Entry, Manifest, Project, State
from bgtasks.vendor.state import locate, read_file

Write = Callable[[Path, bytes], None]
Remove = Callable[[Path], None]


@contextmanager
def locked(project: Project) -> Generator[None, None, None]:
    """Keep a second run waiting. The lock is on the project's folder itself, and leaves nothing behind."""
    if sys.platform == "win32":  # a folder cannot be opened there; each write is whole all the same
        yield
        return
    import fcntl  # noqa: PLC0415 - Windows has none

    folder = os.open(project.root, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system knows locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def apply(
    project: Project,
    entries: Sequence[Entry],
    manifest: Manifest | None,
    *,
    write: Write = write_whole,
    remove: Remove = Path.unlink,
) -> None:
    """
    Bring every entry to what is wanted of it, and then write the manifest, or remove it for None.

    What is in step is not touched. Raises `BgtasksError` when something cannot be written; what was
    there before is then still whole.
    """
    place = locate(project, MANIFEST)
    try:
        for entry in entries:
            file = locate(project, entry.path)
            clear_drafts(file)
            if entry.state in {State.OK, State.REFORMATTED} and entry.wanted is not None:
                continue
            if entry.wanted is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                write(file, entry.wanted)
            else:
                remove(file)
        clear_drafts(place)
        if manifest is not None and read_file(place) != to_json(manifest):
            place.parent.mkdir(parents=True, exist_ok=True)
            write(place, to_json(manifest))
        elif manifest is None and place.exists():
            remove(place)
    except OSError as error:
        raise BgtasksError(
            f"{project.folder}: cannot be written: {error.strerror}; "
            "what was there is whole, so mend that and run this again"
        ) from None
    for entry in entries:
        remove_empty(project, (project.vendored / entry.path).parent)


def clear_drafts(file: Path) -> None:
    """Remove what a run that was killed has left of `file`; see `write_whole`."""
    draft = re.compile(rf"\.{re.escape(file.name)}\.\d+")
    if file.parent.is_dir():
        for path in file.parent.iterdir():
            if draft.fullmatch(path.name):
                path.unlink()


def remove_empty(project: Project, folder: Path) -> None:
    while folder.is_relative_to(project.vendored):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
