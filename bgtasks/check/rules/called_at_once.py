"""BGT305: a function that is called in place of being added."""

from collections.abc import Iterator

from bgtasks.check.facts.app import App
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule
from bgtasks.wording import Pitfall

RULE: Rule = Rule("BGT305", "called-at-once", "a function that is called in place of being added", AS_A_WHOLE)


def find(app: App) -> Iterator[Finding]:
    """Source: `BackgroundTask.__call__` awaits an `async def` and calls all else in a worker thread."""
    for judged in app.judged:
        if judged.pitfall in {Pitfall.CALLED, Pitfall.COROUTINE}:
            yield Finding(RULE, judged.place, judged.message)
