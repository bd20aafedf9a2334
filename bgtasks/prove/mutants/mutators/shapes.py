"""What a function or a class is as a whole: async, overloaded, an heir."""

import ast
from collections.abc import Iterator
from copy import copy
from itertools import pairwise

from bgtasks.prove.mutants.definitions import FUNCTIONS, Definition, Function, has_decorator, is_overload
from bgtasks.prove.mutants.mutators.mutator import Mutator, Nodes, in_functions, one_by_one
from bgtasks.prove.mutants.mutators.slots import last_name

# Without these a class is of another sort, or is none.
FORMS = {"Generic", "Protocol", "NamedTuple", "TypedDict", "object"}


def make_sync(function: Function) -> Iterator[ast.stmt]:
    if isinstance(function, ast.AsyncFunctionDef):
        yield ast.FunctionDef(**vars(function))


def drop_base(node: ast.stmt, _: Definition) -> Iterator[ast.stmt]:
    if isinstance(node, ast.ClassDef):
        for index, base in enumerate(node.bases):
            name = last_name(base.value if isinstance(base, ast.Subscript) else base)
            if name not in FORMS:
                changed = copy(node)
                changed.bases = [*node.bases[:index], *node.bases[index + 1 :]]
                yield changed


def drop_overload(definition: Definition) -> Iterator[Nodes]:
    """Drop each overload; one that is left alone is none, nor is there anything to implement then."""
    overloads = [node for node in definition.nodes if is_overload(node)]
    for dropped in overloads:
        left = tuple(node for node in definition.nodes if node is not dropped)
        alone = [node for node in left if is_overload(node)]
        yield tuple(map(plain, alone)) if len(alone) == 1 else left


def plain(node: ast.stmt) -> ast.stmt:
    assert isinstance(node, FUNCTIONS)
    changed = copy(node)
    changed.decorator_list = [one for one in node.decorator_list if last_name(one) != "overload"]
    return changed


def swap_overloads(definition: Definition) -> Iterator[Nodes]:
    nodes = definition.nodes
    for index, (left, right) in enumerate(pairwise(nodes)):
        if has_decorator(left, "overload") and has_decorator(right, "overload"):
            yield (*nodes[:index], right, left, *nodes[index + 2 :])


OVERLOADED = """\
@overload
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...
"""
IMPLEMENTED = """\
@overload
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...
@overload
def f(a: bytes) -> bytes: ...
def f(a): return a
"""

MUTATORS = (
    Mutator(
        "async-to-sync",
        in_functions(make_sync),
        {"async def f(self, a: int) -> str: ...": ["def f(self, a: int) -> str: ..."], "def f(): ...": []},
    ),
    Mutator(
        "base-dropped",
        one_by_one(drop_base),
        {
            "class C(A, Generic[T], b.B[T]): ...": [
                "class C(Generic[T], b.B[T]): ...",
                "class C(A, Generic[T]): ...",
            ]
        },
    ),
    Mutator(
        "overload-dropped",
        drop_overload,
        {
            OVERLOADED: ["def f(a: str) -> str: ...", "def f(a: int) -> int: ..."],
            IMPLEMENTED: [
                IMPLEMENTED.replace("@overload\ndef f(a: int) -> int: ...\n", ""),
                IMPLEMENTED.replace("@overload\ndef f(a: str) -> str: ...\n", ""),
                IMPLEMENTED.replace("@overload\ndef f(a: bytes) -> bytes: ...\n", ""),
            ],
        },
    ),
    Mutator(
        "overloads-reordered",
        swap_overloads,
        {
            OVERLOADED: ["@overload\ndef f(a: str) -> str: ...\n@overload\ndef f(a: int) -> int: ..."],
            "def f(): ...": [],
        },
    ),
)
