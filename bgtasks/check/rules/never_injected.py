"""BGT202: a parameter for tasks that FastAPI does not fill as it is written."""

import ast
from collections.abc import Iterator, Sequence

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Located,
    Names,
    Parameter,
    member,
    remembered,
    resolve,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Called, Filled, is_injected, read_filled
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.uses import add_of, handed_to
from bgtasks.check.facts.vocabulary import INJECTED, Family, family_of, is_plain, makes_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT202", "never-injected", "a parameter for tasks that FastAPI does not fill as written")
# From here on FastAPI takes a Depends beside an annotation with its own class.
DEPENDS_BESIDE = "0.128.2"


def find(app: App) -> Iterator[Finding]:
    """
    Yield the parameters that get something else than the tasks of the response.

    Source: <https://fastapi.tiangolo.com/tutorial/background-tasks/>, and the runs that
    docs/rules/BGT202.md tells of.
    """
    for called in app.called:
        if not called.bare:
            continue  # a decorator may fill what FastAPI does not
        filled = read_filled(called)
        for each, message in describe_parameters(called, filled, app):
            yield Finding(RULE, place_of(called.names.module, each.parameter.node), message)


def describe_parameters(called: Called, filled: Sequence[Filled], app: App) -> Iterator[tuple[Filled, str]]:
    unfilled = [each for each in filled if by_class(each)][:-1]
    for each in filled:
        name = each.parameter.node.arg
        if each in unfilled and called.shown:
            yield each, f'FastAPI fills one parameter for tasks in a function, and not "{name}"; take one'
        else:
            message = describe_parameter(each, called, app)
            if message is not None:
                yield each, f'"{name}" {message}'


def by_class(filled: Filled) -> bool:
    """Tell whether FastAPI fills a parameter because of its class, be it with another one."""
    kind = filled.annotation.kind
    tasks = family_of(kind) is Family.TASKS and kind != External(INJECTED)
    return tasks and not filled.annotation.optional and filled.depends is None


def describe_parameter(filled: Filled, called: Called, app: App) -> str | None:
    """Say what is wrong with a parameter; None where nothing surely is."""
    annotation = filled.annotation
    tasks = family_of(annotation.kind) is Family.TASKS and annotation.kind != External(INJECTED)
    if filled.depends is not None:
        return describe_depends(filled, app)
    if tasks and annotation.optional and called.shown:
        return "may be something else than tasks, so FastAPI does not start; annotate it with the class alone"
    if tasks and not annotation.optional and (missed := find_missed(filled, called.names)):
        return f"gets FastAPI's own class, without the {missed} of its subclass; give the subclass its tasks"
    untyped = filled.parameter.node.annotation is None or annotation.kind == External("typing.Any")
    if untyped and called.shown and adds_tasks(filled, called.names):
        return "is a query parameter, because nothing says that it is tasks; annotate it with BackgroundTasks"
    return None


def find_missed(filled: Filled, names: Names) -> str | None:
    """Return the attribute, of a subclass of the app's own, that is used of what the function gets."""
    return find_used(filled.parameter, names, filled.annotation.kind)


@remembered
def find_used(parameter: Parameter, names: Names, kind: Found) -> str | None:
    """Return the member of a class that a function, or one that it hands a parameter to, uses of that."""
    scope = names.within[parameter.function]
    for use in names.uses(parameter.node.arg, scope):
        parent = names.parents[use]
        if isinstance(parent, ast.Attribute) and member(kind, parent.attr):
            return parent.attr
        handed = handed_to(use, names)
        if handed is not None and (used := find_used(handed.parameter, handed.names, kind)):
            return used
    return None


def describe_depends(filled: Filled, app: App) -> str | None:
    depends, annotation = filled.depends, filled.annotation
    assert depends is not None
    tasks = family_of(annotation.kind) is Family.TASKS and annotation.kind != External(INJECTED)
    provider = depends.provider
    if provider is None:
        wrong = tasks and is_plain(annotation.kind)
        return "needs no Depends(), with which FastAPI does not start; leave it out" if wrong else None
    found = resolve(provider, depends.names)
    if family_of(found) is Family.TASKS and is_plain(found):
        return "gets tasks of its own, which reach no response; annotate it with BackgroundTasks alone"
    if isinstance(found, Located) and returns_handmade(found):
        return "gets tasks made by hand, which reach no response; have the dependency return injected ones"
    beside = tasks and is_injected(Filled(filled.parameter, annotation, None))
    if beside and (refuses := app.fastapi.when(f"<{DEPENDS_BESIDE}")):
        return f"has a Depends beside the class, with which {refuses} does not start; leave one out"
    return None


def returns_handmade(found: Located) -> bool:
    """Tell whether all that a function does is to return tasks that it makes."""
    match found.node:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            code = [each for each in body if not is_docstring(each)]
        case _:
            return False
    match code:
        case [ast.Return(value=value)]:
            return makes_tasks(value, found.names)
        case _:
            return False


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def adds_tasks(filled: Filled, names: Names) -> bool:
    """Tell whether the function adds a task to what it gets, and binds the name to nothing else."""
    function, name = filled.parameter.function, filled.parameter.node.arg
    scope = names.within[function]
    only = isinstance(function, FUNCTION) and len(scope.bindings[name]) == 1
    return only and any(add_of(use, names) for use in names.uses(name, scope))
