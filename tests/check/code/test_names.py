import ast

import pytest

from bgtasks.check.code.names import DEEPEST, Assignment, Import, Names, guarded, without_fallbacks
from sources import read_source

ASKED: list[int] = []


@guarded
def count_down(number: int, names: Names) -> int | None:
    """Count how deep it can ask itself about smaller numbers; 0 asks about itself."""
    ASKED.append(number)
    below = count_down(max(number - 1, 0), names)
    return 1 if below is None else below + 1


def test_a_question_that_comes_up_again_has_no_answer() -> None:
    names = read_source("")

    assert count_down(3, names) == 4
    assert names.project.asked == set()


def test_questions_do_not_wait_for_each_other_without_end() -> None:
    names = read_source("")

    assert count_down(10 * DEEPEST, names) == DEEPEST


def test_a_question_that_fails_is_no_longer_asked() -> None:
    names = read_source("")

    @guarded
    def fail(_: str, __: Names) -> None:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail("a", names)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("try:\n    import a\nexcept ImportError:\n    a = None", [Import("a")], id="import"),
        pytest.param("a = None", [Assignment], id="None alone"),
        pytest.param("a = 1\na = 2", [Assignment, Assignment], id="two values"),
        pytest.param("@overload\ndef a(): ...\ndef a(): ...", [ast.FunctionDef], id="overload"),
    ],
)
def test_fallbacks_do_not_count(source: str, expected: list[object]) -> None:
    found = without_fallbacks(read_source(source).top.bindings["a"])

    assert [each if each in expected else type(each) for each in found] == expected


def test_the_uses_of_a_name_are_those_of_its_scope() -> None:
    names = read_source("x = 1\nx\ndef f(x):\n    x\n    def g():\n        x\nclass A:\n    x = 2\n    x\n")
    [function] = [node for node in names.functions if node.name == "f"]

    assert [node.lineno for node in names.uses("x", names.top)] == [2]
    assert [node.lineno for node in names.uses("x", names.within[function])] == [4, 6]


def test_what_stands_around_a_node_comes_from_the_inside_out() -> None:
    names = read_source("class A:\n    def f(self):\n        lambda: x\n")
    [use] = names.loads["x"]

    assert [type(node) for node in names.above(use)] == [
        ast.Lambda, ast.Expr, ast.FunctionDef, ast.ClassDef, ast.Module,
    ]  # fmt: skip
    assert isinstance(names.enclosing(use), ast.Lambda)
