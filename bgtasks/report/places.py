"""Files as those name them who show a repository."""

import os
from collections.abc import Iterator
from pathlib import Path

from bgtasks.files import absolute


def in_repository(path: Path) -> Path:
    """
    Return `path` as seen from the top of the repository, or from here where there is none around.

    In a workflow of GitHub that is its workspace, and else the work tree of git. What lies outside
    of both comes back absolute.
    """
    whole = absolute(path)
    return next((whole.relative_to(top) for top in tops() if whole.is_relative_to(top)), whole)


def tops() -> Iterator[Path]:
    """Yield the folders that a path may be told from, the best first."""
    here = Path.cwd()
    if workspace := os.environ.get("GITHUB_WORKSPACE"):
        yield absolute(Path(workspace))
        yield Path(os.path.realpath(workspace))
    yield from (folder for folder in (here, *here.parents) if os.path.lexists(folder / ".git"))
    yield here
