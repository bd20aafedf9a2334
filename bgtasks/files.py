"""Writing a file so that an interruption, or a full disk, loses nothing."""

import os
import shutil
from pathlib import Path


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
