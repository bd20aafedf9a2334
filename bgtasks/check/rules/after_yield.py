"""BGT207: tasks added after the `yield` of a dependency."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import State, find_ends, own_nodes
from bgtasks.check.facts.app import App
from bgtasks.check.facts.released import ENDS_AFTER
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tracking import Tracked, added_by, follow, injected_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT207", "after-yield", "a task is added after a dependency's yield, when the tasks have run"
)


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that come too late, by the version of FastAPI that the app runs with.

    Source: <https://fastapi.tiangolo.com/advanced/advanced-dependencies/>, and the runs that
    docs/rules/BGT207.md tells of.
    """
    behind = app.fastapi.when(*ENDS_AFTER)
    for tracked in injected_tasks(app):
        depends = tracked.called.depends if tracked.called else ()
        if not depends or not tracked.is_generator:
            continue
        late = behind is not None and all(each.scope != "function" for each in depends)
        for add in find_late(tracked) if late else []:
            message = f"{behind} goes on behind the yield when the tasks have run, "
            advice = "so this one never does; add it before the yield"
            yield Finding(RULE, place_of(tracked.names.module, add), message + advice)
        for add in find_excepted(tracked):
            message = "an exception came to this yield in place of a response, so no response has this task; "
            advice = "have the response of an exception handler bring it"
            yield Finding(RULE, place_of(tracked.names.module, add), message + advice)


def find_late(tracked: Tracked) -> list[ast.Call]:
    """Return the tasks that are added behind a `yield` on every path to them."""
    adds, follow_tasks = added_by(tracked), follow(tracked)
    early, late = set[ast.Call](), set[ast.Call]()

    def step(state: State, node: ast.AST) -> State:
        after = follow_tasks(state, node)
        for add in adds:
            if add in after and add not in state:
                (late if ast.Yield in state else early).add(add)
        return after

    find_ends(tracked.function, tracked.names, step)
    return [add for add in adds if add in late - early]


def find_excepted(tracked: Tracked) -> Iterator[ast.Call]:
    """Yield the tasks that are added in an `except` around the only `yield`."""
    names = tracked.names
    yields = [node for node in own_nodes(tracked.function) if isinstance(node, ast.Yield)]
    if len(yields) == 1:
        around = {yields[0], *names.above(yields[0])}
        for add in added_by(tracked):
            tries = [names.parents[each] for each in names.above(add) if isinstance(each, ast.ExceptHandler)]
            if any(isinstance(each, ast.Try) and not around.isdisjoint(each.body) for each in tries):
                yield add
