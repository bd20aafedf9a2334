"""How a function uses the tasks that it has: what it adds, and what it hands on to others."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    Callee,
    Function,
    Names,
    Parameter,
    class_of,
    find_function,
    match,
    own_nodes,
    read_given,
    read_parameters,
    remembered,
)
from bgtasks.check.facts.vocabulary import family_of, makes_tasks


@dataclass(frozen=True, slots=True)
class Handed:
    """A value that `call` hands to `parameter` of a function of the app, in the module of `names`."""

    call: ast.Call
    parameter: Parameter
    callee: Callee

    @property
    def names(self) -> Names:
        return self.callee.located.names

    @property
    def function(self) -> Function:
        node = self.callee.located.node
        assert isinstance(node, FUNCTION)
        return node


def add_of(use: ast.AST, names: Names) -> ast.Call | None:
    """Return the `add_task` call whose receiver `use` is."""
    parent = names.parents[use]
    if isinstance(parent, ast.Attribute) and parent.attr == "add_task":
        call = names.parents[parent]
        if isinstance(call, ast.Call) and call.func is parent:
            return call
    return None


def add_by(use: ast.AST, names: Names) -> ast.Call | None:
    """Return the call that adds to tasks, itself or by a function of the app that does no more with them."""
    add = add_of(use, names)
    handed = handed_to(use, names) if add is None else None
    if handed is not None and only_adds(handed.parameter, handed.names):
        return handed.call if find_adds(handed.parameter, handed.names) else None
    return add


def is_harmless(use: ast.AST, names: Names) -> bool:
    """Tell whether nothing else holds tasks by a use: it asks for them, or a task of theirs gets them."""
    return is_asked(use, names) or is_given_to_own(use, names)


def is_asked(use: ast.AST, names: Names) -> bool:
    """Tell whether a value is only asked whether it is there, as in `if tasks is not None`."""
    match names.parents[use]:
        case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq()]):
            return True
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return test is use
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp() as several:
            return is_asked(several, names)
        case _:
            return False


def is_given_to_own(use: ast.AST, names: Names) -> bool:
    """Tell whether tasks are only what a task of their own gets, which runs if they do."""
    parent = names.parents[use]
    call = names.parents[parent] if isinstance(parent, ast.keyword) else parent
    match use, call:
        case ast.Name(id=name), ast.Call(
            func=ast.Attribute(value=ast.Name(id=own) as receiver, attr="add_task")
        ):
            return own == name and receiver is not use
        case _:
            return False


def handed_to(value: ast.AST, names: Names) -> Handed | None:
    """Return the parameter of a function of the app that gets `value`; None where that is not sure."""
    parent = names.parents[value]
    call = names.parents[parent] if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call) or call.func is value:
        return None
    callee = find_function(call.func, names)
    if callee is None:
        return None
    function = callee.located.node
    assert isinstance(function, FUNCTION)
    got = match(read_given(call.args, call.keywords), function, bound=callee.bound)
    parameter = next((each for each in read_parameters(function) if got.get(each.node.arg) is value), None)
    return Handed(call, parameter, callee) if parameter is not None else None


def find_kept(uses: Sequence[ast.Name], names: Names) -> Iterator[ast.Name]:
    """Yield the uses of tasks by which anything may come to hold, attach or run them."""
    for use in uses:
        if add_by(use, names) is None and not is_harmless(use, names):
            yield use


@remembered
def only_adds(parameter: Parameter, names: Names) -> bool:
    """Tell whether a function surely does no more with the tasks in `parameter` than to add to them."""
    function, name = parameter.function, parameter.node.arg
    scope = names.within[function]
    return (
        isinstance(function, FUNCTION)
        and len(scope.bindings[name]) == 1
        and not any(names.loads.get(each) for each in ("eval", "exec", "locals"))
        and next(find_kept(names.uses(name, scope), names), None) is None
    )


@remembered
def find_adds(parameter: Parameter, names: Names) -> tuple[ast.Call, ...]:
    """Return the calls that add to the tasks in `parameter`, those of functions that it is handed to too."""
    found: list[ast.Call] = []
    for use in names.uses(parameter.node.arg, names.within[parameter.function]):
        add = add_of(use, names)
        handed = handed_to(use, names) if add is None else None
        if add is not None:
            found.append(add)
        elif handed is not None and find_adds(handed.parameter, handed.names):
            found.append(handed.call)
    return tuple(found)


@remembered
def runs_tasks(function: Function, names: Names) -> bool:
    """Tell whether a function may run tasks itself: it calls them, or hands those it makes to others."""
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and family_of(class_of(node.func, names)) is not None:
            return True
    for name, bound in names.within[function].bindings.items():
        if any(isinstance(each, Assignment) and makes_tasks(each.value, names) for each in bound):
            uses = names.uses(name, names.within[function])
            if any(not is_attached(use, names) for use in find_kept(uses, names)):
                return True
    return False


def is_attached(use: ast.AST, names: Names) -> bool:
    match names.parents[use]:
        case ast.keyword(arg="background") | ast.Return() | ast.Assign(targets=[ast.Attribute()]):
            return True
        case _:
            return False
