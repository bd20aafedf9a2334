"""What is wrong with a library itself, which hides behind all that checkers say of its type tests."""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bgtasks.claims.model import Case
from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole, relative
from bgtasks.surroundings.imports import Import, find_module, follow_imports, names_of, read_first
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
    modules = dict.fromkeys(module for case in plan.cases for module in case.imports)
    yield from follow_imports([(Path(), Import(module, (), 0)) for module in modules], plan.starts)


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
