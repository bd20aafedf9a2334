"""BGT214: one object of tasks, of a module or a class, is added to and given to every response."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import Assignment, Located, Names, member, owner_of, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.handmade import may_make
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.vocabulary import Family, family_of, makes_tasks
from bgtasks.check.model import Finding, Rule

RULE: Rule = Rule("BGT214", "shared-tasks", "responses share tasks, so each runs those of the earlier ones")


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that a module or a class makes once, functions add to, and responses get.

    Source: <https://www.starlette.io/background/>: a response runs all that is in its background, and
    takes nothing out of it.
    """
    for names in app.modules:
        for made in find_shared(names):
            if any(is_added_to(made, each) for each in app.modules) and any(
                is_given(made, each) for each in app.modules
            ):
                message = "each response runs the tasks of all earlier ones too, for all share this object; "
                advice = "make one for each response"
                yield Finding(RULE, place_of(names.module, made), message + advice)


def find_shared(names: Names) -> Iterator[ast.Call]:
    for call in names.calls:
        bound = isinstance(names.parents[call], ast.Assign | ast.AnnAssign) and may_make(call, names)
        if not bound or names.enclosing(call) is not None:
            continue
        if family_of(resolve(call.func, names)) is Family.TASKS and makes_tasks(call, names):
            yield call


def is_added_to(made: ast.Call, names: Names) -> bool:
    return any(
        isinstance(call.func, ast.Attribute)
        and names.enclosing(call) is not None
        and is_same(call.func.value, made, names)
        for call in names.calls_of.get("add_task", ())
    )


def is_given(made: ast.Call, names: Names) -> bool:
    """Tell whether a function gives tasks to a response."""
    for node in ast.walk(names.module.tree):
        match node:
            case ast.keyword(arg="background", value=value):
                pass
            case ast.Assign(targets=[ast.Attribute(attr="background")], value=value):
                pass
            case _:
                continue
        if names.enclosing(value) is not None and is_same(value, made, names):
            return True
    return False


def is_same(value: ast.expr, made: ast.Call, names: Names) -> bool:
    """Tell whether an expression is the one object that `made` makes."""
    found = resolve(value, names) if isinstance(value, ast.Name | ast.Attribute) else None
    if found is None and isinstance(value, ast.Attribute):
        owned = member(owner_of(value.value, names), value.attr)
        return owned is not None and isinstance(owned[0], Assignment) and owned[0].value is made
    return isinstance(found, Located) and found.node is made
