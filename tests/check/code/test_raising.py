import ast

import pytest

from bgtasks.check.code.raising import exception_of, is_caught, lets_through
from sources import read_source

HEAD = "from lib import Error, lock\nfrom x import Unknown\nclass Own(Exception): ...\nclass Heir(Own): ...\n"
CAUGHT = {
    "same": ("ValueError", "ValueError", True),
    "called": ("ValueError('x')", "ValueError", True),
    "parent": ("KeyError", "LookupError", True),
    "another": ("KeyError", "ValueError", False),
    "one of several": ("KeyError", "(ValueError, KeyError)", True),
    "everything": ("Unknown", "BaseException", True),
    "own": ("Own", "Own", True),
    "parent of its own": ("Heir()", "Own", True),
    "heir": ("Own", "Heir", False),
    "unknown class": ("Unknown", "ValueError", None),
    "unknown handler": ("ValueError", "Unknown", False),
    "handler of the same name": ("Error", "Unknown", False),
    "known by the vocabulary": ("Error", "Exception", True),
    "not by the vocabulary": ("Error", "ValueError", False),
    "what is not written out": ("make()[0]", "ValueError", None),
}


@pytest.mark.parametrize(("raised", "handler", "expected"), CAUGHT.values(), ids=CAUGHT)
def test_whether_a_handler_catches_what_is_raised(raised: str, handler: str, expected: bool | None) -> None:
    names = read_source(f"{HEAD}try:\n    raise {raised}\nexcept {handler}: ...")
    tried = names.module.tree.body[-1]
    assert isinstance(tried, ast.Try)
    [node] = [node for node in ast.walk(tried) if isinstance(node, ast.Raise)]

    assert is_caught(exception_of(node, names), tried.handlers, names) is expected


def test_a_bare_handler_catches_all_and_a_bare_raise_is_not_known() -> None:
    names = read_source("try:\n    raise f\nexcept: ...\ntry:\n    raise\nexcept ValueError: ...")
    first, second = names.module.tree.body
    assert isinstance(first, ast.Try)
    assert isinstance(second, ast.Try)
    raises = [node for node in ast.walk(names.module.tree) if isinstance(node, ast.Raise)]

    assert is_caught(exception_of(raises[0], names), first.handlers, names) is True
    assert is_caught(exception_of(raises[1], names), second.handlers, names) is None


MANAGERS = {
    "known to": ("lib.lock()", True),
    "unknown": ("lib.other()", False),
    "suppress": ("contextlib.suppress(ValueError)", False),
    "of its own": ("plain()", True),
    "of its own, with a handler": ("guarding()", False),
    "function": ("function()", False),
}
DEFINITIONS = """\
import contextlib, lib
@contextlib.contextmanager
def plain(): yield
@contextlib.contextmanager
def guarding():
    try:
        yield
    except ValueError: ...
def function(): ...
"""


@pytest.mark.parametrize(("context", "expected"), MANAGERS.values(), ids=MANAGERS)
def test_whether_a_context_manager_swallows_nothing(context: str, expected: bool) -> None:
    names = read_source(f"{DEFINITIONS}{context}")
    node = names.module.tree.body[-1]
    assert isinstance(node, ast.Expr)

    assert lets_through(node.value, names) is expected
