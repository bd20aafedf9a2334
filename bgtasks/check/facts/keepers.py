"""Objects that keep tasks to add to them, and that nobody else gets to hold."""

import ast

from bgtasks.check.code import FUNCTION, Names, Scope, remembered
from bgtasks.check.facts.uses import Handed, add_of, handed_to


def adds_of_keeper(value: ast.AST, names: Names) -> tuple[ast.Call, ...]:
    """
    Return the calls of methods of the object that `value` is given to when it is made.

    There are none unless the class does no more with `value` than to keep it and to add to it, and the
    function that makes the object does no more with that than to call its methods.
    """
    handed = handed_to(value, names)
    if handed is None or not keeps(handed):
        return ()
    made = handed.call
    match names.parents[made]:
        case ast.Attribute():
            uses: list[ast.AST] = [made]
        case ast.Assign(targets=[ast.Name(id=name)]) if is_local(name, scope := names.around[made]):
            uses = list(names.uses(name, scope))
        case _:
            return ()
    calls = [called_on(use, names) for use in uses]
    return tuple(call for call in calls if call is not None) if None not in calls else ()


def is_local(name: str, scope: Scope) -> bool:
    return isinstance(scope.node, FUNCTION) and len(scope.bindings.get(name, ())) == 1


def called_on(use: ast.AST, names: Names) -> ast.Call | None:
    """Return the call of a method of `use`."""
    method = names.parents[use]
    call = names.parents[method] if isinstance(method, ast.Attribute) else None
    return call if isinstance(call, ast.Call) and call.func is method else None


def keeps(handed: Handed) -> bool:
    """Tell whether an `__init__` keeps what it is handed, and its class does no more than to add to that."""
    names, function = handed.names, handed.function
    owner = names.parents[function]
    if function.name != "__init__" or not isinstance(owner, ast.ClassDef) or not is_plain(owner):
        return False
    uses = list(names.uses(handed.parameter.node.arg, names.within[function]))
    attributes = {kept_as(use, names) for use in uses}
    if len(attributes) != 1 or None in attributes:
        return False
    [attribute] = attributes
    return adds_only(owner, names, attribute or "")


def is_plain(owner: ast.ClassDef) -> bool:
    """Tell whether all that a class does is written in it."""
    return not (owner.bases or owner.keywords or owner.decorator_list)


def kept_as(use: ast.AST, names: Names) -> str | None:
    """Return the attribute of `self` that a value becomes."""
    match names.parents[use]:
        case (
            ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)])
            | ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=attribute))
        ):
            return attribute
        case _:
            return None


@remembered
def adds_only(owner: ast.ClassDef, names: Names, attribute: str) -> bool:
    """Tell whether the methods of a class add to what is in an attribute, and nobody gets that or `self`."""
    added = False
    for node in ast.walk(owner):
        if not isinstance(node, ast.Name) or node.id != "self":
            continue
        parent = names.parents[node]
        if not isinstance(parent, ast.Attribute):
            return False
        if parent.attr == attribute and isinstance(parent.ctx, ast.Load):
            if add_of(parent, names) is None:
                return False
            added = True
    return added
