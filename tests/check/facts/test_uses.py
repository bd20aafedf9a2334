"""What functions do with the tasks that they get."""

import ast

import pytest

from bgtasks.check.code import read_parameters
from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.uses import find_adds, only_adds
from examples import parse

USES: dict[str, tuple[str, bool, int]] = {
    "adds": ("t.add_task(send)", True, 1),
    "nothing": ("...", True, 0),
    "asks": ("if t is not None and t: t.add_task(send)", True, 1),
    "hands on": ("other(t, 1)", True, 1),
    "hands on by name": ("other(x=1, t=t)", True, 1),
    "hands on to one that keeps": ("keeps(t)", False, 0),
    "hands on to what is not known": ("unknown(t)", False, 0),
    "itself": ("f(t)\nt.add_task(send)", False, 1),
    "returns": ("t.add_task(send)\nreturn t", False, 1),
    "attaches": ("t.add_task(send)\nreturn JSONResponse({}, background=t)", False, 1),
    "runs": ("t.add_task(send)\nt()", False, 1),
    "looks into it": ("t.tasks.append(1)", False, 0),
    "another name": ("u = t\nu.add_task(send)", False, 0),
    "bound anew": ("t = unknown\nt.add_task(send)", False, 1),
    "closure": ("def g(): t.add_task(send)\nreturn g", True, 1),
    "locals": ("t.add_task(send)\nreturn locals()", False, 1),
    "method": ("A().plan(t)", True, 1),
    "method that is replaced": ("B().plan(t)", False, 0),
    "decorated": ("decorated(t)", False, 0),
    "constructor": ("Adds(t)", True, 1),
    "constructor that keeps": ("Keeps(t)", False, 0),
}
OTHERS = """
def other(t, x): t.add_task(send, x)
def keeps(t): unknown.append(t)
@unknown
def decorated(t): t.add_task(send)
class A:
    def plan(self, t): t.add_task(send)
class B:
    def plan(self, t): t.add_task(send)
class C(B):
    def plan(self, t): unknown(t)
class Adds:
    def __init__(self, t): t.add_task(send)
class Keeps:
    def __init__(self, t): self.t = t
"""


@pytest.mark.parametrize(("body", "only", "count"), USES.values(), ids=USES)
def test_what_a_function_does_with_its_tasks(body: str, only: bool, count: int) -> None:
    source = OTHERS + "def f(t):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    [names] = read_app([parse(source)]).modules
    function = names.module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    [parameter] = read_parameters(function)

    assert bool(only_adds(parameter, names)) is only
    assert len(find_adds(parameter, names) or ()) == count
