"""What a process of its own is asked to do; it lies here, where every process can import it."""

import os
import signal
from pathlib import Path


def end_once(mark: str) -> int:
    """End the process that does it, the first time."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()
