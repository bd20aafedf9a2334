"""BGT211: tasks of a function that no response is sent for, so none of them runs."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import FUNCTION, Function, Names, Parameter, read_annotation, read_parameters
from bgtasks.check.facts.app import App
from bgtasks.check.facts.outside import Outside, Place, find_outside
from bgtasks.check.facts.routes import fill, is_injected
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.uses import find_adds, find_kept
from bgtasks.check.facts.vocabulary import Family, family_of, makes_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT211", "no-response", "tasks where no response runs them, as in a websocket endpoint")


def find(app: App) -> Iterator[Finding]:
    """
    Yield the parameters for tasks of websocket endpoints, exception handlers and middlewares.

    FastAPI fills those of a websocket endpoint and never runs them; the others get nothing.
    Source: the runs that docs/rules/BGT211.md tells of.
    """
    outside = find_outside(app.modules)
    for each in outside:
        for parameter, message in find_unfilled(each) if each.place.given else find_lost(each):
            yield Finding(RULE, place_of(each.names.module, parameter.node), message)
    sockets = {each.function for each in outside if each.place is Place.WEBSOCKET}
    for called in app.called:
        if called.depends and all(asks_for(each.call, each.names) in sockets for each in called.depends):
            behind = Outside(called.function, called.names, Place.WEBSOCKET)
            for parameter, message in find_lost(behind):
                yield Finding(RULE, place_of(called.names.module, parameter.node), message)


def asks_for(depends: ast.Call, names: Names) -> Function | None:
    """Return the function in whose parameters a `Depends(...)` stands."""
    return next((node for node in names.above(depends) if isinstance(node, FUNCTION)), None)


def find_unfilled(outside: Outside) -> Iterator[tuple[Parameter, str]]:
    """Yield the parameters for tasks of what is called with other arguments only."""
    given, names = outside.place.given or 0, outside.names
    for parameter in list(read_parameters(outside.function))[given:]:
        annotation = read_annotation(parameter.node.annotation, names)
        filled = parameter.default is not None and not makes_tasks(parameter.default, names)
        if not (filled or annotation.optional) and family_of(annotation.kind) is Family.TASKS:
            name, place = parameter.node.arg, outside.place.spelled
            yield parameter, f'nothing fills "{name}" of this {place}; give a response a background= instead'


def find_lost(outside: Outside) -> Iterator[tuple[Parameter, str]]:
    """Yield the parameters that FastAPI fills with tasks, to which some are added, and which nothing runs."""
    names = outside.names
    for parameter in read_parameters(outside.function):
        name = parameter.node.arg
        uses = names.uses(name, names.within[outside.function])
        kept = next(find_kept(uses, names), None)
        if is_injected(fill(parameter, names)) and find_adds(parameter, names) and kept is None:
            advice = f"await {name}() at the end, or what they do"
            yield parameter, f'nothing runs the tasks in "{name}", for a websocket has no response; {advice}'
