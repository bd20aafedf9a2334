"""Which files are cases, and under which name each is laid out."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bgtasks.claims.cases import CaseError, dotted, read_case
from bgtasks.claims.model import Case
from bgtasks.documents import decode
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, search


def find_cases(
    paths: Sequence[Path], checkers: Iterable[str], *, update: bool = False
) -> tuple[list[Case], list[BgtasksError]]:
    """
    Read the cases at `paths`, each a Python file or a folder that is searched for them.

    `checkers` are the names that a gap may have. With `update`, a claim may be open, and its
    statement then is one without a claim. Returns the cases, and the files that could not be
    read. Raises `BgtasksError` when a path does not exist or when two files claim one module.
    """
    known = frozenset(checkers)
    found: dict[tuple[str, ...], tuple[Path, Path]] = {}
    unsearched: list[str] = []
    for path in paths:
        for file, module in walk(path, unsearched):
            other, _ = found.setdefault(dotted(module), (file, module))
            if other.resolve() != file.resolve():
                name = ".".join(dotted(module))
                raise BgtasksError(
                    f"{file}: is the module {name!r} and so is {other}; check them in two runs"
                )
    cases: list[Case] = []
    errors = [BgtasksError(line) for line in unsearched]
    for file, module in sorted(found.values()):
        try:
            check_name(file, module)
            cases.append(read_case(file, module, read_text(file), known, update=update))
        except CaseError as error:  # noqa: PERF203 - one broken case does not lose the others
            errors.append(error)
    return cases, errors


def require_claims(cases: Iterable[Case]) -> None:
    """Raise `BgtasksError` when none of the cases claims anything."""
    if not any(case.claims for case in cases):
        raise BgtasksError(
            "no case has a claim, so there is nothing to check; claims are '# E: kind' and '# OK'"
        )


def walk(path: Path, errors: list[str]) -> Iterator[tuple[Path, Path]]:
    """
    Yield each Python file at `path` with its place below the folder that was given.

    Adds a line to `errors` for each folder that cannot be searched.
    """
    if os.path.isfile(path):  # noqa: PTH113 - False, where Path raises, for a name that is too long
        yield path, Path(path.name)
    elif not os.path.isdir(path):  # noqa: PTH112 - as above
        raise BgtasksError(f"{path}: no such file or folder; name the type tests to check")
    else:
        for file in search(path, (".py",), errors):
            yield file, file.relative_to(path)


def check_name(file: Path, module: Path) -> None:
    for part in module.with_suffix("").parts:
        if not part.isidentifier():
            raise CaseError(file, 0, f"{part!r} is no module name, so not every checker reads it; rename it")
    top = dotted(module)[0]
    if top in sys.stdlib_module_names or top in {"bgtasks_canary", "typing_extensions"}:
        raise CaseError(file, 0, f"hides the module {top!r} from the checkers; rename it")


def read_text(file: Path) -> str:
    try:
        return decode(read_whole(file))
    except OSError as error:
        raise CaseError(file, 0, f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CaseError(file, 0, f"cannot be decoded: {error}; save it as UTF-8") from None
