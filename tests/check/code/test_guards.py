import ast

import pytest

from bgtasks.check.code import Guard, exclude_each_other, fill, find_guards
from sources import read_source

HOLDING: dict[str, tuple[str, list[str]]] = {
    "if": ("if a:\n  here", ["a"]),
    "else": ("if a: pass\n else:\n  here", ["not a"]),
    "in the test": ("if here: pass", []),
    "passed": ("if a: return\n here", ["not a"]),
    "passed by the other way": ("if a: pass\n else: return\n here", ["a"]),
    "not left": ("if a: pass\n here", []),
    "assert": ("assert a\n here", ["a"]),
    "not": ("if not a:\n  here", ["not a"]),
    "and": ("if a and b:\n  here", ["a", "b"]),
    "and, not so": ("if a and b: return\n here", []),
    "or, not so": ("if a or b: return\n here", ["not a", "not b"]),
    "while": ("while a:\n  here", ["a"]),
    "chosen": ("c = here if a else b", ["a"]),
    "in a loop": ("for x in a:\n  if b: continue\n  here", ["not b"]),
    "bound again": ("if a is None: a = 1\n if a:\n  here", []),
    "of a function around": ("if a:\n  def inner():\n   here", []),
}


@pytest.mark.parametrize(("body", "expected"), HOLDING.values(), ids=HOLDING)
def test_what_holds_at_a_place(body: str, expected: list[str]) -> None:
    names = read_source(f"def f(a, b):\n {body}")
    [here] = names.loads["here"]

    found = find_guards(here, names)
    assert [f"{'' if each.holds else 'not '}{ast.unparse(each.test)}" for each in found] == expected


TOGETHER = {
    "same": (["a", "a"], False),
    "opposite": (["a", "not a"], True),
    "None and so": (["a is None", "a"], True),
    "None and not so": (["a is None", "not a"], False),
    "not None": (["a is None", "a is not None"], True),
    "other": (["a", "not b"], False),
    "values": (["a == 1", "a == 2"], True),
    "one value": (["a == 1", "a == 1"], False),
    "compared": (["a < 1", "a >= 1"], True),
    "decided": (["False"], True),
    "decided so": (["True"], False),
    "None itself": (["None is None"], False),
    "a value is not None": (["1 is None"], True),
    "a list is not None": (["[a] is None"], True),
}


@pytest.mark.parametrize(("tests", "excluded"), TOGETHER.values(), ids=TOGETHER)
def test_what_cannot_be_together(tests: list[str], excluded: bool) -> None:
    guards = [
        Guard(ast.parse(test.removeprefix("not "), mode="eval").body, holds=not test.startswith("not "))
        for test in tests
    ]

    assert exclude_each_other(guards) is excluded


def test_a_condition_is_filled_with_what_a_call_gives() -> None:
    guard = Guard(ast.parse("a is None and b", mode="eval").body, holds=True)
    given = {"a": ast.Constant(1), "b": ast.Name("c")}

    assert ast.unparse(fill(guard, given).test) == "1 is None and c"
    assert ast.unparse(guard.test) == "a is None and b"
