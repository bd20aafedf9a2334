"""BGT205: `background=tasks.add_task(...)` gives the response None."""

import ast
from collections.abc import Iterator

from bgtasks.check.code.names import Names
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT205", "none-as-background", "a response gets the None of add_task in place of the tasks"
)


def find(app: App) -> Iterator[Finding]:
    """Nothing is reported of injected tasks: FastAPI attaches them where the background is None."""
    for made in app.handmade:
        for add in made.adds:
            if not made.escapes and is_background(add, made.names):
                message = "add_task returns None, so the response has no background and nothing runs; "
                advice = f"add the task before, then write background={made.name or 'tasks'}"
                yield Finding(RULE, place_of(made.names.module, add), message + advice)


def is_background(add: ast.Call, names: Names) -> bool:
    """Tell whether the result of a call is given to a response as its background."""
    match names.parents[add]:
        case ast.keyword(arg="background"):
            return True
        case ast.Assign(targets=[ast.Attribute(attr="background")]):
            return True
        case _:
            return False
