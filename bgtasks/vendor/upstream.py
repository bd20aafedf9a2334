"""The installed Starlette and FastAPI: which there are, and whether the stubs still fit them."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole
from bgtasks.surroundings.bundle import PACKAGES
from bgtasks.surroundings.environment import read_environment
from bgtasks.vendor.model import Package

# What the stubs were made for. It was the same in every release from Starlette 0.26.1 to 1.10.0 and
# from FastAPI 0.95.0 to 0.165.0, but for how the types are spelt.
SIGNATURES = {
    "BackgroundTask.__init__": "(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None",
    "BackgroundTask.__call__": "async (self) -> None",
    "BackgroundTasks.__init__": "(self, tasks: Sequence[BackgroundTask] | None=None) -> None",
    "BackgroundTasks.add_task": "(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None",
    "BackgroundTasks.__call__": "async (self) -> None",
}


@cache
def find_packages(python: Path) -> Mapping[str, Package]:
    """Return what there are stubs for and is installed where `python` is. Nothing of it is imported."""
    environment = read_environment(python)
    found: dict[str, Package] = {}
    for name in PACKAGES:
        for path in environment.paths:
            if (folder := Path(path, name)).is_dir():
                found[name] = Package(name, environment.version_of(name) or "", folder)
                break
    return found


def changes(package: Package, bundle: Mapping[str, bytes]) -> list[str]:
    """Return a line for each thing in which the source of `package` differs from what the stubs say."""
    if package.folder is None:
        return []
    name = f"{package.name} {package.version}".strip()
    found = dict(signatures(read(package.folder / "background.py")))
    lines = [
        f"{name}: {function}{told} is new to the stubs"
        if function not in SIGNATURES
        else f"{name}: {function} is now {told}, and the stubs were made for {SIGNATURES[function]}"
        for function, told in found.items()
        if SIGNATURES.get(function) != told
    ]
    if package.name == "starlette":  # FastAPI inherits, or re-exports, what it does not define
        lines += [f"{name}: {function} is gone" for function in SIGNATURES if function not in found]
    ours = exports(ast.parse(bundle[f"{package.name}-stubs/__init__.pyi"]))
    hidden = exports(read(package.folder / "__init__.py")) - ours
    return lines + [f"{name}: {export} is new, and the stubs would hide it" for export in sorted(hidden)]


def read(file: Path) -> ast.Module:
    try:
        return from_python(read_whole(file))
    except (OSError, ValueError, SyntaxError) as error:
        raise BgtasksError(f"{file}: cannot be read: {error}; is it installed whole?") from None


def signatures(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the public methods of each class, and their signatures spelt one way."""
    for parent in ast.walk(module):
        if not isinstance(parent, ast.ClassDef) or parent.name.startswith("_"):
            continue
        for node in parent.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("_") and not node.name.endswith("__"):
                continue
            arguments = ast.unparse(Spelling().visit(node.args))
            returns = ast.unparse(Spelling().visit(node.returns)) if node.returns else "None"
            prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
            yield f"{parent.name}.{node.name}", f"{prefix}({arguments}) -> {returns}"


class Spelling(ast.NodeTransformer):
    """`typing.X` becomes `X`, `Annotated[X, ...]` too, and `Optional[X]` becomes `X | None`."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        match node:
            case ast.Attribute(ast.Name("typing"), name):
                return ast.Name(name)
            case _:
                return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(ast.Name("Annotated"), ast.Tuple([annotated, *_])):
                return annotated
            case ast.Subscript(ast.Name("Optional"), inner):
                return ast.BinOp(inner, ast.BitOr(), ast.Constant(None))
            case _:
                return node


def exports(module: ast.Module) -> set[str]:
    """Return the names that a package makes public, explicitly re-exported or its own."""
    names: set[str] = set()
    for node in module.body:
        match node:
            case ast.ImportFrom(_, aliases, _):
                names |= {alias.name for alias in aliases if alias.asname == alias.name}
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                names.add(name)
            case ast.FunctionDef(name) | ast.ClassDef(name):
                names.add(name)
            case _:
                pass
    return {name for name in names if not name.startswith("_") or name.endswith("__")}
