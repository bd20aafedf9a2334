"""What a `partial` is made of: mypy knows what is left to give to one, but does not say it."""

import ast

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Import,
    Located,
    Names,
    assigned_to_self,
    make_absolute,
    owner_of,
    resolve,
)
from bgtasks.check.facts.values import means_the_same

PARTIAL = External("functools.partial")


def find_inmost(task: ast.expr, names: Names) -> tuple[ast.expr, Names]:
    """Return what is called in the end where `task` is a partial, and the names of its module."""
    made = find_made(task, names)
    if not (isinstance(made, Located) and isinstance(made.node, ast.Call) and made.node.args):
        return task, names
    if resolve(made.node.func, made.names) != PARTIAL:
        return task, names
    return find_inmost(made.node.args[0], made.names)


def find_made(task: ast.expr, names: Names) -> Found:
    """Return the call that makes `task`, itself or the one behind its name."""
    if isinstance(task, ast.Call):
        return Located(task, names)
    found = resolve(task, names)
    if found is not None or not isinstance(task, ast.Attribute):
        return found
    owner = owner_of(task.value, names)
    if not (isinstance(owner, Located) and isinstance(owner.node, ast.ClassDef)):
        return None
    functions = [each for each in owner.node.body if isinstance(each, FUNCTION)]
    match [one for each in functions for one in assigned_to_self(each, owner.names, task.attr)]:
        case [assigned] if assigned.value is not None:
            return Located(assigned.value, owner.names)
        case _:
            return None


def spell_inmost(task: ast.expr, names: Names, prefix: str) -> tuple[ast.expr, str]:
    """
    Return what `find_inmost` does as it can be named where `task` stands, or else `task` itself.

    Beside it stands the import that the name needs, "" for none; what that binds begins with `prefix`.
    """
    inner, there = find_inmost(task, names)
    while isinstance(task, ast.Call) and task.args and resolve(task.func, names) == PARTIAL:
        task = task.args[0]
    named = isinstance(inner, ast.Name | ast.Attribute)
    if inner is task or (named and there is names and means_the_same(inner, task, names)):
        return inner, ""
    match task, inner:
        case ast.Attribute(value=owner), ast.Attribute(value=ast.Name(), attr=attr) if is_self(inner, there):
            return ast.Attribute(owner, attr, ast.Load()), ""
        case ast.Attribute(value=owner), ast.Name(id=name) if is_module(owner, names, there):
            return ast.Attribute(owner, name, ast.Load()), ""
        case ast.Name(), ast.Name(id=name) if is_top(inner, there):
            for binding in names.bindings(task):
                module = binding.dotted.rpartition(".")[0] if isinstance(binding, Import) else ""
                if module and make_absolute(module, names.module) == there.module.name:
                    bound = f"{prefix}_{name}"
                    return ast.Name(bound, ast.Load()), f"from {module} import {name} as {bound}"
        case _:
            pass
    return task, ""


def is_self(inner: ast.Attribute, there: Names) -> bool:
    owner = owner_of(inner.value, there)
    return isinstance(owner, Located) and isinstance(owner.node, ast.ClassDef)


def is_module(owner: ast.expr, names: Names, there: Names) -> bool:
    found = resolve(owner, names)
    return isinstance(found, Located) and found.node is there.module.tree


def is_top(name: ast.Name, there: Names) -> bool:
    return there.around[name].find(name.id) is there.top
