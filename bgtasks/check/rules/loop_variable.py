"""BGT311: tasks that are added in a loop all see its last value."""

from collections.abc import Iterator

from bgtasks.check.code import FUNCTION
from bgtasks.check.facts.app import App
from bgtasks.check.facts.loops import find_loop
from bgtasks.check.facts.reaches import reached_by
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.uses import runs_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT311", "loop-variable", "a lambda or an inner function that sees the loop's last value")


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that look up a name of a loop when they run, which is behind the loop.

    Source: <https://docs.python.org/3/faq/programming.html#why-do-lambdas-defined-in-a-loop-with-different-values-all-return-the-same-result>.
    """
    for task in app.tasks:
        for reach in reached_by(task):
            around = reach.names.enclosing(reach.call)
            if not reach.late or (isinstance(around, FUNCTION) and runs_tasks(around, reach.names)):
                continue
            if find_loop(reach.name, reach.call, reach.names) is not None:
                name = reach.name.id
                message = f'"{name}" is looked up when the task runs, and is the last one of the loop then; '
                advice = f'give the task "{name}" as an argument'
                yield Finding(RULE, place_of(reach.names.module, reach.written), message + advice)
