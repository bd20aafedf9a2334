"""Files and folders: how paths are named, what is searched, and writing so that nothing is lost."""

import os
import shutil
from pathlib import Path

# Folders that hold what others have written.
SKIPPED = {"__pycache__", "node_modules", "site-packages"}


def is_searched(folder: str) -> bool:
    """Tell whether a folder of this name is searched for source."""
    return not folder.startswith(".") and folder not in SKIPPED


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
