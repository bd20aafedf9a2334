"""Tasks that the app makes by hand, and what becomes of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import Assignment, Names, Scope, last_name, may_be, resolve
from bgtasks.check.facts.keepers import adds_of_keeper
from bgtasks.check.facts.uses import add_by, is_harmless
from bgtasks.check.facts.vocabulary import Family, family_of, makes_tasks


@dataclass(frozen=True, slots=True, eq=False)
class Handmade:
    """
    A `BackgroundTasks()` or a `BackgroundTask(...)` that a function makes.

    `scope` is that of the function and `name` what it is bound to there and never anything else;
    None where it has no name. `adds` are the calls of its `add_task`, those of functions that do no
    more than to call it, and of the methods of an object that does no more; `escapes` are all other uses.
    """

    call: ast.Call
    names: Names
    scope: Scope
    name: str | None
    adds: tuple[ast.Call, ...]
    escapes: tuple[ast.AST, ...]


def find_handmade(names: Names) -> Iterator[Handmade]:
    """Yield what functions make by hand; what a module or a class binds may be used anywhere."""
    for call in names.calls:
        if not is_candidate(call, names) or not makes_tasks(call, names):
            continue
        scope, parent = names.around[call], names.parents[call]
        match parent:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if scope.find(name) is scope and is_only(name, scope, names):
                    yield read_uses(call, names, scope, name)
            case ast.Expr():
                yield Handmade(call, names, scope, None, (), ())
            case ast.Attribute(attr="add_task") if isinstance(names.parents[parent], ast.Call):
                add = names.parents[parent]
                assert isinstance(add, ast.Call)
                yield Handmade(call, names, scope, None, (add,), ())
            case ast.Call() | ast.keyword() if adds := adds_by(call, names):
                yield Handmade(call, names, scope, None, adds, ())
            case _:
                pass


def is_candidate(call: ast.Call, names: Names) -> bool:
    """Tell whether a call may make tasks, without a look at what it calls: most calls do not."""
    if names.enclosing(call) is None:
        return False
    match names.parents[call]:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return may_make(call, names) or any(
                isinstance(parent := names.parents[use], ast.Attribute) and parent.attr == "add_task"
                for use in names.loads.get(name, ())
            )
        case ast.Attribute(attr="add_task"):
            return True
        case ast.Expr() | ast.Call() | ast.keyword():
            return may_make(call, names)
        case _:
            return False


def may_make(call: ast.Call, names: Names) -> bool:
    return "Task" in last_name(call.func) or may_be(call.func, ("BackgroundTask", "BackgroundTasks"), names)


def is_only(name: str, scope: Scope, names: Names) -> bool:
    """Tell whether `name` is bound to nothing else than what is made by hand."""
    return all(
        isinstance(each, Assignment) and makes_tasks(each.value, names) for each in scope.bindings[name]
    )


def read_uses(call: ast.Call, names: Names, scope: Scope, name: str) -> Handmade:
    adds: list[ast.Call] = []
    escapes: list[ast.AST] = []
    # Whoever asks for all names may use each.
    escapes += [use for each in ("eval", "exec", "locals") for use in names.loads.get(each, ())]
    for use in names.uses(name, scope):
        if added := adds_by(use, names):
            adds += added
        elif not is_harmless(use, names):
            escapes.append(use)
    return Handmade(call, names, scope, name, tuple(adds), tuple(escapes))


def adds_by(use: ast.AST, names: Names) -> tuple[ast.Call, ...]:
    """Return the calls that add to tasks by a use of them, itself or by an object that keeps them."""
    add = add_by(use, names)
    return (add,) if add is not None else adds_of_keeper(use, names)


def has_tasks(made: Handmade) -> bool:
    """Tell whether something is to run: tasks were added, or given at once."""
    single = family_of(resolve(made.call.func, made.names)) is Family.TASK
    return single or bool(made.adds or made.call.args or made.call.keywords)


def is_background(add: ast.expr, names: Names) -> bool:
    """Tell whether the result of a call is given to a response as its background."""
    match names.parents[add]:
        case ast.keyword(arg="background"):
            return True
        case ast.Assign(targets=[ast.Attribute(attr="background")]):
            return True
        case _:
            return False
