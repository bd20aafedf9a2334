"""BGT215: a function adds to the tasks it gets and then raises, and nothing on the way up catches that."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import (
    FUNCTION,
    Found,
    Function,
    Names,
    Parameter,
    find_calls,
    find_ends,
    match,
    passes,
    raised_by,
    read_given,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Called, fill, is_injected
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tracking import Tracked, added_by, follow
from bgtasks.check.facts.uses import find_kept
from bgtasks.check.model import Finding, Rule
from bgtasks.check.rules.dropped_on_raise import find_raises

RULE: Rule = Rule(
    "BGT215",
    "dropped-in-helper",
    "a function adds to the tasks it gets, and then raises through its caller",
)
HIGHEST = 5


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that are dropped because the function that adds them raises, and its callers let it.

    Source: <https://www.starlette.io/exceptions/>, and the runs that docs/rules/BGT203.md tells of.
    """
    called = {each.function: each for each in app.called}
    for parameter, names in find_helped(app, called):
        function = parameter.function
        assert isinstance(function, FUNCTION)
        tracked = Tracked(parameter.node.arg, names.within[function], function, names)
        adds = added_by(tracked)
        for add in adds:
            raises, always = find_raises(add, find_ends(function, names, follow(tracked)), names)
            if not (raises and always):
                continue
            raising = min(raises, key=lambda node: node.lineno)
            dropping = [
                find_dropping(parameter, names, raised, called, HIGHEST)
                for raised in raised_by(raising, names)
            ]
            if None not in dropping:
                line = f'line {raising.lineno} raises and "{dropping[0]}" lets it'
                message = f"this task is dropped, because {line}; "
                advice = "add it where nothing is raised any more, or return a response that has it"
                yield Finding(RULE, place_of(names.module, add), message + advice)


def find_helped(app: App, called: dict[Function, Called]) -> Iterator[tuple[Parameter, Names]]:
    """Yield the parameters with the tasks that functions add to which FastAPI does not call."""
    found: dict[Parameter, Names] = {}
    for site in app.sites:
        match site.names.bindings(site.receiver) if isinstance(site.receiver, ast.Name) else []:
            case [Parameter(function=ast.FunctionDef() | ast.AsyncFunctionDef() as function) as parameter]:
                if function not in called and function not in site.names.generators:
                    found[parameter] = site.names
            case _:
                pass
    yield from found.items()


def find_dropping(
    parameter: Parameter, names: Names, raised: Found, called: dict[Function, Called], left: int
) -> str | None:
    """Return the function of FastAPI's whose tasks are in a parameter, and that lets an exception through."""
    function = parameter.function
    assert isinstance(function, FUNCTION)
    for call, there, callee in find_calls(function, names) if left else ():
        given = match(read_given(call.args, call.keywords), function, bound=callee.bound)
        value = given.get(parameter.node.arg)
        around = there.enclosing(call)
        awaited = isinstance(there.parents[call], ast.Await) or isinstance(function, ast.FunctionDef)
        if not isinstance(value, ast.Name) or not isinstance(around, FUNCTION) or not awaited:
            continue
        match there.bindings(value):
            case [Parameter() as own] if own.function is around and passes(raised, call, there):
                pass
            case _:
                continue
        if around in there.generators or is_kept_otherwise(own, value, there):
            continue
        if around in called:
            if called[around].bare and is_injected(fill(own, there)):
                return around.name
        elif not around.decorator_list and (above := find_dropping(own, there, raised, called, left - 1)):
            return above
    return None


def is_kept_otherwise(parameter: Parameter, handed: ast.Name, names: Names) -> bool:
    """Tell whether a function does something else with its tasks than to hand them to the one that raises."""
    uses = names.uses(parameter.node.arg, names.within[parameter.function])
    return any(use is not handed for use in find_kept(uses, names))
