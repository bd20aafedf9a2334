import ast

import pytest

from bgtasks.check.code.classes import class_of, owner_of
from sources import last_expression, read_source, spell_found

CLASSES = {
    "call": ("class A: ...\nA()", "app.py: A"),
    "call of what is imported": ("from x import A\nA()", "x.A"),
    "name": ("class A: ...\na = A()\na", "app.py: A"),
    "parameter": ("class A: ...\ndef f(a: A):\n    a", "app.py: A"),
    "annotated name": ("class A: ...\na: A = make()\na", "app.py: A"),
    "returned": ("class A: ...\ndef make() -> A: ...\nmake()", "app.py: A"),
    "perhaps returned": ("class A: ...\ndef make() -> A | None: ...\nmake()", "unknown"),
    "returned behind a decorator": ("class A: ...\n@d\ndef make() -> A: ...\nmake()", "unknown"),
    "either": ("class A: ...\n(A() or A())", "app.py: A"),
    "one or the other": ("class A: ...\nclass B: ...\n(A() or B())", "unknown"),
    "bound to two": ("class A: ...\nclass B: ...\na = A()\na = B()\na", "unknown"),
    "None at first": ("class A: ...\na = None\na = A()\na", "app.py: A"),
    "walrus": ("class A: ...\n(a := A())", "app.py: A"),
    "of its attribute": ("class A: ...\nclass B:\n    a = A()\nB().a", "app.py: A"),
    "set in a method": (
        "class A: ...\nclass B:\n    def __init__(self):\n        self.a = A()\nB().a",
        "app.py: A",
    ),
    "annotated in a method": (
        "class A: ...\nclass B:\n    def f(self):\n        self.a: A = x\n        self.a = None\nB().a",
        "app.py: A",
    ),
    "inherited": ("class A: ...\nclass B:\n    a = A()\nclass C(B): ...\nC().a", "app.py: A"),
    "in a circle": ("a = a or a\na", "unknown"),
    "inherited in a circle": ("class A(B): ...\nclass B(A): ...\nA().x", "unknown"),
    "literal": ("1", "unknown"),
}


@pytest.mark.parametrize(("source", "expected"), CLASSES.values(), ids=CLASSES)
def test_of_which_class_a_value_surely_is(source: str, expected: str) -> None:
    names = read_source(source)

    assert spell_found(class_of(last_expression(names), names)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("class A:\n    def f(self):\n        self", "app.py: A", id="method"),
        pytest.param("class A:\n    def f(this, /):\n        this", "app.py: A", id="positional only"),
        pytest.param("class A:\n    def f(self, other):\n        other", "unknown", id="second parameter"),
        pytest.param("def f(self):\n    self", "unknown", id="function"),
    ],
)
def test_the_first_parameter_of_a_method_is_its_owner(source: str, expected: str) -> None:
    names = read_source(source)
    receiver = last_expression(names)
    assert isinstance(receiver, ast.Name)

    assert spell_found(owner_of(receiver, names)) == expected
