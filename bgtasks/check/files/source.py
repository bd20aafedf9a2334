"""Find the Python files of an app that mention a background task; read and parse them."""

import mmap
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bgtasks import files
from bgtasks.check.model import Module
from bgtasks.documents import decode, from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import Identity, identify, read_whole

# Who adds an endpoint, a handler or a middleware elsewhere says what becomes of its tasks.
MENTION: re.Pattern[bytes] = re.compile(
    rb"add_task|BackgroundTask|background ?=|call_next|add_api_|add_exception|SocketRoute"
)
SUFFIXES = (".py", ".ipynb")
# What only a file that is named may end in.
NAMED = (*SUFFIXES, ".pyi", ".pyw")
SHEBANG: re.Pattern[bytes] = re.compile(rb"#!.*python")
LARGEST = 4 * 1024 * 1024
# As much of a first line as is looked at.
SHOWN = 300
OURS = "{}.{}".format(*sys.version_info)
WIDE = (b"\xff\xfe", b"\xfe\xff")


class SourceError(Exception):
    """
    Why a file is not checked, in one line; line 0 is the file as a whole.

    `syntax` tells that it is what our own Python says of the source.
    """

    def __init__(self, message: str, line: int = 0, *, syntax: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.syntax = syntax


def find_modules(
    paths: Sequence[Path], python: Callable[[], str] = lambda: OURS
) -> tuple[list[Module], list[str]]:
    """
    Read the files that mention a background task; each path is a file or a folder that is searched.

    Returns the modules, and one line for each file that cannot be read. `python` tells the version of
    the Python of the app, and is asked for the first syntax error. What does not mention a
    background task is not parsed, so nothing is said of it. Raises `BgtasksError` when a path does
    not exist.
    """
    modules: list[Module] = []
    errors: list[str] = []
    seen: set[Identity] = set()
    for path in paths:
        for file in find_files(path, errors):
            try:
                module = read_once(file, seen)
            except SourceError as error:  # noqa: PERF203 - one broken file does not lose the others
                errors.append(describe(file, error, python))
            else:
                modules += [module] if module else []
    return modules, errors


def describe(file: Path, error: SourceError, python: Callable[[], str]) -> str:
    """Return the line that says why `file` is not checked."""
    place = f"{file}:{error.line}" if error.line else f"{file}"
    return f"{place}: {describe_syntax(error, python()) if error.syntax else error}"


def describe_syntax(error: SourceError, python: str) -> str:
    """
    Say for which Python the source is wrong.

    What our own cannot read no older one can: syntax was only added since 3.7. A newer one may.
    """
    if read_version(python) > read_version(OURS):
        return (
            f"syntax error for Python {OURS}, which bgtasks runs on: {error}; "
            f"run it on the Python {python} of the app"
        )
    return f"syntax error for Python {python}: {error}"


def read_version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def find_files(path: Path, errors: list[str]) -> Iterator[Path]:
    """
    Yield the files at `path` in order; add a line to `errors` for each folder that cannot be searched.

    Raises `BgtasksError` where nothing is there, or a file that is not Python.
    """
    if not os.path.exists(path):  # noqa: PTH110 - False, where Path raises, for a name that is too long
        raise BgtasksError(f"{path}: no such file or folder; name the code to check")
    if path.is_file() and path.suffix not in NAMED and not is_script(path):
        raise BgtasksError(f"{path}: is no Python file; name the code to check")
    yield from files.search(path, SUFFIXES, errors)


def is_script(file: Path) -> bool:
    """Tell whether the first line of `file` has Python run it; a file that cannot be read is told later."""
    try:
        with file.open("rb") as stream:
            return SHEBANG.match(stream.readline(SHOWN)) is not None
    except OSError:
        return True


def read_once(file: Path, seen: set[Identity]) -> Module | None:
    """Read `file` unless it is among `seen`; None where it need not be checked. Raises `SourceError`."""
    try:
        status = file.stat()
        if identify(status) in seen:
            return None
        seen.add(identify(status))
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("cannot be read: it is no regular file")
        return read_module(file, read_bytes(file, status.st_size))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from None


def read_bytes(file: Path, size: int) -> bytes:
    """Return what is in `file`. Raises `OSError`, and `SourceError` where there is too much to be read."""
    if size <= LARGEST:
        return read_whole(file, LARGEST)
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if MENTION.search(content) is None:
            return b""
    limit = f"{LARGEST // 1024 // 1024} MiB"
    raise SourceError(f"is too large to be checked: {size / 1024 / 1024:.1f} MiB, and {limit} is the limit")


def read_module(file: Path, content: bytes) -> Module | None:
    """Parse `content` if it mentions a background task. Raises `SourceError`."""
    if content.startswith(WIDE):
        raise SourceError("cannot be decoded: it is UTF-16, which Python does not read; save it as UTF-8")
    if MENTION.search(content) is None:
        return None
    if file.suffix == ".ipynb":
        raise SourceError("a notebook is not checked; export it as a script and check that")
    return parse(file, content)


def parse(file: Path, content: bytes) -> Module:
    """Parse `content`, what is in `file`. Raises `SourceError`."""
    try:
        source = decode(content)
    except ValueError as error:
        raise SourceError(f"cannot be decoded: {error}; save it as UTF-8") from None
    try:
        tree = from_python(source)
    except SyntaxError as error:
        raise SourceError(error.msg, error.lineno or 0, syntax=True) from None
    except ValueError as error:
        raise SourceError(f"not Python source: {error}") from None
    return Module(file, ".".join(find_name(file)), source, tree)


def find_name(file: Path) -> Iterable[str]:
    """Return the parts of the dotted name of the module in `file`: it begins below the outermost package."""
    parts = [] if file.stem == "__init__" else [file.stem]
    for folder in file.absolute().parents:
        if not (folder / "__init__.py").exists():
            break
        parts.append(folder.name)
    return reversed(parts or [file.stem])
