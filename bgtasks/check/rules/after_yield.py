"""BGT207: tasks added after the `yield` of a dependency, and what a dependency releases handed to a task."""

import ast
from collections.abc import Iterator, Sequence

from bgtasks.check.code import FUNCTION, External, Function, Located, State, find_ends, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Filled, read_filled
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.facts.tracking import Tracked, added_by, follow, injected_tasks
from bgtasks.check.facts.vocabulary import UPLOADS
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT207", "after-yield", "a task is added after a dependency's yield, or gets what is released before it"
)
# A dependency ends before the response is sent, and so before the tasks run; or behind them.
ENDS_BEFORE = (">=0.106,<0.118",)
ENDS_AFTER = ("<0.106", ">=0.118")
ALWAYS = ("",)
RELEASES = {"aclose", "close", "disconnect", "dispose", "release", "shutdown"}


def find(app: App) -> Iterator[Finding]:
    """
    Yield what comes too late, by the version of FastAPI that the app runs with.

    Source: <https://fastapi.tiangolo.com/advanced/advanced-dependencies/>, and the runs that
    docs/rules/BGT207.md tells of.
    """
    yield from find_late_tasks(app)
    yield from find_released(app)


def find_late_tasks(app: App) -> Iterator[Finding]:
    behind = app.fastapi.when(*ENDS_AFTER)
    if behind is None:
        return
    for tracked in injected_tasks(app):
        depends = tracked.called.depends if tracked.called else ()
        if depends and tracked.is_generator and all(each.scope != "function" for each in depends):
            for add in find_late(tracked):
                message = f"{behind} goes on behind the yield when the tasks have run, "
                advice = "so this one never does; add it before the yield"
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


def find_released(app: App) -> Iterator[Finding]:
    by_function: dict[Function, list[Site]] = {}
    for site in app.sites:
        function = site.names.enclosing(site.call)
        if site.sure and isinstance(function, FUNCTION):
            by_function.setdefault(function, []).append(site)
    for called in app.called:
        if called.depends or called.function not in by_function:
            continue
        for filled in read_filled(called):
            versions = find_releasing(filled)
            released = app.fastapi.when(*versions) if versions else None
            if released is None:
                continue
            name, scope = filled.parameter.node.arg, called.names.within[called.function]
            uses = set(called.names.uses(name, scope)) if len(scope.bindings[name]) == 1 else set[ast.Name]()
            for site in by_function[called.function]:
                for argument in site.arguments:
                    if argument in uses:
                        message = f'{released} has released "{name}" before the task runs; '
                        place = place_of(called.names.module, argument)
                        yield Finding(RULE, place, f"{message}have the task open its own")


def find_releasing(filled: Filled) -> Sequence[str]:
    """Return the versions of FastAPI in which what fills a parameter is released before the tasks run."""
    if filled.depends is None:
        kind = filled.annotation.kind
        return ENDS_BEFORE if isinstance(kind, External) and kind.dotted in UPLOADS else ()
    provider = filled.depends.provider
    found = resolve(provider, filled.depends.names) if provider is not None else None
    if not (isinstance(found, Located) and isinstance(found.node, FUNCTION) and releases(found.node)):
        return ()
    return ALWAYS if filled.depends.scope == "function" else ENDS_BEFORE


def releases(function: Function) -> bool:
    """Tell whether a dependency surely releases, behind its only `yield`, what it gave."""
    yields = [node for node in ast.walk(function) if isinstance(node, ast.Yield)]
    if function.decorator_list or len(yields) != 1 or not isinstance(yields[0].value, ast.Name):
        return False
    given = yields[0].value.id
    for node in ast.walk(function):
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items):
                bound = [item.optional_vars for item in items]
                named = any(isinstance(each, ast.Name) and each.id == given for each in bound)
                if named and yields[0] in ast.walk(node):
                    return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                if name == given and attr in RELEASES and node.lineno > yields[0].lineno:
                    return True
            case _:
                pass
    return False
