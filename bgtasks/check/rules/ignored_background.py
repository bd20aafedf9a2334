"""BGT212: a background is given to the response that FastAPI injects, which it does not read."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import External, Names, Parameter, State, Way, find_ends, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Called, fill, is_injected, read_filled
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.vocabulary import Family, family_of
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT212", "ignored-background", "a background of the response that FastAPI injects, which it never reads"
)
INJECTED = {
    "fastapi.Response",
    "fastapi.responses.Response",
    "starlette.responses.Response",
    "fastapi.responses.JSONResponse",
    "starlette.responses.JSONResponse",
}


@dataclass(frozen=True, slots=True)
class Given:
    """In a state: this background was given to the response."""

    background: ast.expr


def find(app: App) -> Iterator[Finding]:
    """
    Yield the backgrounds of an injected response that the function does not return.

    Source: the runs that docs/rules/BGT212.md tells of; FastAPI takes over the status and the headers.
    """
    for called in app.called:
        if not called.bare or called.function in called.names.generators:
            continue
        for filled in read_filled(called):
            kind = filled.annotation.kind
            known = isinstance(kind, External) and kind.dotted in INJECTED
            if known and filled.depends is None and filled.parameter.default is None:
                yield from find_ignored(called, filled.parameter)


def find_ignored(called: Called, parameter: Parameter) -> Iterator[Finding]:
    names, name = called.names, parameter.node.arg
    scope = names.within[called.function]
    uses = names.uses(name, scope) if len(scope.bindings[name]) == 1 else []
    backgrounds = {use: background for use in uses if (background := background_of(use, names))}
    returned = [use for use in uses if use not in backgrounds and may_return(use, names)]
    if not backgrounds:
        return

    def step(state: State, node: ast.AST) -> State:
        inside = set(ast.walk(node))
        given = {Given(value) for use, value in backgrounds.items() if use in inside}
        kept = {use for use in returned if use in inside}
        return state | given | kept

    ends = [end for end in find_ends(called.function, names, step) if end.way is Way.RETURN]
    for background in backgrounds.values():
        behind = [end for end in ends if Given(background) in end.state]
        if behind and not any(use in end.state for end in behind for use in returned):
            where = "add it to a BackgroundTasks parameter"
            message = f'FastAPI never reads the background of "{name}", which is not returned; {where}'
            yield Finding(RULE, place_of(names.module, background), message)


def background_of(use: ast.Name, names: Names) -> ast.expr | None:
    """Return what is surely tasks in `use.background = tasks`, but for those that FastAPI runs anyway."""
    match names.parents[use]:
        case ast.Attribute(attr="background") as target:
            pass
        case _:
            return None
    match names.parents[target]:
        case ast.Assign(targets=[one], value=value) if one is target:
            return None if is_none(value) or runs_anyway(value, names) else value
        case _:
            return None


def is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant)


def runs_anyway(value: ast.expr, names: Names) -> bool:
    """Tell whether tasks are injected ones, or may be."""
    match value:
        case ast.Call(func=func):
            return family_of(resolve(func, names)) is None
        case ast.Name() as name:
            bound = names.bindings(name)
            for each in bound:
                if isinstance(each, Parameter) and is_injected(fill(each, names)):
                    return True
            made = [getattr(each, "value", None) for each in bound]
            return not made or not all(isinstance(one, ast.Call) and is_made(one, names) for one in made)
        case _:
            return True


def is_made(call: ast.Call, names: Names) -> bool:
    return family_of(resolve(call.func, names)) in {Family.TASK, Family.TASKS}


def may_return(use: ast.Name, names: Names) -> bool:
    """Tell whether the response itself is used, and not what it has: then it may be what is returned."""
    return not isinstance(names.parents[use], ast.Attribute)
