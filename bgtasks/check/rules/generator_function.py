"""BGT301: a generator function, so nothing in it runs."""

from collections.abc import Iterator

from bgtasks.check.facts.app import App
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule
from bgtasks.wording import Pitfall

RULE: Rule = Rule("BGT301", "generator-function", "a generator function, so nothing in it runs", AS_A_WHOLE)


def find(app: App) -> Iterator[Finding]:
    """Source: `BackgroundTask.__call__` awaits an `async def` and calls all else in a worker thread."""
    for judged in app.judged:
        if judged.pitfall in {Pitfall.GENERATOR, Pitfall.ASYNC_GENERATOR}:
            yield Finding(RULE, judged.place, judged.message)
