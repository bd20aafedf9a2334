"""Modules of the app that are not to be checked, but whose functions get its tasks."""

import ast
from collections.abc import Iterator, Sequence

from bgtasks.check.code import (
    Assignment,
    Binding,
    Found,
    Names,
    Parameter,
    class_of,
    find_function,
    told_class,
)
from bgtasks.check.facts.handmade import may_make
from bgtasks.check.facts.vocabulary import Family, family_of


def find_beyond(modules: Sequence[Names]) -> list[Names]:
    """
    Return the modules, none of `modules`, with functions that these hand tasks to, or one another.

    Such a function adds what it is given where it is not to be seen, and its calls are to be checked.
    """
    reached = list(modules)
    for names in reached:
        for call in names.calls:
            if any(is_tasks(value, names) for value in values_of(call)):
                callee = find_function(call.func, names)
                if callee is not None and callee.located.names not in reached:
                    reached.append(callee.located.names)
    return reached[len(modules) :]


def values_of(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def is_tasks(value: ast.expr, names: Names) -> bool:
    """Tell whether tasks are handed on, by a name, by an attribute or as they are made."""
    match value:
        case ast.Name():
            handed = any(may_be_tasks(bound, names) for bound in names.bindings(value))
            return handed and is_family(class_of(value, names) or told_class(value, names))
        case ast.Attribute():
            return is_family(class_of(value, names))
        case ast.Call():
            return may_make(value, names) and is_family(class_of(value, names))
        case _:
            return False


def is_family(kind: Found) -> bool:
    return family_of(kind) is Family.TASKS


def may_be_tasks(bound: Binding, names: Names) -> bool:
    match bound:
        case Parameter():
            return True
        case Assignment(value=ast.Call() as call):
            return may_make(call, names)
        case _:
            return False
