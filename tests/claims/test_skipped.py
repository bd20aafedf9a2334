from pathlib import Path

import pytest

from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.model import Case


def read(source: str) -> Case:
    return read_case(Path("case.py"), Path("case.py"), source, frozenset({"mypy"}))


@pytest.mark.parametrize(
    "statement",
    [
        "a and f(1)",
        "f(1) if a else None",
        "x = lambda: a or f(1)",
        "[f(x) if x else 1 for x in y]",
        "assert a, f(1)",
        "while a and f(1): pass",
        'x = sys.platform == "win32" and 1 + ""',
        "x = a if TYPE_CHECKING else b.c",
        "x = 1 if a else b if sys.version_info < (3, 5) else c",
        "x = False and not a",
        "[f(x) for x in y if False]",
        "[1 for x in y if typing.TYPE_CHECKING for z in f(x)]",
        '{x: f(x) for x in y if sys.platform == "win32"}',
        "x: Annotated[int, f(1)] = 1",
        "def g(x: typing.Annotated[int, 1, f(1)]): pass",
        "class A(metaclass=M, x=f(1)): pass",
        'x = namedtuple("x", "a", defaults=[f(1)])',
        'x = enum.Enum("x", {"a": f(1)})',
    ],
)
def test_an_accept_of_what_may_be_skipped_is_refused(statement: str) -> None:
    with pytest.raises(CaseError, match=r"case.py:2: this may be skipped, so that OK says nothing of it"):
        read(f"a = y = 0\n{statement}  # OK\n")


@pytest.mark.parametrize(
    "statement",
    [
        "f(lambda: g(1))",
        "[g(x) for x in y]",
        "[g(x) for x in y if x]",
        "f(a if b else c)",
        "x = a.b if a else None",
        "x = a is not None and a.b > 1",
        "x = 1 if sys.platform == 'win32' else 2",
        "x: Annotated[int, 'a'] = f(1)",
        "class A(B, x=f(1)): pass",
        "class A(Enum): x = f(1)",
        "x = namedtuple('x', 'a')",
    ],
)
def test_an_accept_of_what_is_looked_at_is_not_refused(statement: str) -> None:
    assert len(read(f"{statement}  # OK\n").claims) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "a and assert_type(1, str)",
        "typing.assert_type(1, str) if a else None",
        "typed(1, str) if a else None",
        "assert a, assert_type(1, str)",
        "[assert_type(1, str) for x in a if False]",
    ],
)
def test_an_assert_type_that_may_be_skipped_is_refused(statement: str) -> None:
    with pytest.raises(CaseError, match=r"case.py:2: this may be skipped, so that assert_type says nothing"):
        read(f"from typing import assert_type as typed\n{statement}\n")


@pytest.mark.parametrize("value", ["a or f(1)", "f(1) if a else None", "[x for x in a if False]"])
def test_an_assert_type_of_what_may_be_skipped_is_not_refused(value: str) -> None:
    assert len(read(f"assert_type({value}, int)\n").claims) == 1
