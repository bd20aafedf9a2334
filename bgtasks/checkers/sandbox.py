"""A folder of our own in which checkers work, and the environment that is laid over the user's there."""

import hashlib
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, resolve, write_whole
from bgtasks.leftovers import temporary
from bgtasks.surroundings.environment import run_python

# A module that is laid into our copy of every stub package, and found nowhere else.
SENTINEL = "bgtasks_sentinel"

# What a checker may see of the user's environment; all else could change what it reports.
VARIABLES = ("PATH", "HOME", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA")


@contextmanager
def open_folder() -> Generator[Path, None, None]:
    """Make a temporary folder and remove it at the end. Raises `BgtasksError` where none can be made."""
    try:
        folder = resolve(Path(tempfile.gettempdir())) / f"bgtasks-{secrets.token_hex(8)}"
    except OSError as error:
        raise BgtasksError(f"no temporary folder can be made: {error.strerror}") from None
    with temporary(folder, watched=True):
        try:
            folder.mkdir(0o700)
            (folder / "tmp").mkdir()
        except OSError as error:
            raise BgtasksError(f"no temporary folder can be made: {error.strerror}") from None
        yield folder


def copy_to(path: Path, source: str) -> None:
    """Write a copy whose time stamp is made of its text: a cache goes by that, and by the size."""
    data = source.encode()
    try:
        path.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    stamp = int.from_bytes(hashlib.sha256(data).digest()[:4], "big") // 2
    os.utime(path, (stamp, stamp))


def copy_file(file: Path, path: Path) -> None:
    """
    Copy a file as it is, its time stamp with it.

    Raises `OSError`, and `BgtasksError` where it is none that can be read: a device has no end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        content = read_whole(file)
    except OSError as error:
        raise BgtasksError(f"{file}: cannot be read: {error.strerror}") from None
    path.write_bytes(content)
    shutil.copystat(file, path)


def find_stubs(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*-stubs") if path.is_dir())
    if not found:
        raise BgtasksError(f"--stubs {folder}: no folder such as 'starlette-stubs' in it")
    return found


def lay_over(python: Path, paths: Sequence[str], stubs: Sequence[Path], environment: Path) -> Path:
    """
    Make an environment with `stubs` in it and, behind them, all that `python` finds at `paths`.

    A module that only our copy of the stubs has shows a checker's canary that they are in effect.
    Returns its interpreter.
    """
    run_python(python, "-m", "venv", "--without-pip", "--symlinks", str(environment))
    [site_packages] = (path for path in environment.glob("[Ll]ib/**/site-packages") if path.is_dir())
    (site_packages / "paths.pth").write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    for path in stubs:
        copy = site_packages / path.name
        try:
            shutil.copytree(path, copy, copy_function=lambda one, other: copy_file(Path(one), Path(other)))
        except shutil.Error as error:  # which has a list of all that went wrong
            raise BgtasksError(f"{path}: cannot be copied: {error.args[0][0][2]}") from None
        (copy / f"{SENTINEL}.pyi").write_text("sentinel: int\n", encoding="utf-8")
    return next(
        path
        for path in (environment / "bin" / "python", environment / "Scripts" / "python.exe")
        if path.exists()
    )


def find_cache() -> Path | None:
    """
    Return where checkers may keep what serves their next run from the current folder.

    It lies among the user's caches: one that came with a project could say whatever its maker likes.
    """
    own = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    try:
        caches = Path(own) if Path(own).is_absolute() else Path.home() / ".cache"
        here = hashlib.sha256(os.fsencode(Path.cwd().resolve())).hexdigest()[:16]
    except (OSError, RuntimeError):
        return None
    return caches / "bgtasks" / here


def open_cache(folder: Path | None) -> Path | None:
    """Make the cache folder; None where that cannot be written, or where it is not the user's alone."""
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):  # a link, say, that leads out of the user's caches
            return None
        write_whole(folder / ".gitignore", b"*\n")
    except OSError:
        return None
    if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        return None
    return resolve(folder)


def isolate(folder: Path) -> dict[str, str]:
    """Return the environment for a checker: nothing in it names the user's settings."""
    kept = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    return (
        kept
        | temporary_in(folder)
        | {"XDG_CONFIG_HOME": str(folder / "config"), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    )


def temporary_in(folder: Path) -> dict[str, str]:
    """Return the variables by which what a checker leaves behind, when it is killed, lies in `folder`."""
    names = ("TEMP", "TMP") if sys.platform == "win32" else ("TMPDIR",)
    return dict.fromkeys(names, str(folder / "tmp"))
