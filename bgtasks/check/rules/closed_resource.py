"""BGT210: a file, a session or a connection goes to a task, and is closed before the task runs."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    External,
    Function,
    Located,
    Names,
    State,
    Way,
    find_ends,
    own_nodes,
    resolve,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.closing import given_by, is_closed_by, is_made, released_by
from bgtasks.check.facts.reaches import Reach, reached_by
from bgtasks.check.facts.released import UPLOAD, UPLOADED, Surroundings, find_released, read_surroundings
from bgtasks.check.facts.resources import REMOVES, STACKS, Resource, kind_of, origin_of
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.uses import runs_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT210", "closed-resource", "a task gets what is closed before it runs")


def find(app: App) -> Iterator[Finding]:
    """
    Yield what goes to a task and is closed by then: by the function, by a dependency, by a middleware.

    Source: <https://fastapi.tiangolo.com/advanced/advanced-dependencies/>, and the runs that
    docs/rules/BGT210.md tells of.
    """
    around = read_surroundings(app)
    for task in app.tasks:
        cleaning = resolve(task.expression, task.names)
        if isinstance(cleaning, External) and cleaning.dotted in REMOVES:
            continue
        for reach in reached_by(task):
            closing = find_closing(reach, around)
            if closing is not None:
                closer, resource, kept = closing
                uploaded = resource in {UPLOAD, UPLOADED}
                advice = "give the task what is in it" if uploaded else "have the task open its own"
                closed = f'what "{reach.name.id}" keeps' if kept else f'"{reach.name.id}"'
                message = f"{closer} closes {closed} before the task runs; {advice}"
                yield Finding(RULE, place_of(reach.names.module, reach.written), message)


def find_closing(reach: Reach, around: Surroundings) -> tuple[str, Resource, bool] | None:
    """
    Return who closes what a task holds before it runs, what that is, and whether an object keeps it.

    None where nobody surely does.
    """
    function = reach.names.enclosing(reach.call)
    if not isinstance(function, FUNCTION) or runs_tasks(function, reach.names):
        return None
    released = find_released(reach, around)
    if released is not None:
        held = released.resource.has(released.path)
        return (released.by, released.resource, released.kept) if held else None
    scope = reach.names.within[function]
    if reach.names.around[reach.name].find(reach.name.id) is not scope:
        return None
    if function in reach.names.generators and not (function in around.called and around.leaving_before):
        return None
    line = find_with(reach, function) or find_close(reach, function)
    return (f"line {line}", Resource(), False) if line is not None else None


def find_with(reach: Reach, function: Function) -> int | None:
    """Return the line of the `with` around a call that closes what the call gives to a task."""
    names, name = reach.names, reach.name.id
    inside: ast.AST = reach.call
    for node in names.above(reach.call):
        if node is function:
            break
        if isinstance(node, ast.With | ast.AsyncWith) and inside in node.body:
            for item in node.items:
                bound = item.optional_vars
                resource: Resource | None = None
                if isinstance(bound, ast.Name) and bound.id == name and len(names.bindings(reach.name)) == 1:
                    resource = given_by(item.context_expr, names)
                elif is_closed_by(item.context_expr, name, names):
                    resource = kind_of(reach.name, names) or Resource()
                elif isinstance(bound, ast.Name) and origin_of(item.context_expr, names) in STACKS:
                    resource = entered_in(bound.id, reach.name, names)
                if resource is not None and resource.has(reach.path):
                    return node.lineno
        inside = node
    return None


def entered_in(stack: str, name: ast.Name, names: Names) -> Resource | None:
    """Return what a name holds that an `ExitStack` has entered, and leaves."""
    match names.bindings(name):
        case [
            Assignment(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=by), attr=attr), args=[context])
                | ast.Await(
                    value=ast.Call(func=ast.Attribute(value=ast.Name(id=by), attr=attr), args=[context])
                )
            )
        ] if by == stack and attr in {"enter_context", "enter_async_context"}:
            return given_by(context, names)
        case _:
            return None


def find_close(reach: Reach, function: Function) -> int | None:
    """Return the line that closes what a task holds, on every path from its call to the end."""
    names, name = reach.names, reach.name
    if not is_made(name, names):
        return None
    closing = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Call) and released_by(node, names) == name.id
    ]
    resource = kind_of(name, names) or kind_by_maker(name, names)
    if not closing or resource is None or not resource.has(reach.path):
        return None
    known: dict[ast.AST, State] = {}
    nothing: State = frozenset()

    def step(state: State, node: ast.AST) -> State:
        if node not in known:
            known[node] = frozenset(each for each in ast.walk(node) if each is reach.call or each in closing)
        happened = known[node]
        return state | (happened if reach.call in state or reach.call in happened else nothing)

    ends = [end for end in find_ends(function, names, step) if reach.call in end.state]
    left = [end for end in ends if end.way is Way.RETURN]
    lines = [each.lineno for each in closing if any(each in end.state for end in left)]
    if left and all(end.state & set(closing) for end in left):
        return min(lines)
    return None


def kind_by_maker(name: ast.Name, names: Names) -> Resource | None:
    """Return that a name holds what a package has made; None for what the app makes itself."""
    match names.bindings(name):
        case [Assignment(value=ast.Call(func=func) | ast.Await(value=ast.Call(func=func)))]:
            found = resolve(func, names)
            own = isinstance(found, Located) and not isinstance(found.node, ast.Call)
            return Resource() if isinstance(found, External) and not own else None
        case _:
            return None
