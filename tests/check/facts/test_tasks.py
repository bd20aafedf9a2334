import ast

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.tasks import find_tasks
from examples import endpoint, parse

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
