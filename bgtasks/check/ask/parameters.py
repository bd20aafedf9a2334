"""What a task itself says of the parameter that an argument goes to: its type, and tests for None."""

import ast
from collections.abc import Sequence

from bgtasks.check.ask.modules import root_of
from bgtasks.check.ask.spots import Node, Spot
from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    Callee,
    Given,
    Located,
    Names,
    Parameter,
    find_callee,
    find_function,
    is_bare,
    match,
    read_given,
    read_parameters,
    resolve,
)
from bgtasks.check.facts.sites import Site
from bgtasks.check.facts.tasks import is_partial


def find_parameter(spot: Spot, site: Site) -> tuple[Parameter, Names] | None:
    """
    Return the parameter that gets what stands at `spot`, and the module of its function.

    None where that is not the app's own, or not sure. A decorator that is not known is taken for one
    that keeps the parameters, as the checkers have done that speak of them.
    """
    found = find_called_at(spot, site)
    if found is None:
        return None
    callee, given = found
    function = callee.located.node
    assert isinstance(function, FUNCTION)
    got = match(given, function, bound=callee.bound)
    value = value_of(spot.node)
    name = next((name for name, each in got.items() if each is value), None)
    parameter = next((each for each in read_parameters(function) if each.node.arg == name), None)
    return (parameter, callee.located.names) if parameter is not None else None


def find_function_of(spot: Spot, site: Site) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the function of the app that the call runs which something at `spot` is wrong with."""
    found = find_called_at(spot, site)
    node = found[0].located.node if found is not None else None
    return node if isinstance(node, FUNCTION) else None


def find_called_at(spot: Spot, site: Site) -> tuple[Callee, Given] | None:
    owner = spot.owner
    if owner is site.call and site.task is not None:
        return find_called(site.task, read_given(site.args, site.keywords), site.names)
    if not isinstance(owner, ast.Call):
        return None
    partial = is_partial(owner.func, site.names)
    given = Given() if partial else read_given(owner.args, owner.keywords)
    return find_called(owner if partial else owner.func, given, site.names)


def value_of(node: Node) -> ast.expr:
    return node.value if isinstance(node, ast.keyword) else node


def find_called(func: ast.expr, given: Given, names: Names) -> tuple[Callee, Given] | None:
    """Return the function of the app that `func` runs, through `partial`, and all that it is given."""
    match func:
        case ast.Call(func=maker, args=[inner, *args], keywords=keywords) if is_partial(maker, names):
            return find_called(inner, read_given(args, keywords).before(given), names)
        case ast.Name() | ast.Attribute():
            callee = find_callee(func, names)
            if callee is not None and not isinstance(callee.located.node, FUNCTION):
                callee = find_function(func, names)
            return (callee, given) if callee and isinstance(callee.located.node, FUNCTION) else None
        case _:
            return None


def is_inferred(parameter: Parameter | None) -> bool:
    """Tell whether all that is known of a parameter's type is its default."""
    return parameter is not None and parameter.node.annotation is None and parameter.default is not None


def is_inferred_value(node: ast.expr, names: Names) -> bool:
    """
    Tell whether nothing in the app says of which type a value is, or what it is an attribute of.

    That is a parameter without an annotation that has a default; of attributes, also what a function of
    the app returns that does not say so.
    """
    root = root_of(node)
    bound = names.bindings(root) if isinstance(root, ast.Name) and root in names.around else []
    if bound and all(isinstance(each, Parameter) and is_inferred(each) for each in bound):
        return True
    values = [each.value if isinstance(each, Assignment) else None for each in bound] or [root]
    return root is not node and all(is_inferred_result(value, names) for value in values)


def is_of_decorated(node: ast.expr, names: Names) -> bool:
    """Tell whether a value is an attribute of a function that a decorator may have made something else of."""
    found = resolve(node.value, names) if isinstance(node, ast.Attribute) else None
    return isinstance(found, Located) and isinstance(found.node, FUNCTION) and not is_bare(found)


def is_of_unknown_length(given: Sequence[str], spot: Spot) -> bool:
    """
    Tell whether an argument is unpacked of which no type says how many, or which, arguments it makes.

    To a checker each value of such a list or dict may go to any parameter that is left. `given` are the types
    that checkers say; of a tuple that has a length mypy says `*tuple[str, int]`, of a list `*list[str]`,
    and of a `TypedDict` the type of the one value that does not fit.
    """
    if isinstance(spot.node, ast.keyword):
        unpacked = spot.node.arg is None
    else:
        args = spot.owner.args if isinstance(spot.owner, ast.Call) else []
        unpacked = any(isinstance(each, ast.Starred) and spot.node in {each, each.value} for each in args)
    starred = [text for text in given if text.startswith("*")]
    known = any(text.startswith("*tuple[") and "..." not in text for text in starred)
    return unpacked and bool(starred) and not known


def is_joined(node: ast.expr, names: Names) -> bool:
    """
    Tell whether a value is one out of a dict or a list that nothing annotates.

    Where the values in one differ, mypy takes each for an object.
    """
    if not isinstance(node, ast.Subscript):
        return False
    bound = names.bindings(node.value) if isinstance(node.value, ast.Name) else []
    return bool(bound) and all(
        isinstance(each, Assignment)
        and each.annotation is None
        and isinstance(each.value, ast.Dict | ast.List)
        for each in bound
    )


def is_inferred_result(value: ast.expr | None, names: Names) -> bool:
    match value:
        case ast.Call(func=func) | ast.Await(value=ast.Call(func=func)):
            callee = find_callee(func, names)
            node = callee.located.node if callee is not None else None
            return isinstance(node, FUNCTION) and node.returns is None
        case _:
            return False


def is_tested(parameter: Parameter, names: Names) -> bool:
    """Tell whether the function of a parameter asks whether it is there: `if x`, `x is None`, `x or y`."""
    scope = names.within[parameter.function]
    return any(tests(use, names) for use in names.uses(parameter.node.arg, scope))


def tests(use: ast.Name, names: Names) -> bool:
    match names.parents[use]:
        case ast.Compare(left=left, comparators=others):
            return any(isinstance(each, ast.Constant) and each.value is None for each in (left, *others))
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
            return test is use
        case ast.comprehension(ifs=conditions):
            return use in conditions
        case ast.Match(subject=subject, cases=cases):
            return subject is use and any(
                isinstance(part, ast.MatchSingleton) and part.value is None
                for case in cases
                for part in ast.walk(case.pattern)
            )
        case _:
            return False
