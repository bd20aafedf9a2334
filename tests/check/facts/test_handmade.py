import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.handmade import has_tasks
from examples import parse

MADE: dict[str, tuple[str, tuple[str | None, int, int, bool] | None]] = {
    "kept": ("tasks = BackgroundTasks()\ntasks.add_task(send)", ("tasks", 1, 0, True)),
    "annotated": ("tasks: BackgroundTasks = BackgroundTasks()", ("tasks", 0, 0, False)),
    "returned": ("tasks = BackgroundTasks()\ntasks.add_task(send)\nreturn tasks", ("tasks", 1, 1, True)),
    "single": ("task = BackgroundTask(send)\nreturn Response(background=task)", ("task", 0, 1, True)),
    "at once": ("BackgroundTasks().add_task(send)", (None, 1, 0, True)),
    "thrown away": ("BackgroundTask(send)", (None, 0, 0, True)),
    "with a list": ("tasks = BackgroundTasks([send])", ("tasks", 0, 0, True)),
    "seen by locals": ("tasks = BackgroundTasks()\nreturn locals()", ("tasks", 0, 1, False)),
    "bound anew": ("tasks = BackgroundTasks()\ntasks = unknown", None),
    "another class": ("tasks = unknown()\ntasks.add_task(send)", None),
    "in a list": ("return [BackgroundTasks()]", None),
}


@pytest.mark.parametrize(("body", "expected"), MADE.values(), ids=MADE)
def test_what_becomes_of_tasks_that_are_made_by_hand(
    body: str, expected: tuple[str | None, int, int, bool] | None
) -> None:
    source = "def f():\n" + "".join(f"    {line}\n" for line in body.split("\n"))

    found = read_app([parse(source)]).handmade

    assert [(made.name, len(made.adds), len(made.escapes), has_tasks(made)) for made in found] == (
        [] if expected is None else [expected]
    )


def test_what_a_module_binds_may_be_used_anywhere() -> None:
    assert read_app([parse("tasks = BackgroundTasks()\ntasks.add_task(send)")]).handmade == []
