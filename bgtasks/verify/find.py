"""Which files are cases, where each is laid out, and what lies beside them that they may import."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.claims.cases import CaseError, dotted, read_case
from bgtasks.claims.model import Case
from bgtasks.claims.snippets import join_sections
from bgtasks.documents import decode
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole, resolve, search
from bgtasks.surroundings.trees import outermost_package

# These would hide a module that checkers cannot do without.
MARKDOWN = ".md"
TAKEN = sys.stdlib_module_names | {"bgtasks_canary", "typing_extensions"}


@dataclass(frozen=True, slots=True)
class Suite:
    """
    What was found: cases, `beside` them files that they may import, by their place, and what is not readable.

    `errors` are of files that could not be read.
    """

    cases: tuple[Case, ...]
    beside: tuple[tuple[Path, Path], ...] = ()
    errors: tuple[BgtasksError, ...] = ()


def find_suite(
    paths: Sequence[Path],
    checkers: Iterable[str],
    *,
    without: Iterable[Path] = (),
    update: bool = False,
    ignores: bool = False,
) -> Suite:
    """
    Read the cases at `paths`, each a Python file, a document, or a folder that is searched for them.

    A folder without Python is searched for documents in Markdown.

    `checkers` are the names that a gap may have. What lies in `without` is no case. With `update` a claim
    may be open, and with `ignores` comments that tell a checker what to ignore are claims. Raises
    `BgtasksError` when a path does not exist or when two files claim one module.
    """
    known = frozenset(checkers)
    others = list(map(absolute, without))
    found: dict[tuple[str, ...], tuple[Path, Path]] = {}
    beside: dict[Path, Path] = {}
    unsearched: list[str] = []
    for path in paths:
        for file, module in walk(path, unsearched):
            if any(absolute(file).is_relative_to(other) for other in others):
                beside |= {module: file} if file.suffix != MARKDOWN else {}
                continue
            other, _ = found.setdefault(dotted(module), (file, module))
            if other != file and resolve(other) != resolve(file):
                name = ".".join(dotted(module))
                raise BgtasksError(
                    f"{file}: is the module {name!r} and so is {other}; check them in two runs"
                )
        beside.update(find_beside(path))
    cases: list[Case] = []
    errors = [BgtasksError(line) for line in unsearched]
    for file, module in sorted(found.values()):
        try:
            if file.suffix == MARKDOWN:
                cases += read_document(file, module, known, update=update, ignores=ignores)
                continue
            case = read_case(file, module, read_text(file), known, update=update, ignores=ignores)
        except CaseError as error:
            errors.append(error)
        else:
            # Of a module with a stub, checkers read the stub.
            if case.claims or case.open or module.with_suffix(".pyi") not in beside:
                cases.append(case)
    modules = {case.module for case in cases}
    kept = tuple((place, file) for place, file in sorted(beside.items()) if place not in modules)
    return Suite(tuple(cases), kept, tuple(errors))


def read_document(
    file: Path, module: Path, known: frozenset[str], *, update: bool, ignores: bool
) -> Iterator[Case]:
    """Yield the sections of a document that have Python in them, each a case. Raises `CaseError`."""
    for name, source in join_sections(read_text(file)):
        place = module.with_suffix("") / f"{name}.py"
        yield replace(read_case(file, place, source, known, update=update, ignores=ignores), section=name)


def require_claims(cases: Iterable[Case]) -> None:
    """Raise `BgtasksError` when none of the cases claims anything."""
    if not any(case.claims for case in cases):
        raise BgtasksError(
            "no case has a claim, so there is nothing to check; "
            "claims are '# E: kind', '# OK', assert_type and '# revealed: type'"
        )


def walk(path: Path, errors: list[str]) -> Iterator[tuple[Path, Path]]:
    """
    Yield each Python file at `path` with its place in the sandbox.

    Adds a line to `errors` for each folder that cannot be searched.
    """
    if os.path.isfile(path):  # noqa: PTH113 - False, where Path raises, for a name that is too long
        yield path, place(path, base_of(path.parent))
    elif not os.path.isdir(path):  # noqa: PTH112 - as above
        raise BgtasksError(f"{path}: no such file or folder; name the type tests to check")
    else:
        base = base_of(path)
        files = list(search(path, (".py",), errors)) or list(search(path, (MARKDOWN,), errors))
        if not (files or errors):
            raise BgtasksError(f"no Python file in {path}")
        for file in files:
            yield file, place(file, base)


def place(file: Path, base: Path) -> Path:
    """
    Return where a file is laid out, as seen from `base`.

    Names that are none of a module, or of one of the standard library, are made into others.
    """
    module = absolute(file).relative_to(base)
    names = [name_for(part) for part in module.with_suffix("").parts]
    if names[0] in TAKEN:
        names[0] += "_cases"
    return Path(*names).with_suffix(module.suffix)


def base_of(folder: Path) -> Path:
    """Return where the imports of a folder of cases start: there, or above the package that it is."""
    start = absolute(folder)
    return outermost_package(start).parent if (start / "__init__.py").exists() else start


def name_for(part: str) -> str:
    if part.isidentifier():
        return part
    name = re.sub(r"\W", "_", part)
    return name if name.isidentifier() else f"_{name}"


def find_beside(path: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the place of each file that cases at `path` may import: stubs, and the package around."""
    folder = path if path.is_dir() else path.parent
    base = base_of(folder)
    if base != absolute(folder):
        package = base / absolute(folder).relative_to(base).parts[0]
        for file in search(package, (".py", ".pyi"), []):
            yield place(file, base), file
    elif folder == path:
        for file in search(path, (".pyi",), []):
            yield place(file, base), file


def read_text(file: Path) -> str:
    """Return the text of a case. Raises `CaseError` where it cannot be read."""
    try:
        return decode(read_whole(file))
    except OSError as error:
        raise CaseError(file, 0, f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CaseError(file, 0, f"cannot be decoded: {error}; save it as UTF-8") from None
