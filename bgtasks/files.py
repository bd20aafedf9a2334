"""Files and folders: how paths are named, what is searched, and writing so that nothing is lost."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

# Folders that hold what others have written.
SKIPPED = {"__pycache__", "node_modules", "site-packages"}


def is_searched(folder: str) -> bool:
    """Tell whether a folder of this name is searched for source."""
    return not folder.startswith(".") and folder not in SKIPPED


# What tells one file or folder from another, by whatever path it is reached.
Identity: TypeAlias = tuple[int, int]


def identify(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


def search(path: Path, suffixes: tuple[str, ...], errors: list[str]) -> Iterator[Path]:
    """
    Yield `path`, or the files with one of `suffixes` below it, in order.

    Adds a line to `errors` for each folder that cannot be searched.
    """
    if path.is_dir():
        yield from walk(path, (identify(path.stat()),), suffixes, errors)
    else:
        yield path


def walk(
    folder: Path, above: tuple[Identity, ...], suffixes: tuple[str, ...], errors: list[str]
) -> Iterator[Path]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        errors.append(f"{folder}: cannot be searched: {error.strerror}")
        return
    if above[1:] and any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        if not is_searched(entry.name):
            continue
        try:
            below = identify(entry.stat()) if entry.is_dir() else None
        except OSError as error:
            errors.append(f"{folder / entry.name}: cannot be read: {error.strerror}")
            continue
        if below is None:
            if entry.name.endswith(suffixes):
                yield folder / entry.name
        elif below in above:
            errors.append(
                f"{folder / entry.name}: this link leads back to a folder above it; it is not followed"
            )
        else:
            yield from walk(folder / entry.name, (*above, below), suffixes, errors)


def absolute(path: Path) -> Path:
    """Return `path` from the root, its links left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links


def relative(path: Path) -> Path:
    """Return `path` as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def write_whole(file: Path, content: bytes) -> None:
    """Write `content` to `file` whole or not at all, and keep its mode. Raises `OSError`."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
