"""Another package `bgtasks` in the way of ours."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bgtasks.distribution import CURE, OURS, PACKAGE, SIGN, find_owners, tell_of
from bgtasks.files import read_whole


def find_rivals(found: str | None, paths: Sequence[str], project: Path) -> Iterator[str]:
    """
    Yield a line on each package `bgtasks` that is not ours: installed, found first, or in the project.

    `found` is what an import of it finds on `paths`, where an interpreter looks.
    """
    owners = [*dict.fromkeys(find_owners(paths))]
    if others := [owner for owner in owners if not owner.startswith(OURS)]:
        if len(others) < len(owners):
            yield tell_of(others, str(Path(found).parent) if found else PACKAGE)
        else:
            yield f"{' and '.join(others)} is another project; {CURE}"
    elif found and not is_ours(Path(found)):
        yield f"import {PACKAGE} finds {found}, which is not ours; rename it"
    folders = dict.fromkeys([Path.cwd(), project, Path.cwd() / "src", project / "src"])
    for path in (folder / name for folder in folders for name in (f"{PACKAGE}/__init__.py", f"{PACKAGE}.py")):
        if path.is_file() and str(path) != found and not is_ours(path):
            yield f"{path} hides ours from what starts in {path.parents[path.stem == '__init__']}; rename it"


def is_ours(file: Path) -> bool:
    with suppress(OSError):
        return SIGN in read_whole(file).decode(errors="replace")
    return False
