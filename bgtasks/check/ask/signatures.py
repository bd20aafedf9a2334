"""What a function, or a decorator of it, leaves open of its parameters."""

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from bgtasks.check.ask.annotated import Annotated, blame_annotation, first, is_any
from bgtasks.check.ask.modules import Modules, root_of
from bgtasks.check.ask.words import listing, place_at, quote
from bgtasks.check.code import (
    FUNCTION,
    External,
    Function,
    Located,
    Names,
    Parameter,
    read_parameters,
    resolve,
)

Blame: TypeAlias = Callable[[ast.expr, Names], str]
"""What makes the type of an expression unknown, "" where that is not found."""

CACHES = {"functools.cache", "functools.lru_cache"}
# The decorators of these keep the parameters, or nothing is asked of what they make.
KEEPING = {
    "abc",
    "builtins",
    "contextlib",
    "fastapi",
    "functools",
    "starlette",
    "typing",
    "typing_extensions",
}
VARIABLES = {
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("ParamSpec", "TypeVar")
}


def blame_parameters(function: Function, names: Names, untyped: Sequence[str], modules: Modules) -> str:
    """Return why nothing is known of those parameters of a function that are `untyped`."""
    parameters = [each for each in read_parameters(function) if not is_self(each, names)]
    left = [each for each in parameters if each.node.arg in untyped]
    bare = [spell(each) for each in left if each.node.annotation is None]
    verb = "has" if len(bare) == 1 else "have"
    causes = [f"{listing(bare)} {verb} no annotation ({place_at(function, names)})"] if bare else []
    for each in left:
        of = Annotated(spell(each), place_at(each.node, names))
        cause = blame_annotation(each.node.annotation, names, of, modules)
        causes += [cause] if cause and cause not in causes else []
    return "; ".join(causes)


def blame_function(function: Function, names: Names, modules: Modules, blame: Blame) -> str:
    """Return what a function, or what decorates it, does not say of its parameters."""
    if cause := blame_decorators(function, names, modules, blame):
        return cause
    stars = [star for star in (function.args.vararg, function.args.kwarg) if star is not None]
    if len(stars) == len(("*args", "**kwargs")) and all(is_any(star.annotation, names) for star in stars):
        return (
            f"{function.name} takes anything: *{stars[0].arg}, **{stars[1].arg} ({place_at(function, names)})"
        )
    every = [each.node.arg for each in read_parameters(function)]
    return blame_parameters(function, names, every, modules)


def blame_decorators(function: Function, names: Names, modules: Modules, blame: Blame) -> str:
    """Return which decorator of a function does not keep its parameters."""
    return first(blame_decorator(each, function, names, modules, blame) for each in function.decorator_list)


def blame_decorator(
    decorator: ast.expr, function: Function, names: Names, modules: Modules, blame: Blame
) -> str:
    maker = decorator.func if isinstance(decorator, ast.Call) else decorator
    problem, place = modules.blame_import(maker, names), ""
    if not problem:
        match resolve(maker, names):
            case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as definition, names=there):
                place = "" if keeps(definition, there) else place_at(definition, there)
            case Located(node=ast.ClassDef() as definition, names=there):
                place = place_at(definition, there)
            case Located(node=ast.expr() as value, names=there):
                problem = blame(value, there)
            case External(dotted=dotted) if dotted in CACHES:
                place = place_at(decorator, names)
            case External(dotted=dotted) if dotted.partition(".")[0] not in KEEPING:
                place = place_at(decorator, names)
            case None:
                problem = blame(root_of(maker), names)
            case _:
                pass
    of = f"decorator {quote(maker)} of {function.name}"
    if problem:
        return f"{of}: {problem}"
    return f"{of} does not keep the parameters ({place})" if place else ""


def keeps(definition: Function, names: Names) -> bool:
    """Tell whether the annotations of a decorator hand on what it is given: with a type variable."""
    if getattr(definition, "type_params", None):
        return True
    written = [*(each.node.annotation for each in read_parameters(definition)), definition.returns]
    return any(
        is_variable(node, names)
        for annotation in written
        if annotation is not None
        for node in ast.walk(annotation)
        if isinstance(node, ast.Name) and node in names.around
    )


def is_variable(node: ast.Name, names: Names) -> bool:
    found = resolve(node, names)
    if not (isinstance(found, Located) and isinstance(found.node, ast.Call)):
        return False
    made = resolve(found.node.func, found.names)
    return isinstance(made, External) and made.dotted in VARIABLES


def is_self(parameter: Parameter, names: Names) -> bool:
    """Tell whether a parameter is the `self` of a method, or the `cls`, which nobody annotates."""
    function = parameter.function
    return (
        isinstance(function, FUNCTION)
        and isinstance(names.parents.get(function), ast.ClassDef)
        and next(iter(read_parameters(function))).node is parameter.node
        and not is_static(function, names)
    )


def is_static(function: Function, names: Names) -> bool:
    return any(resolve(each, names) == External("builtins.staticmethod") for each in function.decorator_list)


def spell(parameter: Parameter) -> str:
    args = parameter.function.args
    stars = "*" if parameter.node is args.vararg else "**" if parameter.node is args.kwarg else ""
    return f"{stars}{parameter.node.arg}"
