import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgtasks.check.code.syntax import children_of, is_name, last_name, own_nodes, read_parameters, spell


def parse(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


SPELLED = {
    "name": ("a", "a", "a", True),
    "dotted": ("a.b.c", "a.b.c", "c", True),
    "call": ("a.b(1)", "a.b", "", False),
    "awaited call": ("await_.f()", "await_.f", "", False),
    "method of a result": ("f(1).g", "f.g", "g", False),
    "subscript": ("a[1]", "function", "", False),
    "method of a subscript": ("a[1].b", "function.b", "b", False),
    "lambda": ("lambda: 1", "function", "", False),
}


@pytest.mark.parametrize(("source", "spelled", "last", "name"), SPELLED.values(), ids=SPELLED)
def test_how_an_expression_is_spelled(source: str, spelled: str, last: str, name: bool) -> None:
    node = parse(source)

    assert (spell(node), last_name(node), is_name(node)) == (spelled, last, name)


def test_parameters_come_with_their_defaults_and_the_variadics_last() -> None:
    [function] = ast.parse("def f(a, /, b=1, *args, c, d=2, **kwargs): ...").body
    assert isinstance(function, ast.FunctionDef)

    assert [
        (each.node.arg, each.default and ast.unparse(each.default)) for each in read_parameters(function)
    ] == [("a", None), ("b", "1"), ("c", None), ("d", "2"), ("args", None), ("kwargs", None)]


def test_what_stands_in_an_inner_function_is_not_its_own() -> None:
    [function] = ast.parse(
        "def f():\n    a\n    def g(): b\n    lambda: c\n    class D: d\n    return e"
    ).body
    assert isinstance(function, ast.FunctionDef)

    assert {node.id for node in own_nodes(function) if isinstance(node, ast.Name)} == {"a", "e"}


STATEMENTS = ("a = b.c", "a, *b = c[d:e]", "if a: b(c, d=e)", "x = lambda y=1: y < -z", "for a in b: a += 1")


@given(st.lists(st.sampled_from(STATEMENTS), min_size=1).map("\n".join))
def test_the_children_are_those_of_python_but_for_what_nodes_share(source: str) -> None:
    shared = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)

    for node in ast.walk(ast.parse(source)):
        children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, shared)]
        assert children_of(node) == children
