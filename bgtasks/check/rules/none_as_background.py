"""BGT205: `background=tasks.add_task(...)` gives the response None."""

from collections.abc import Iterator

from bgtasks.check.code import spell
from bgtasks.check.facts.app import App
from bgtasks.check.facts.handmade import is_background
from bgtasks.check.facts.sites import place_of
from bgtasks.check.model import Finding, Rule
from bgtasks.wording import Pitfall, describe

RULE: Rule = Rule(
    "BGT205", "none-as-background", "a response gets the None of add_task in place of the tasks"
)


def find(app: App) -> Iterator[Finding]:
    """Nothing is reported of injected tasks: FastAPI attaches them where the background is None."""
    for made in app.handmade:
        for add in made.adds:
            if not made.escapes and is_background(add, made.names):
                advice = f"add the task before, then write background={made.name or 'tasks'}"
                message = describe(Pitfall.NONE, f'"{spell(add)}"', advice)
                yield Finding(RULE, place_of(made.names.module, add), message)
