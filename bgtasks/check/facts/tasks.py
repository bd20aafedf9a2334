"""The functions that become tasks: where they are written, and what the source shows of them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Function,
    Located,
    Names,
    Parameter,
    last_name,
    method,
    owner_of,
    read_parameters,
    resolve,
)
from bgtasks.check.facts.sites import Site


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """
    A function that becomes a task, at `expression` in the module of `names`.

    That is where the call site writes it, or where it is handed to a function of the app that adds
    it as it stands.
    """

    expression: ast.expr
    names: Names


@dataclass(frozen=True, slots=True)
class Callee:
    """
    What runs when something is called, as far as the app defines it.

    `bound` tells whether its first parameter is filled already, as that of a method is, and
    `replaceable` whether a subclass may have another in its place.
    """

    located: Located
    bound: bool = False
    replaceable: bool = False


def find_tasks(sites: Sequence[Site], modules: Sequence[Names]) -> Iterator[Task]:
    """Yield the tasks that are written at the sites, and those that one function of the app hands on."""
    forwarders: dict[Function, str] = {}
    for site in sites:
        if site.plain and site.task is not None:
            yield Task(site.task, site.names)
            parameter = handed_on(site)
            if parameter is not None and isinstance(parameter.function, FUNCTION):
                forwarders[parameter.function] = parameter.node.arg
    spelled = {function.name for function in forwarders}
    for names in modules:
        for call in names.calls:
            if last_name(call.func) not in spelled:
                continue
            callee = find_callee(call.func, names)
            function = callee.located.node if callee else None
            if callee and isinstance(function, FUNCTION) and function in forwarders:
                task = argument_of(call, function, forwarders[function], bound=callee.bound)
                if task is not None:
                    yield Task(task, names)


def handed_on(site: Site) -> Parameter | None:
    """Return the parameter of the function around a site that is its task."""
    match site.names.bindings(site.task) if isinstance(site.task, ast.Name) else []:
        case [Parameter() as parameter] if site.names.enclosing(site.call) is parameter.function:
            return parameter
        case _:
            return None


def argument_of(call: ast.Call, function: Function, name: str, *, bound: bool) -> ast.expr | None:
    """Return what `call` gives to the parameter `name` of `function`; None where that is not written out."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    positional = [each.node.arg for each in read_parameters(function)]
    index = positional.index(name) - bound
    arguments = call.args[: index + 1]
    named = function.args.kwonlyargs + [each for each in (function.args.vararg,) if each is not None]
    if index < 0 or len(arguments) <= index or name in [each.arg for each in named]:
        return None
    return None if any(isinstance(each, ast.Starred) for each in arguments) else arguments[index]


def find_callee(func: ast.expr, names: Names) -> Callee | None:
    """Return what runs when `func` is called; None where that is not the app's own, or not sure."""
    found = resolve(func, names)
    if isinstance(found, Located):
        owned = isinstance(found.node, FUNCTION) and isinstance(
            found.names.parents.get(found.node), ast.ClassDef
        )
        return Callee(found, bound=owned and is_decorated(found, "builtins.classmethod"))
    if not isinstance(func, ast.Attribute) or found is not None:
        return None
    found = method(owner_of(func.value, names), func.attr)
    if found is None:
        return None
    return Callee(found, not is_decorated(found, "builtins.staticmethod"), replaceable=True)


def is_decorated(located: Located, dotted: str) -> bool:
    return External(dotted) in decorators_of(located)


def decorators_of(located: Located) -> list[Found]:
    """Return what decorates a function, the outermost first; None where that is not known."""
    if not isinstance(located.node, FUNCTION):
        return []
    return [
        resolve(each.func if isinstance(each, ast.Call) else each, located.names)
        for each in located.node.decorator_list
    ]
