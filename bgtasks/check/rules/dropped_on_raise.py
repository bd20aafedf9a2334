"""BGT203: tasks are added on a path on which the function then raises."""

import ast
from collections.abc import Iterable, Iterator

from bgtasks.check.code import End, Way, find_ends
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tracking import ESCAPE, added_by, follow, handmade_tasks, injected_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT203", "dropped-on-raise", "tasks are added, and then an exception drops them")


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that an exception drops.

    Tasks go with the response that they are attached to, and an exception is answered by another.
    Source: <https://www.starlette.io/exceptions/>, and the runs that docs/rules/BGT203.md tells of.
    """
    for tracked in [*injected_tasks(app), *handmade_tasks(app)]:
        adds = added_by(tracked)
        if not adds or tracked.is_generator:
            continue
        ends = find_ends(tracked.function, tracked.names, follow(tracked))
        for add in adds:
            dropped = find_raise(add, ends)
            if dropped is not None:
                message = f"this task is dropped, because line {dropped.lineno} raises; "
                advice = "add it where nothing is raised any more, or return a response that has it"
                yield Finding(RULE, place_of(tracked.names.module, add), message + advice)


def find_raise(add: ast.Call, ends: Iterable[End]) -> ast.Raise | None:
    """
    Return the first `raise` that surely drops the task of `add`.

    It is sure where all that add the task come to a `raise`, or all that come to that `raise` have
    added the task: no condition on the way can then keep the two apart.
    """
    after = [end for end in ends if add in end.state]
    raises = {end.node for end in after if isinstance(end.node, ast.Raise) and drops(end)}
    if not all(drops(end) for end in after):
        reached = {node: [end for end in ends if end.node is node] for node in raises}
        raises = {node for node in raises if all(add in end.state and drops(end) for end in reached[node])}
    return min(raises, key=lambda node: node.lineno, default=None)


def drops(end: End) -> bool:
    return end.way is Way.RAISE and ESCAPE not in end.state
