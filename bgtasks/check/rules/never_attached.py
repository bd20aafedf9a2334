"""BGT201: a hand-made `BackgroundTasks()` gets tasks and reaches no response."""

import ast
from collections.abc import Iterator

from bgtasks.check.facts.app import App
from bgtasks.check.facts.handmade import Handmade, has_tasks, is_background
from bgtasks.check.facts.sites import place_of
from bgtasks.check.model import Finding, Rule
from bgtasks.files import is_test

RULE: Rule = Rule("BGT201", "never-attached", "tasks made by hand reach no response, so none of them runs")


def find(app: App) -> Iterator[Finding]:
    """Source: <https://www.starlette.io/background/>: a response runs its own `background` only."""
    for made in app.handmade:
        if made.escapes or not has_tasks(made):
            continue
        if any(is_background(add, made.names) for add in made.adds):
            continue  # BGT205 tells where they were to go
        if is_of_test(made) and all(not_its_own(add) for add in made.adds):
            continue  # a test calls what adds tasks, and has no use for them
        message = f"{what(made.name)} reaches no response, so nothing in it runs; "
        advice = "give it to the response as background=, or take the tasks that FastAPI injects"
        yield Finding(RULE, place_of(made.names.module, made.call), message + advice)


def is_of_test(made: Handmade) -> bool:
    named: str = getattr(made.names.enclosing(made.call), "name", "")
    return is_test(made.names.module.path) or named.startswith("test")


def not_its_own(add: ast.Call) -> bool:
    """Tell whether a call adds by another function."""
    return not (isinstance(add.func, ast.Attribute) and add.func.attr == "add_task")


def what(name: str | None) -> str:
    return f'"{name}"' if name else "This object"
