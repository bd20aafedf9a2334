"""Find the calls that make a background task."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bgtasks.check.code import (
    FUNCTION,
    Found,
    Given,
    Located,
    Names,
    Parameter,
    class_of,
    member,
    method,
    own_nodes,
    resolve,
    told_class,
)
from bgtasks.check.facts.vocabulary import Family, family_of, is_known
from bgtasks.check.model import Module, Place


@dataclass(frozen=True, slots=True)
class Forwarder:
    """
    A function of the app, in the module of `names`, that makes tasks of what `parameter` gets.

    `given` are the parameters from which the task has what it is given, `*args` and `**kwargs` among them,
    and `adds` is all that it is given there.
    """

    parameter: Parameter
    names: Names
    given: tuple[Parameter, ...]
    adds: Given


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """
    What makes a background task: `tasks.add_task(...)`, `BackgroundTask(...)`, or a value that holds such.

    `call` is the call, or the value where it is handed on, and `place` where it stands. `receiver` is
    the `tasks` of `tasks.add_task(...)`, None where the call is a `BackgroundTask(...)`. `task` is what
    becomes the task, `args` and `keywords` what it is given; None and nothing where the call does not
    write them out, as in `add_task(*pair)`. `sure` tells whether the source alone shows that the call
    is Starlette's or FastAPI's; where it does not, the type of the receiver decides. `plain` tells that
    it is sure and that no class of the app's own does something else with the task.

    `adder` is what takes the task, as `tasks.add_task` does: its type tells whether the arguments are
    compared with the task; None where it does not stand there. `direct` is "add_task" or "partial"
    where the call comes to such a call of the task, and a checker cannot judge it as that. `forwarder`
    is the function of the app that is called, where that is what adds the task. `background` tells that
    it is no task, but what a response gets in place of one. `told` tells that only the callers of the
    function around it tell whose the call is, which no checker asks.
    """

    call: ast.expr
    names: Names
    place: Place
    receiver: ast.expr | None
    task: ast.expr | None
    args: tuple[ast.expr, ...]
    keywords: tuple[ast.keyword, ...]
    sure: bool
    plain: bool
    adder: ast.expr | None
    direct: str | None = None
    forwarder: Forwarder | None = None
    background: bool = False
    told: bool = False

    @property
    def module(self) -> Module:
        return self.names.module

    @property
    def arguments(self) -> tuple[ast.expr, ...]:
        """The values that the task is given."""
        return (*self.args, *(keyword.value for keyword in self.keywords))

    @property
    def adds(self) -> bool:
        """Tell whether the call itself is one of `add_task`, and no value or function that does that."""
        return isinstance(self.call, ast.Call) and self.call.func is self.adder and self.forwarder is None


def find_sites(names: Names) -> Iterator[Site]:
    """Yield the call sites in the module of `names`."""
    return (site for call in names.calls for site in read_site(call, names))


def read_site(call: ast.Call, names: Names) -> Iterator[Site]:
    match call.func:
        case ast.Attribute(value=receiver, attr="add_task"):
            yield from read_add(call, receiver, names)
        case ast.Name(id=name) if might_be_class(name, names):
            yield from read_construction(call, names)
        case ast.Attribute(attr=name) if "Task" in name:
            yield from read_construction(call, names)
        case _:
            pass


def might_be_class(name: str, names: Names) -> bool:
    """Tell whether a name may be one for a class, without a look at other files."""
    bound = names.top.bindings.get(name, [])
    return "Task" in name or any(
        isinstance(each, ast.ClassDef) or "BackgroundTask" in getattr(each, "dotted", "") for each in bound
    )


def read_add(call: ast.Call, receiver: ast.expr, names: Names) -> Iterator[Site]:
    place = place_of(names.module, call)
    found = resolve(receiver, names)
    if family_of(found) is Family.TASKS:  # BackgroundTasks.add_task(tasks, func)
        if call.args and not isinstance(call.args[0], ast.Starred):
            parts = split_task(call.args[1:], call.keywords)
            plain = is_known(found)
            yield Site(call, names, place, call.args[0], *parts, sure=True, plain=plain, adder=call.func)
        return
    if is_super(receiver):
        function = names.enclosing(call)
        owner = names.parents.get(function) if function else None
        kind: Found = Located(owner, names) if isinstance(owner, ast.ClassDef) else None
    else:
        kind = class_of(receiver, names)
    told = told_class(receiver, names) if kind is None and isinstance(receiver, ast.Name) else None
    kind = kind or told
    parts = split_task(call.args, call.keywords)
    sure = family_of(kind) is Family.TASKS
    own = sure and not is_super(receiver) and defines(kind, ("add_task",))
    plain = sure and not own and not defines(kind, ("__call__",))
    by_callers = plain and told is not None and parts[0] is not None
    direct = "add_task" if by_callers or (own and parts[0] and hands_all_on(kind, call.keywords)) else None
    yield Site(call, names, place, receiver, *parts, sure, plain, call.func, direct, told=by_callers)


def read_construction(call: ast.Call, names: Names) -> Iterator[Site]:
    kind = resolve(call.func, names)
    if family_of(kind) is not Family.TASK:
        return
    own = member(kind, "__init__") is not None
    # Where a class has an `__init__` of its own, it takes what it likes.
    if not own or hands_all_on(kind, call.keywords, "__init__"):
        parts = split_task(call.args, call.keywords)
        place, plain = place_of(names.module, call), not own and not defines(kind, ("__call__",))
        direct = "add_task" if own and parts[0] is not None else None
        yield Site(call, names, place, None, *parts, sure=True, plain=plain, adder=call.func, direct=direct)


def hands_all_on(kind: Found, keywords: Sequence[ast.keyword], name: str = "add_task") -> bool:
    """
    Tell whether the method `name` of a class of the app's own adds what it is given, as it stands.

    That is `def add_task(self, func, *args, **kwargs)`, which hands all three to that of its base, or
    to `BackgroundTask`.
    """
    found = method(kind, name)
    if found is None or not isinstance(found.node, FUNCTION) or found.node.decorator_list:
        return False
    args, scope = found.node.args, found.names.within[found.node]
    positional, star, double = [*args.posonlyargs, *args.args], args.vararg, args.kwarg
    if len(positional) != len(("self", "func")) or star is None or double is None:
        return False
    handed = (positional[1].arg, star.arg, double.arg)
    own = {each.arg for each in args.kwonlyargs}
    if any(len(scope.bindings[each]) > 1 for each in handed) or own & {each.arg for each in keywords}:
        return False
    return any(
        isinstance(node, ast.Call)
        and spell_arguments(node) == (handed[0], f"*{handed[1]}", f"**{handed[2]}")
        and adds(node.func, name, found.names)
        for node in own_nodes(found.node)
    )


def adds(func: ast.expr, name: str, names: Names) -> bool:
    """Tell whether `func`, in a method that is called `name`, is that of the base or makes a task."""
    if isinstance(func, ast.Attribute) and func.attr == name and is_super(func.value):
        return True
    made = resolve(func, names)
    return family_of(made) is Family.TASK and member(made, "__init__") is None


def spell_arguments(call: ast.Call) -> tuple[str, ...]:
    """Return the arguments of a call as they are written."""
    return (*map(ast.unparse, call.args), *(ast.unparse(each) for each in call.keywords))


def defines(kind: Found, methods: Sequence[str]) -> bool:
    """Tell whether a class of the app's own has one of `methods`, by itself or by a base."""
    return any(member(kind, method) for method in methods)


Parts: TypeAlias = tuple[ast.expr | None, tuple[ast.expr, ...], tuple[ast.keyword, ...]]


def split_task(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Parts:
    """Return the task in the arguments of a call, and what it is given."""
    named = [keyword for keyword in keywords if keyword.arg == "func"]
    others = tuple(keyword for keyword in keywords if keyword.arg != "func")
    if named:
        return named[0].value, tuple(args), others
    if not args or isinstance(args[0], ast.Starred):
        return None, (), ()
    return args[0], tuple(args[1:]), others


def is_super(receiver: ast.expr) -> bool:
    return (
        isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super"
    )


def place_of(module: Module, node: ast.expr | ast.arg | ast.keyword) -> Place:
    """Return where `node` stands in `module`; the parser counts bytes, a place counts characters."""
    line, end = node.lineno, node.end_lineno or node.lineno
    return Place(
        module.path,
        line,
        column_of(module, line, node.col_offset),
        end,
        column_of(module, end, node.end_col_offset or node.col_offset),
    )


def column_of(module: Module, line: int, offset: int) -> int:
    if module.source.isascii():
        return offset + 1
    text = module.source.split("\n")[line - 1]
    return len(text.encode()[:offset].decode(errors="replace")) + 1
