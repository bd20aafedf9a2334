"""Sources in which one name is asked about: read, never imported."""

import ast
import textwrap
from collections.abc import Mapping
from pathlib import Path

from bgtasks.check.code import Located, Names, Project, Vocabulary, open_module
from bgtasks.check.code.names import Found
from bgtasks.check.model import Module

VOCABULARY = Vocabulary(
    subjects=frozenset({"lib.Subject"}),
    bases={"lib.Error": ("lib.Error", "builtins.Exception")},
    letting=frozenset({"lib.lock"}),
)


def read_source(source: str, vocabulary: Vocabulary = VOCABULARY) -> Names:
    """Return the names of a module of this source, alone in its project."""
    text = textwrap.dedent(source)
    module = Module(Path("app.py"), "app", text, ast.parse(text))
    return open_module(module, Project(vocabulary))


def read_files(folder: Path, files: Mapping[str, str]) -> Names:
    """Write `files` below `folder`; return the names of the first of them."""
    for path, source in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(textwrap.dedent(source))
    path = next(iter(files))
    source = textwrap.dedent(files[path])
    name = ".".join(Path(path).with_suffix("").parts)
    return open_module(Module(folder / path, name, source, ast.parse(source)), Project(VOCABULARY))


def last_expression(names: Names) -> ast.expr:
    """Return the expression that the source ends with, however deep it stands."""
    node: ast.AST = names.module.tree
    while not isinstance(node, ast.Expr):
        node = getattr(node, "body")[-1]  # noqa: B009 - every compound statement has one
    return node.value


def spell_found(found: Found) -> str:
    """Return what was found: a dotted name, a class or a function, `file:` before it if it is not the app."""
    match found:
        case None:
            return "unknown"
        case Located(node=node, names=names):
            text = getattr(node, "name", "") or (
                "module" if isinstance(node, ast.Module) else ast.unparse(node)
            )
            where = names.module.path.name
            return f"{where}: {text}"
        case _:
            return found.dotted
