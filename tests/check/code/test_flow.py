"""The ends of paths, held against what really happens when the functions run."""

import ast
import random
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgtasks.check.code.flow import End, State, Way, find_ends
from sources import read_source

FAILING = """
def fail():
    raise KeyError
def below():
    return fail()
"""
HEAD = f"""
from contextlib import contextmanager
from somewhere import unknown
@contextmanager
def plain():
    yield
{FAILING}
async def wait():
    raise KeyError
def either(x):
    if x:
        raise KeyError
    else:
        raise ValueError
def perhaps(x):
    if x:
        raise KeyError
def todo():
    raise NotImplementedError
def rows():
    yield 1
    raise KeyError
@unknown
def decorated():
    raise KeyError
def again():
    return again()
"""


def note_marks(state: State, node: ast.AST) -> State:
    """Note each `mark(number)` that is evaluated."""
    calls = [
        each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    ]
    return state | {ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "mark"}


def ends_of(body: str) -> frozenset[End]:
    names = read_source(f"{HEAD}def f(x):\n" + "".join(f"    {line}\n" for line in body.split("\n")))
    function = names.module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    return find_ends(function, names, note_marks)


def spelled(body: str) -> set[str]:
    return {
        f"{''.join(map(str, sorted(map(str, end.state))))} {end.way.value}".strip() for end in ends_of(body)
    }


ENDS = {
    "straight": ("mark(1)", {"1 return"}),
    "branches": ("if x:\n    mark(1)\n    return\nmark(2)\nraise E", {"1 return", "2 raise"}),
    "behind a return": ("return\nmark(1)", {"return"}),
    "loop": ("for a in x:\n    mark(1)", {"return", "1 return"}),
    "endless loop": ("while True:\n    mark(1)\n    if x:\n        break", {"1 return"}),
    "loop without an end": ("while True:\n    mark(1)", set[str]()),
    "else of a loop": ("for a in x:\n    break\nelse:\n    mark(1)", {"return", "1 return"}),
    "caught": ("try:\n    raise ValueError\nexcept ValueError:\n    mark(1)", {"1 return"}),
    "not caught": ("try:\n    raise KeyError\nexcept ValueError:\n    mark(1)", {"raise", "1 return"}),
    "perhaps caught": (
        "try:\n    raise unknown()\nexcept ValueError:\n    mark(1)",
        {"caught perhaps", "1 return"},
    ),
    "finally": ("try:\n    raise KeyError\nfinally:\n    mark(1)", {"1 raise"}),
    "finally that returns": ("try:\n    raise KeyError\nfinally:\n    return mark(1)", {"1 return"}),
    "under what may swallow": ("with unknown():\n    raise KeyError", {"return", "caught perhaps"}),
    "under what lets through": ("with plain():\n    raise KeyError", {"raise"}),
    "a call that raises": ("mark(1)\nfail()\nmark(2)", {"1 raise"}),
    "a call that raises, below": ("return below()", {"raise"}),
    "a call that raises, awaited": ("y = await wait()", {"raise"}),
    "a coroutine that nobody awaits": ("wait()", {"return"}),
    "a call that may raise": ("perhaps(x)", {"return"}),
    "a call of what is not written": ("todo()", {"return"}),
    "a call of a generator": ("rows()", {"return"}),
    "a call behind a decorator": ("decorated()", {"return"}),
    "a call without an end": ("again()", {"return"}),
    "a call in a condition": ("x and fail()", {"return"}),
    "caught from a call": ("try:\n    fail()\nexcept KeyError:\n    mark(1)", {"1 return"}),
    "not caught from a call": ("try:\n    fail()\nexcept ValueError:\n    mark(1)", {"raise", "1 return"}),
    "one of two caught from a call": (
        "try:\n    either(x)\nexcept ValueError:\n    mark(1)",
        {"caught perhaps", "1 return"},
    ),
    "match": ("match x:\n    case 1:\n        mark(1)\n    case _:\n        return", {"return", "1 return"}),
}


@pytest.mark.parametrize(("body", "expected"), ENDS.values(), ids=ENDS)
def test_how_the_paths_end(body: str, expected: set[str]) -> None:
    assert spelled(body) == expected


def test_too_many_paths_are_not_followed() -> None:
    assert ends_of("\n".join(f"if x: mark({number})" for number in range(9))) == frozenset()
    assert len(ends_of("\n".join(f"if x: mark({number})" for number in range(7)))) == 2**7


class Lines:
    """Draws the lines of blocks, each `mark` with a number of its own."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.marks = 0

    def block(self, depth: int, *, looping: bool) -> list[str]:
        return [line for _ in range(self.draw(st.integers(1, 2))) for line in self.statement(depth, looping)]

    def statement(self, depth: int, looping: bool) -> Iterator[str]:
        self.marks += 1
        simple = [f"mark({self.marks})", "return", "raise ValueError", "raise KeyError", "fail()", "below()"]
        simple += ["break", "continue"] if looping else []
        heads = [["if choose():", "else:"], ["while choose():", "else:"], ["with plain():"]]
        heads += [["try:", "except ValueError:"], ["try:", "except ValueError:", "else:", "finally:"]]
        compound = self.draw(st.sampled_from([None, *heads] if depth else [None]))
        if compound is None:
            yield self.draw(st.sampled_from([simple[0], *simple]))
            return
        for head in compound:
            inside = looping or head == "while choose():"
            yield head
            yield from (
                f"    {line}" for line in self.block(depth - 1, looping=inside and head != "finally:")
            )


@st.composite
def bodies(draw: st.DrawFn) -> str:
    return "\n".join(Lines(draw).block(3, looping=False))


@contextmanager
def plain() -> Generator[None, None, None]:
    yield


def run(body: str, seed: int) -> tuple[frozenset[int], Way]:
    """Run a function with this body; tell what it marked and how it ended."""
    marked: set[int] = set()
    chance = random.Random(seed)
    steps = iter(range(50))

    def choose() -> bool:
        return next(steps, None) is not None and chance.random() < 0.6

    scope: dict[str, Any] = {"mark": marked.add, "choose": choose, "plain": plain}
    exec(FAILING, scope)
    exec("def f():\n" + "".join(f"    {line}\n" for line in body.split("\n")), scope)
    try:
        scope["f"]()
    except (ValueError, KeyError):
        return frozenset(marked), Way.RAISE
    return frozenset(marked), Way.RETURN


@given(bodies(), st.integers(0, 1000))
def test_what_happens_is_among_the_ends(body: str, seed: int) -> None:
    ends = ends_of(body)
    if not ends:
        return  # too many, or none

    happened = run(body, seed)

    assert happened in {
        (each.state, Way.RAISE if each.way is Way.CAUGHT_PERHAPS else each.way) for each in ends
    }
