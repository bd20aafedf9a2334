"""BGT204: injected tasks, while the returned response has a background of its own."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import Assignment, End, Names, State, Step, Way, find_ends, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tracking import ESCAPE, Tracked, added_by, follow, injected_tasks
from bgtasks.check.facts.vocabulary import is_response_class, makes_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT204", "dropped-by-response", "injected tasks, while the response has a background of its own"
)


@dataclass(frozen=True, slots=True)
class Held:
    """In a state: a local name holds a response that has this background."""

    name: str
    background: ast.expr


def find(app: App) -> Iterator[Finding]:
    """
    Yield the backgrounds that push injected tasks aside.

    FastAPI attaches what it injected to the response only where `response.background` is None.
    Source: the runs that docs/rules/BGT204.md tells of.
    """
    for tracked in injected_tasks(app):
        adds = added_by(tracked)
        if not adds or tracked.is_generator or (tracked.called and tracked.called.depends):
            continue
        step = follow_backgrounds(tracked)
        ends = find_ends(tracked.function, tracked.names, step)
        for background in find_backgrounds(adds, ends, tracked):
            message = f'the response has this background, so the tasks in "{tracked.name}" are dropped; '
            advice = f'add this one to "{tracked.name}" too, and give the response no background'
            yield Finding(RULE, place_of(tracked.names.module, background), message + advice)


def find_backgrounds(adds: list[ast.Call], ends: frozenset[End], tracked: Tracked) -> list[ast.expr]:
    """Return the backgrounds that surely drop a task: all paths to the return, or from the task, meet one."""
    dropping = {end: own for end in ends if (own := background_of(end, tracked.names))}
    found: set[ast.expr] = set()
    for end, background in dropping.items():
        to = [other for other in ends if other.node is end.node]
        if all(other in dropping and set(adds) & other.state for other in to):
            found.add(background)
    for add in adds:
        after = [end for end in ends if add in end.state]
        if after and all(end in dropping for end in after):
            found.update(dropping[end] for end in after)
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def background_of(end: End, names: Names) -> ast.expr | None:
    """Return the background of its own that the response has with which a path ends, if that is sure."""
    if end.way is not Way.RETURN or not isinstance(end.node, ast.Return) or ESCAPE in end.state:
        return None
    match end.node.value:
        case ast.Name(id=name):
            return next((held.background for held in held_in(end.state) if held.name == name), None)
        case value:
            return own_background(value, names)


def follow_backgrounds(tracked: Tracked) -> Step:
    """Return the step that also notes which local name holds a response with which background."""
    follow_tasks = follow(tracked)

    def step(state: State, node: ast.AST) -> State:
        state = follow_tasks(state, node)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return rebind(state, name, own_background(value, tracked.names))
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr="background")], value=value):
                known = any(held.name == name for held in held_in(state)) or is_local_response(
                    node.targets[0], tracked.names
                )
                return rebind(state, name, fresh(value, tracked.names) if known else None)
            case _:
                return state

    return step


def rebind(state: State, name: str, background: ast.expr | None) -> State:
    kept = state.difference(held for held in held_in(state) if held.name == name)
    return kept if background is None else kept | {Held(name, background)}


def held_in(state: State) -> list[Held]:
    return [event for event in state if isinstance(event, Held)]


def is_local_response(target: ast.expr, names: Names) -> bool:
    """Tell whether `target`, a `name.background`, is that of a response that the function makes."""
    match target:
        case ast.Attribute(value=ast.Name() as name):
            bound = names.bindings(name)
            return all(
                isinstance(each, Assignment) and is_response(each.value, names) for each in bound
            ) and bool(bound)
        case _:
            return False


def own_background(value: ast.expr | None, names: Names) -> ast.expr | None:
    if not isinstance(value, ast.Call) or not is_response(value, names):
        return None
    given = [keyword.value for keyword in value.keywords if keyword.arg == "background"]
    return fresh(given[0], names) if given else None


def is_response(value: ast.expr | None, names: Names) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(attr="TemplateResponse")):
            return True
        case ast.Call(func=func):
            return is_response_class(resolve(func, names))
        case _:
            return False


def fresh(value: ast.expr, names: Names) -> ast.expr | None:
    """Return `value` where it is surely tasks that are made here, by hand."""
    if makes_tasks(value, names):
        return value
    if isinstance(value, ast.Name):
        bound = names.bindings(value)
        made = [isinstance(each, Assignment) and makes_tasks(each.value, names) for each in bound]
        return value if made and all(made) else None
    return None
