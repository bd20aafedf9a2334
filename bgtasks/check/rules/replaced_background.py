"""BGT213: a route class sets the background of every response, and so drops the tasks of its endpoints."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import FUNCTION, External, Located, Names, ancestors, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Called, is_injected, read_filled
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.uses import find_adds
from bgtasks.check.facts.vocabulary import makes_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule(
    "BGT213", "replaced-background", "a route class replaces the tasks of its endpoints by its own"
)
ROUTE = External("fastapi.routing.APIRoute")


def find(app: App) -> Iterator[Finding]:
    """
    Yield the backgrounds by which a route class replaces what an endpoint of its own has added.

    Source: the runs that docs/rules/BGT213.md tells of.
    """
    for names in app.modules:
        for function in names.functions:
            owner = names.parents.get(function)
            if function.name != "get_route_handler" or not isinstance(owner, ast.ClassDef):
                continue
            kind = Located(owner, names)
            replacing = list(find_replacing(function, names))
            losing = find_losing(kind, app) if replacing and ROUTE in ancestors(kind) else None
            for background in replacing if losing is not None else ():
                message = f'this replaces the tasks of "{losing}", and of all that the route class serves; '
                advice = "where the response has a background, add to that"
                yield Finding(RULE, place_of(names.module, background), message + advice)


def find_replacing(function: ast.AST, names: Names) -> Iterator[ast.expr]:
    """Yield the tasks that replace, on every path and without a look, those of a response."""
    nodes = list(ast.walk(function))
    if any(isinstance(each, ast.Attribute) and each.attr == "background" and is_read(each) for each in nodes):
        return
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name() as target, attr="background")]):
                pass
            case _:
                continue
        around = names.enclosing(node)
        always = isinstance(around, FUNCTION) and node in around.body
        if always and is_answer(target, names) and is_fresh(node.value, names):
            yield node.value


def is_read(attribute: ast.Attribute) -> bool:
    return isinstance(attribute.ctx, ast.Load)


def is_answer(response: ast.Name, names: Names) -> bool:
    """Tell whether a name holds what the handler of the base answered: `await original(request)`."""
    values = [getattr(each, "value", None) for each in names.bindings(response)]
    return len(values) == 1 and isinstance(values[0], ast.Await) and isinstance(values[0].value, ast.Call)


def is_fresh(value: ast.expr, names: Names) -> bool:
    if isinstance(value, ast.Name):
        made = [getattr(each, "value", None) for each in names.bindings(value)]
        return bool(made) and all(makes_tasks(each, names) for each in made)
    return makes_tasks(value, names)


def find_losing(kind: Located, app: App) -> str | None:
    """Return the name of an endpoint that adds tasks and is served by a route class."""
    everywhere = any(is_set_for(kind, names) for names in app.modules)
    for called in app.called:
        if not called.depends and adds_tasks(called) and (everywhere or is_served(called, kind)):
            return called.function.name
    return None


def is_set_for(kind: Located, names: Names) -> bool:
    """Tell whether a module sets the route class of a router: `app.router.route_class = Logged`."""
    return any(
        isinstance(node, ast.Assign)
        and any(isinstance(each, ast.Attribute) and each.attr == "route_class" for each in node.targets)
        and resolve(node.value, names) == kind
        for node in ast.walk(names.module.tree)
    )


def is_served(called: Called, kind: Located) -> bool:
    for decorator in called.function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(value=receiver)):
                router = resolve(receiver, called.names)
            case _:
                continue
        if isinstance(router, Located) and isinstance(router.node, ast.Call):
            for keyword in router.node.keywords:
                if keyword.arg == "route_class" and resolve(keyword.value, router.names) == kind:
                    return True
    return False


def adds_tasks(called: Called) -> bool:
    return any(
        is_injected(filled) and find_adds(filled.parameter, called.names) for filled in read_filled(called)
    )
