"""Files and folders: names, what is searched, reading that never hangs and writing that loses nothing."""

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from bgtasks.leftovers import temporary

# Folders that hold what others have written.
SKIPPED = {"__pycache__", "node_modules", "site-packages"}
# What pytest and unittest take for tests.
TEST: re.Pattern[str] = re.compile(r"test_.*|.*_test|tests?|conftest")
# What belongs to a virtual environment; it may have been made in the folder of an app.
OF_ENVIRONMENT = {"bin", "etc", "include", "Include", "lib", "Lib", "lib64", "Scripts", "share", "src"}
MIB = 1024 * 1024
LARGEST = 64 * MIB
# To open a FIFO that nobody writes to, or reads from, does not wait; Windows knows neither.
NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
BINARY: int = getattr(os, "O_BINARY", 0)


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
    environment = above[1:] and any(entry.name == "pyvenv.cfg" for entry in entries)
    for entry in entries:
        if not is_searched(entry.name) or (environment and entry.name in OF_ENVIRONMENT):
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


def resolve(path: Path) -> Path:
    """Return `path` with its links followed, as far as they lead; `Path.resolve` fails at a loop of them."""
    return Path(os.path.realpath(path))


def relative(path: Path) -> Path:
    """Return `path` as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def read_whole(file: Path, limit: int = LARGEST) -> bytes:
    """
    Return what is in `file`.

    Raises `OSError`, with the reason in its `strerror`, also for what is no regular file, as a FIFO
    or a device, for what is larger than `limit`, and for a path that can be none.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | NONBLOCK | BINARY)
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(stream.fileno())
        require_regular(status)
        # Room for `limit` would be taken for each file, however small. Some files are longer than they say.
        content = stream.read(min(status.st_size, limit) + 1)
        if len(content) > status.st_size:
            content += stream.read(limit + 1 - len(content))
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // MIB} MiB")
    return content


def write_whole(file: Path, content: bytes) -> None:
    """
    Write `content` to `file` whole or not at all, and keep its mode.

    Raises `OSError`, also where a link, or what is no regular file, has the place.
    """
    with suppress(FileNotFoundError):
        require_regular(file.lstat())
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with temporary(draft):
        draft.unlink(missing_ok=True)
        with draft.open("xb") as stream:  # not through a link that somebody has left there
            stream.write(content)
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)


def write_into(file: Path, content: bytes) -> None:
    """
    Write `content` to what the user has named: where it is a link, to where that leads.

    Devices and FIFOs are written into, as a shell's ">" does. Raises `OSError`.
    """
    there = resolve(file)
    if not there.exists() or there.is_file():
        write_whole(there, content)
        return
    descriptor = os.open(file, os.O_WRONLY | NONBLOCK | BINARY)
    with os.fdopen(descriptor, "wb") as stream:
        os.set_blocking(descriptor, True)  # there is a reader
        stream.write(content)


def require_regular(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, "it is a link")
    if stat.S_ISDIR(status.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")


def is_test(file: Path) -> bool:
    """Tell whether a file has the name of one of tests, or of what they share."""
    return TEST.fullmatch(file.stem) is not None
