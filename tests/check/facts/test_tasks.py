import ast

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.tasks import argument_of, find_callee, find_tasks
from examples import HEAD, endpoint, parse
from sources import last_expression, read_source

WRITTEN: dict[str, tuple[str, list[str]]] = {
    "add_task": (endpoint("tasks.add_task(send, 1)"), ["send"]),
    "BackgroundTask": ("BackgroundTask(send, 1)", ["send"]),
    "by keyword": (endpoint("tasks.add_task(func=send)"), ["send"]),
    "in a row": (endpoint("tasks.add_task(*pair)"), []),
    "not plain": (
        "class T(BackgroundTasks):\n    def add_task(self, f): ...\ndef f(t: T): t.add_task(send)",
        [],
    ),
    "handed on": (
        "def later(tasks: BackgroundTasks, func): tasks.add_task(func)\n" + endpoint("later(tasks, send)"),
        ["func", "send"],
    ),
    "handed to a method": (
        "class A:\n def do(self, func, t: BackgroundTasks): t.add_task(func)\ndef f(a: A): a.do(send, 1)",
        ["func", "send"],
    ),
    "handed to what is bound anew": (
        "def later(tasks: BackgroundTasks, func):\n    func = unknown\n    tasks.add_task(func)\n"
        + endpoint("later(tasks, send)"),
        ["func"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_where_tasks_are_written(source: str, expected: list[str]) -> None:
    app = read_app([parse(source)])

    assert [ast.unparse(task.expression) for task in find_tasks(app.sites, app.modules)] == expected


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

    given = argument_of(statement.value, function, "b", bound=bound)

    assert (ast.unparse(given) if given else None) == expected
