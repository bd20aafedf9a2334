"""How a reason names a place, an expression or several things."""

import ast
from collections.abc import Sequence

from bgtasks.check.code import Names
from bgtasks.files import relative

LONGEST = 60


def path_of(names: Names) -> str:
    return relative(names.module.path).as_posix()


def place_at(node: ast.AST, names: Names) -> str:
    return f"{path_of(names)}:{getattr(node, 'lineno', 1)}"


def quote(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def listing(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
