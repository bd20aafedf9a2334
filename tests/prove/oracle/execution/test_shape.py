import inspect
from collections.abc import Callable
from typing import Any

import pytest

from bgtasks.prove.oracle.execution.shape import MISSING, bind, kind_of


def send(
    to: str, body: str = "", /, copies: int = 1, *rest: int, cc: str, bcc: str = "", **more: int
) -> None:
    raise AssertionError((to, body, copies, rest, cc, bcc, more))


def plain(to: str, *, body: str) -> None:
    raise AssertionError((to, body))


def flat(to: str) -> None:
    raise AssertionError(to)


def test_each_parameter_has_its_value() -> None:
    assert bind(inspect.signature(send), ("a", "b", 2, 3, 4), {"cc": "c", "x": 5}) == {
        "to": "a",
        "body": "b",
        "copies": 2,
        "rest": (3, 4),
        "cc": "c",
        "bcc": MISSING,
        "more": {"x": 5},
    }


# An argument for **more that bears the name of a positional-only parameter: python/cpython#130164.
def test_a_name_that_is_positional_only_may_be_a_key() -> None:
    assert bind(inspect.signature(send), ("a",), {"cc": "c", "body": 1})["more"] == {"body": 1}


@pytest.mark.parametrize(
    ("func", "args", "kwargs", "kind"),
    [
        pytest.param(send, (), {"cc": "c"}, "missing-argument", id="positional"),
        pytest.param(send, ("a",), {}, "missing-argument", id="by name"),
        pytest.param(plain, ("a", "b"), {}, "too-many-positional", id="too many"),
        pytest.param(plain, ("a",), {"body": "b", "x": 1}, "unknown-keyword", id="unknown"),
        pytest.param(flat, ("a",), {"to": "b"}, "multiple-values", id="twice"),
        pytest.param(len, (), {"obj": "a"}, "positional-only-as-keyword", id="positional only"),
    ],
)
def test_python_says_what_is_wrong(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], kind: str
) -> None:
    with pytest.raises(TypeError) as caught:
        bind(inspect.signature(func), args, kwargs)
    assert kind_of(caught.value) == kind
