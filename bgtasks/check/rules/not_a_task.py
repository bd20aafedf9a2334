"""BGT312: a response gets something else than tasks as its background."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import (
    External,
    Given,
    Names,
    class_of,
    left_out,
    own_nodes,
    resolve,
    spell,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.backgrounds import find_backgrounds
from bgtasks.check.facts.coroutines import hands_back_coroutine, returns_coroutine
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tasks import find_running
from bgtasks.check.facts.vocabulary import Family, family_of, is_response_class
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule
from bgtasks.model import Kind

RULE: Rule = Rule(
    "BGT312",
    "not-a-task",
    "a response gets a function, or what it returns, in place of a BackgroundTask",
    AS_A_WHOLE | {Kind.ARGUMENT_TYPE, Kind.ASSIGNMENT},
)


def find(app: App) -> Iterator[Finding]:
    """
    Yield the backgrounds that fail when the response runs them.

    Source: `Response.__call__` of Starlette does no more than `await self.background()`, so an async
    function without parameters works.
    """
    for names in app.modules:
        for background in (*find_backgrounds(names), *find_set(names)):
            wrong = describe(background, names)
            if wrong is not None:
                message = f"{wrong}; write {advise(background)}"
                yield Finding(RULE, place_of(names.module, background), message)


def find_set(names: Names) -> Iterator[ast.expr]:
    """Yield what is set as the background of a response."""
    for uses in names.loads.values() if ".background" in names.module.source else ():
        for use in uses:
            match names.parents[use]:
                case ast.Attribute(attr="background", ctx=ast.Store()) as target:
                    statement = names.parents[target]
                    if isinstance(statement, ast.Assign) and is_response_class(class_of(use, names)):
                        yield statement.value
                case _:
                    pass


def describe(background: ast.expr, names: Names) -> str | None:
    """Say why what a response gets fails when it is called and awaited; None where it may well work."""
    match background:
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            return "the background of a response is one object that is called, and this is a collection"
        case ast.Attribute(value=receiver, attr="add_task"):
            tasks = family_of(class_of(receiver, names)) is Family.TASKS
            return f'"{spell(background)}" is called with nothing to add' if tasks else None
        case ast.Call() if returns_coroutine(background, names):
            return f'"{spell(background)}" is called here, and its coroutine cannot be called again'
        case ast.Lambda(body=ast.Call() as body):
            return "the lambda returns no awaitable" if returns_nothing(body.func, Given(), names) else None
        case ast.Name() | ast.Attribute() | ast.Call():
            return describe_function(background, names)
        case _:
            return None


def describe_function(background: ast.expr, names: Names) -> str | None:
    running = find_running(background, Given(), names)
    if running is None:
        return None
    name, function = spell(background), running.function
    if not isinstance(function, ast.AsyncFunctionDef):
        return f'"{name}" returns no awaitable' if returns_nothing(background, running.given, names) else None
    missing = left_out(running.given, function, bound=running.callee.bound)
    needed = [each.node.arg for each in missing if each.default is None]
    return f'"{name}" is called without "{needed[0]}"' if needed else None


def returns_nothing(func: ast.expr, given: Given, names: Names) -> bool:
    """Tell whether a plain function surely returns nothing that can be awaited."""
    found = resolve(func, names)
    if isinstance(found, External):
        return found.dotted == "builtins.print"
    running = find_running(func, given, names)
    if running is None or not isinstance(running.function, ast.FunctionDef):
        return False
    there, function = running.callee.located.names, running.function
    if function in there.generators:
        return True
    returned = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
    return not hands_back_coroutine(function, there) and all(
        value is None or isinstance(value, ast.Constant) for value in returned
    )


def advise(background: ast.expr) -> str:
    match background:
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            return "background=BackgroundTasks([...])"
        case ast.Attribute(attr="add_task", value=receiver):
            return f"background={spell(receiver)}"
        case ast.Lambda(body=ast.Call() as call) | (ast.Call() as call):
            return f"background=BackgroundTask({spell(call)}, ...)"
        case _:
            return f"background=BackgroundTask({spell(background)}, ...)"
