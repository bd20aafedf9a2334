"""BGT209: tasks are added, and then a condition may raise, which drops them."""

from collections.abc import Iterator

from bgtasks.check.facts.app import App
from bgtasks.check.model import Finding, Rule
from bgtasks.check.rules.dropped_on_raise import ADVICE, find_drops
from bgtasks.check.rules.dropped_on_raise import RULE as DROPPED_ON_RAISE

RULE: Rule = Rule(
    "BGT209",
    "dropped-on-condition",
    "tasks are added, and then something is raised on a condition, which drops them",
    on=False,
)


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that a `raise` behind them drops, where another path goes on.

    Source: that of BGT203. It is off by itself, because it is often meant: a task that undoes
    something, or tells of it, is not wanted where that has failed.
    """
    for drop in find_drops(app):
        if not drop.always:
            message = f"this task is dropped when line {drop.lines[0]} raises; {ADVICE}"
            yield Finding(RULE, drop.place, message, was=DROPPED_ON_RAISE.code)
