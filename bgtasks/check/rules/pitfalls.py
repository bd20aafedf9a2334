"""BGT301 to BGT305: tasks that do nothing in the background, which docs/mypy-plugin.md tells of as well."""

from collections.abc import Iterator, Mapping

from bgtasks.check.facts.app import App
from bgtasks.check.facts.pitfalls import Pitfall, judge_task
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tasks import find_tasks
from bgtasks.check.model import Finding, Rule

BY_PITFALL: Mapping[Pitfall, Rule] = {
    Pitfall.GENERATOR: Rule("BGT301", "generator-function", "a generator function, so nothing in it runs"),
    Pitfall.CONTEXT_MANAGER: Rule("BGT302", "context-manager", "a context manager that nothing enters"),
    Pitfall.UNAWAITED: Rule("BGT303", "unawaited", "a plain function that returns a coroutine"),
    Pitfall.NEEDS_LOOP: Rule("BGT304", "needs-event-loop", "a function that fails outside the event loop"),
    Pitfall.CALLED: Rule("BGT305", "called-at-once", "a function that is called in place of being added"),
}


def find(app: App) -> Iterator[Finding]:
    """Source: `BackgroundTask.__call__` awaits an `async def` and calls all else in a worker thread."""
    for task in find_tasks(app.sites, app.modules, app.project):
        judged = judge_task(task.expression, task.names, app.project)
        if judged is not None:
            pitfall, message = judged
            yield Finding(BY_PITFALL[pitfall], place_of(task.names.module, task.expression), message)
