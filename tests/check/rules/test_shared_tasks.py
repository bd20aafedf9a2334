"""BGT214: what breaks the rule, and what is left alone."""

from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.check.rules import find_violations
from bgtasks.check.rules.shared_tasks import RULE
from examples import codes_of, parse

INVALID = {
    "module": """
        tasks = BackgroundTasks()
        def f(n):
            tasks.add_task(send, n)
            return JSONResponse({}, background=tasks)
    """,
    "annotated": """
        tasks: BackgroundTasks = BackgroundTasks()
        def f(n):
            tasks.add_task(send, n)
            response = JSONResponse({})
            response.background = tasks
            return response
    """,
    "in two functions": """
        tasks = BackgroundTasks()
        def add(n): tasks.add_task(send, n)
        def f(n): return JSONResponse({}, background=tasks)
    """,
    "class": """
        class View:
            tasks = BackgroundTasks()
            def get(self, n):
                self.tasks.add_task(send, n)
                return JSONResponse({}, background=self.tasks)
    """,
    "class by name": """
        class View:
            tasks = BackgroundTasks()
        def f(n):
            View.tasks.add_task(send, n)
            return JSONResponse({}, background=View.tasks)
    """,
}
VALID = {
    "only the module adds": """
        tasks = BackgroundTasks()
        tasks.add_task(send)
        def f(n): return JSONResponse({}, background=tasks)
    """,
    "never given": """
        tasks = BackgroundTasks()
        def f(n): tasks.add_task(send, n)
    """,
    "another one": """
        tasks = BackgroundTasks()
        def f(tasks: BackgroundTasks):
            tasks.add_task(send)
            return JSONResponse({}, background=tasks)
    """,
    "of an object": """
        class View:
            def __init__(self): self.tasks = BackgroundTasks()
            def get(self, n):
                self.tasks.add_task(send, n)
                return JSONResponse({}, background=self.tasks)
    """,
    "single": """
        task = BackgroundTask(send)
        def f(n): return JSONResponse({}, background=task)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert codes_of(source) == [RULE.code]


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []


def test_tasks_are_shared_across_files(tmp_path: Path) -> None:
    shared = parse("tasks = BackgroundTasks()", "shared")
    use = parse(
        "from shared import tasks as later\ndef f(n):\n    later.add_task(send, n)\n"
        "    return JSONResponse({}, background=later)",
        "use",
    )
    modules = [Module(tmp_path / each.path, each.name, each.source, each.tree) for each in (shared, use)]
    for module in modules:
        module.path.write_text(module.source)

    [finding] = find_violations(read_app(modules))

    assert (finding.rule, finding.place.path.name) == (RULE, "shared.py")
