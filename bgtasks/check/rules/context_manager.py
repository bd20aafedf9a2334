"""BGT302: a context manager that nothing enters."""

from collections.abc import Iterator

from bgtasks.check.facts.app import App
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule
from bgtasks.wording import Pitfall

RULE: Rule = Rule("BGT302", "context-manager", "a context manager that nothing enters", AS_A_WHOLE)


def find(app: App) -> Iterator[Finding]:
    """Source: `BackgroundTask.__call__` awaits an `async def` and calls all else in a worker thread."""
    for judged in app.judged:
        if judged.pitfall in {Pitfall.CONTEXT_MANAGER, Pitfall.ASYNC_CONTEXT_MANAGER}:
            yield Finding(RULE, judged.place, judged.message)
