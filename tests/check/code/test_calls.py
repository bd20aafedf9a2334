import ast

import pytest

from bgtasks.check.code import find_callee, match, read_given
from examples import HEAD
from sources import last_expression, read_source

CALLEES: dict[str, tuple[str, tuple[str, bool, bool] | None]] = {
    "function": ("def f(): ...\nf", ("f", False, False)),
    "method": ("class A:\n    def f(self): ...\nA().f", ("f", True, True)),
    "static method": ("class A:\n    @staticmethod\n    def f(): ...\nA().f", ("f", False, True)),
    "class method": ("class A:\n    @classmethod\n    def f(cls): ...\nA.f", ("f", True, False)),
    "function of a class": ("class A:\n    def f(self): ...\nA.f", ("f", False, False)),
    "imported": ("send", None),
    "unknown receiver": ("nowhere().f", None),
    "attribute that is no function": ("class A:\n    f = 1\nA().f", None),
}


@pytest.mark.parametrize(("source", "expected"), CALLEES.values(), ids=CALLEES)
def test_what_runs_when_something_is_called(source: str, expected: tuple[str, bool, bool] | None) -> None:
    names = read_source(HEAD + source)

    found = find_callee(last_expression(names), names)

    assert (found and (getattr(found.located.node, "name", None), found.bound, found.replaceable)) == expected


@pytest.mark.parametrize(
    ("signature", "call", "bound", "expected"),
    [
        pytest.param("a, b", "f(1, 2)", False, "2", id="positional"),
        pytest.param("self, b", "f(1)", True, "1", id="bound"),
        pytest.param("a, b", "f(1, b=3)", False, "3", id="keyword"),
        pytest.param("a, *, b", "f(1, 2)", False, None, id="keyword only"),
        pytest.param("a, b=1", "f(1)", False, None, id="left out"),
        pytest.param("a, b", "f(*x, 2)", False, None, id="behind a row"),
        pytest.param("*b", "f(1)", False, None, id="variadic"),
    ],
)
def test_what_a_call_gives_to_a_parameter(
    signature: str, call: str, bound: bool, expected: str | None
) -> None:
    [function, statement] = ast.parse(f"def f({signature}): ...\n{call}").body
    assert isinstance(function, ast.FunctionDef)
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)

    value = statement.value
    given = match(read_given(value.args, value.keywords), function, bound=bound).get("b")

    assert (ast.unparse(given) if given else None) == expected
