"""What is wrong with a library itself, which hides behind all that checkers say of its type tests."""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

from bgtasks.claims.model import Case
from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole, relative
from bgtasks.surroundings.imports import Import, Lookup, find_module, names_of, read_imports
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.tasks import typeshed


def require_readable(plan: Plan, results: Sequence[Result], versions: Iterable[str]) -> None:
    """
    Raise `BgtasksError` where what went wrong in `results` is that a file that cases import is no Python.

    Then a run fails, or speaks of an import uncalled. Where mypy is done, there is no such file, and of a
    newer Python than ours we cannot tell.
    """
    trouble = any(result.run.failure or any(one.claim is None for one in result.bad) for result in results)
    done = any(result.run.checker.startswith("mypy") and not result.run.failure for result in results)
    newest = max((tuple(map(int, version.split("."))) for version in versions), default=(0, 0))
    if done or not trouble or newest > sys.version_info[:2]:
        return
    for file in find_imported(plan):
        require_python(file)


def require_python(file: Path) -> None:
    with suppress(OSError, ValueError):
        try:
            from_python(read_whole(file))
        except SyntaxError as error:
            line = f":{error.lineno}" if error.lineno else ""
            raise BgtasksError(
                f"{relative(file)}{line}: syntax error: {error.msg}; the type tests import this file, "
                "so mend it"
            ) from None


def find_imported(plan: Plan) -> Iterator[Path]:
    """Yield the files of the project that the cases import, and those that these import, once each."""
    lookup, seen = Lookup(), set[Path]()
    modules = dict.fromkeys(module for case in plan.cases for module in case.imports)
    files = [
        file
        for module in modules
        for start in plan.starts
        for file in follow(lookup, start, Import(module, (), 0))
    ]
    while files:
        file = files.pop()
        if file in seen:
            continue
        seen.add(file)
        yield file
        for wanted in imports_of(file):
            above = list(file.parents)[wanted.level - 1 : wanted.level]
            starts = above if wanted.level else plan.starts
            files += [found for start in starts for found in follow(lookup, start, wanted)]


def imports_of(file: Path) -> Sequence[Import]:
    try:
        return list(read_imports(from_python(read_whole(file))))
    except (OSError, SyntaxError, ValueError):
        return []


def follow(lookup: Lookup, start: Path, wanted: Import) -> Iterator[Path]:
    """Yield the files that an import from `start` leads to, packages first, each stub for its source."""
    parts = wanted.dotted.split(".") if wanted.dotted else []
    found = [lookup.module(start, name) for name in accumulate(parts, "{}.{}".format)]
    last = found[-1] if found else start
    if last is not None:
        package = last.parent if last.stem == "__init__" else last
        found += [lookup.module(package, name) for name in wanted.names]
    yield from filter(None, map(read_first, found))


def read_first(module: Path | None) -> Path | None:
    """Return the file that checkers read of a module, a stub before a source, None where there is none."""
    if module is None:
        return None
    stub = module / "__init__.pyi" if module.is_dir() else module.with_suffix(".pyi")
    return next((file for file in (stub, module) if file.is_file()), None)


def require_found(cases: Iterable[Case], folders: Sequence[Path], name: str) -> None:
    """
    Raise `BgtasksError` where cases import something from a module of the project that they cannot find.

    The module has the `name` of one of the standard library, which every checker takes for it.
    """
    file = next(filter(None, (read_first(find_module(folder, name)) for folder in folders)), None)
    library = typeshed() if file else Path()
    known = read_first(find_module(library, name)) if library.name else None
    if file is None or known is None or "*" in (own := names_in(known)):
        return
    hidden = names_in(file) - own
    for case in cases:
        for taken, line in taken_from(case, name):
            if taken in hidden and absolute(case.path) != file:
                raise BgtasksError(
                    f"{relative(file)}: has the name of a module of the standard library, {name!r}, which "
                    f"checkers find in its place: {case.path}:{line} imports {taken} from it; rename it"
                )


def names_in(file: Path) -> set[str]:
    try:
        tree = from_python(read_whole(file))
    except (OSError, SyntaxError, ValueError):
        return set()
    return {name for node in ast.walk(tree) for name in names_of(node)}


def taken_from(case: Case, module: str) -> Iterator[tuple[str, int]]:
    """Yield each name that a case takes from a module, and the line."""
    tree = from_python(case.source)
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=dotted, level=0) if dotted == module:
                yield from ((alias.name, node.lineno) for alias in node.names)
            case ast.Import():
                names |= {alias.asname or module for alias in node.names if alias.name == module}
            case ast.Attribute(value=ast.Name(id=name), attr=taken) if name in names:
                yield taken, node.lineno
            case _:
                pass
