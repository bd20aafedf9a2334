import ast

import pytest

from bgtasks.check.code import find_ends
from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.tracking import ESCAPE, added_by, adds_in, follow, handmade_tasks, injected_tasks
from examples import endpoint, parse

HANDMADE = "def f():\n tasks = BackgroundTasks()\n tasks.add_task(send)\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(endpoint("..."), ["tasks"], id="injected"),
        pytest.param(endpoint("tasks = unknown"), [], id="bound anew"),
        pytest.param(endpoint("...", decorator="@app.get('/')\n@unknown"), [], id="decorated"),
        pytest.param("def f(tasks: BackgroundTasks): ...", [], id="not called by FastAPI"),
        pytest.param(f"{HANDMADE} return tasks", ["tasks"], id="made and handed to something"),
        pytest.param(HANDMADE, [], id="made and kept"),
    ],
)
def test_which_tasks_are_followed(source: str, expected: list[str]) -> None:
    app = read_app([parse(source)])

    assert [tracked.name for tracked in (*injected_tasks(app), *handmade_tasks(app))] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("tasks.add_task(send)", [(1, False)], id="added"),
        pytest.param("if x:\n    tasks.add_task(send)", [(0, False), (1, False)], id="perhaps added"),
        pytest.param("tasks.add_task(send)\nunknown(tasks)", [(1, True)], id="handed on"),
        pytest.param("x = tasks.add_task(send)", [(0, True)], id="result kept"),
        pytest.param("def g(): tasks.add_task(send)", [(0, True)], id="added by a closure"),
    ],
)
def test_what_is_noted_on_the_way(body: str, expected: list[tuple[int, bool]]) -> None:
    [tracked] = injected_tasks(read_app([parse(endpoint(body))]))

    ends = find_ends(tracked.function, tracked.names, follow(tracked))

    assert sorted((len(adds_in(end.state)), ESCAPE in end.state) for end in ends) == expected


def test_adds_come_from_the_top_down_and_from_the_function_itself() -> None:
    body = "tasks.add_task(send, 1)\ndef g(): tasks.add_task(send, 2)\ntasks.add_task(send, 3)"
    [tracked] = injected_tasks(read_app([parse(endpoint(body))]))

    assert [ast.unparse(call.args[1]) for call in added_by(tracked)] == ["1", "3"]
