"""Values that hold `add_task`: names for it, partials of it, and where it is handed on."""

import ast
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bgtasks.check.code import (
    FUNCTION,
    Callee,
    External,
    Found,
    Located,
    Names,
    Parameter,
    class_of,
    find_callee,
    last_name,
    match,
    may_be,
    member,
    method,
    owner_of,
    read_annotation,
    read_given,
    read_parameters,
    resolve,
)
from bgtasks.check.facts.sites import Site, defines, hands_all_on, place_of, split_task
from bgtasks.check.facts.vocabulary import Family, family_of

# What calls the function that it is given, with what stands behind that; and how much stands before it.
CALLING = {
    "call_soon": 0,
    "call_soon_threadsafe": 0,
    "call_later": 1,
    "call_at": 1,
    "run_in_executor": 1,
    "run_in_threadpool": 0,
    "submit": 0,
    "to_thread": 0,
    "callback": 0,
}
# What looks at a function and does not call it.
LOOKING = {
    *(f"builtins.{name}" for name in ("callable", "hasattr", "id", "isinstance", "print", "repr", "type")),
    "functools.wraps",
    "inspect.signature",
}


@dataclass(frozen=True, slots=True)
class Held:
    """
    What adds a task when it is called, with what partials of it have filled already.

    `kind` is the class of `receiver`, or the class of single tasks itself, whose `receiver` is None.
    """

    receiver: ast.expr | None
    kind: Found
    args: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()

    @property
    def filled(self) -> tuple[ast.expr, ...]:
        return (*self.args, *(keyword.value for keyword in self.keywords))

    def fill(self, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> "Held":
        return replace(self, args=(*self.args, *args), keywords=(*self.keywords, *keywords))


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk along values; `known` are the modules to walk in, and `seen` the values that were met."""

    known: AbstractSet[Names]
    seen: set[ast.expr]


def find_values(modules: Sequence[Names]) -> Iterator[Site]:
    """
    Yield where a value that surely holds `add_task` is called, filled with a task, or handed on.

    Each stands in one of `modules`. A name is followed where nothing else is bound to it, and a
    parameter of a function of the app's own into that function.
    """
    walk = Walk(set(modules), set())
    for names in modules:
        for value, held in find_held(names):
            yield from follow_value(value, held, names, walk)


def find_held(names: Names) -> Iterator[tuple[ast.expr, Held]]:
    for node, parent in names.parents.items():
        if isinstance(node, ast.Attribute) and node.attr == "add_task" and isinstance(node.ctx, ast.Load):
            called = isinstance(parent, ast.Call) and parent.func is node
            kind = None if called else class_of(node.value, names)
            if family_of(kind) is Family.TASKS:
                yield node, Held(node.value, kind)
    for call in names.calls:
        if call.args and may_be(call.func, ["partial"], names) and is_partial(call, names):
            kind = resolve(call.args[0], names)
            if family_of(kind) is Family.TASK and member(kind, "__init__") is None:
                yield call.args[0], Held(None, kind)


def is_partial(call: ast.Call, names: Names) -> bool:
    return resolve(call.func, names) == External("functools.partial")


def follow_value(value: ast.expr, held: Held, names: Names, walk: Walk) -> Iterator[Site]:
    """Yield what is done with `value`; nothing where it is only looked at."""
    if value in walk.seen:
        return
    walk.seen.add(value)
    parent = names.parents[value]
    match parent:
        case ast.Call(func=func) if func is value:
            if all(means_the_same(each, value, names) for each in held.filled):
                filled = held.fill(parent.args, parent.keywords)
                yield site_of(parent, None if held.filled else func, filled, names)
        case ast.Call():
            yield from follow_argument(value, parent, held, names, walk)
        case ast.keyword():
            call = names.parents[parent]
            assert isinstance(call, ast.Call | ast.ClassDef)
            if isinstance(call, ast.Call):
                yield from follow_argument(value, call, held, names, walk)
        case (
            ast.Assign(targets=[(ast.Name() | ast.Attribute()) as target])
            | ast.AnnAssign(target=(ast.Name() | ast.Attribute()) as target)
        ) if uses := uses_of(target, names):
            for use in uses:
                yield from follow_value(use, held, names, walk)
        case ast.Expr() | ast.Attribute() | ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.If():
            pass
        case _:
            yield from hand_on(value, held, names)


def means_the_same(value: ast.expr, place: ast.expr, names: Names) -> bool:
    """Tell whether all names in `value` mean the same at `place`, in the module of `names`."""
    scope = names.around[place]
    return all(
        node in names.around and names.around[node].find(node.id) is scope.find(node.id)
        for node in ast.walk(value)
        if isinstance(node, ast.Name)
    )


def uses_of(target: ast.Name | ast.Attribute, names: Names) -> list[ast.expr]:
    """Return where what is bound to `target` is read; nothing where that may be something else."""
    if isinstance(target, ast.Name):
        scope = names.around[target].find(target.id)
        return [*names.uses(target.id, scope)] if scope and len(scope.bindings[target.id]) == 1 else []
    owner = owner_of(target.value, names)
    if not (isinstance(owner, Located) and owner.names is names and isinstance(owner.node, ast.ClassDef)):
        return []
    same = [
        node
        for node in ast.walk(owner.node)
        if isinstance(node, ast.Attribute)
        and node.attr == target.attr
        and owner_of(node.value, names) == owner
    ]
    stored = [node for node in same if not isinstance(node.ctx, ast.Load)]
    return [node for node in same if node not in stored] if stored == [target] else []


def follow_argument(value: ast.expr, call: ast.Call, held: Held, names: Names, walk: Walk) -> Iterator[Site]:
    index = call.args.index(value) if value in call.args else -1
    found = resolve(call.func, names)
    if index == 0 and is_partial(call, names):
        filled = held.fill(call.args[1:], call.keywords)
        if filled.filled:
            yield site_of(call, value, filled, names, name="partial")
        yield from follow_value(call, filled, names, walk)
    elif isinstance(found, External) and found.dotted in LOOKING:
        pass
    elif CALLING.get(last_name(call.func)) == index and not isinstance(found, Located):
        yield site_of(call, value, held.fill(call.args[index + 1 :], call.keywords), names)
    else:
        taken = find_parameter(value, call, names)
        if taken is None or not keeps(*taken):
            yield from hand_on(value, held, names)
        if taken is not None and taken[1] in walk.known:
            parameter, there = taken
            scope = there.within[parameter.function]
            for use in there.uses(parameter.node.arg, scope):
                yield from follow_value(use, held, there, walk)


def find_parameter(value: ast.expr, call: ast.Call, names: Names) -> tuple[Parameter, Names] | None:
    """Return the parameter of a function of the app's own that `call` surely gives `value` to."""
    callee = find_callee(call.func, names)
    if callee is not None and isinstance(callee.located.node, ast.ClassDef):
        made = method(callee.located, "__init__")
        callee = Callee(made, bound=True) if made else None
    function = callee.located.node if callee else None
    if callee is None or not isinstance(function, FUNCTION):
        return None
    there = callee.located.names
    given = match(read_given(call.args, call.keywords), function, bound=callee.bound)
    for parameter in read_parameters(function):
        name = parameter.node.arg
        if len(there.within[function].bindings[name]) == 1 and given.get(name) is value:
            return parameter, there
    return None


def keeps(parameter: Parameter, names: Names) -> bool:
    """Tell whether a parameter is of a class that takes what `add_task` does, by a `ParamSpec`."""
    called = method(read_annotation(parameter.node.annotation, names).kind, "__call__")
    if called is None or not isinstance(called.node, FUNCTION) or called.node.args.vararg is None:
        return False
    annotation = called.node.args.vararg.annotation
    return isinstance(annotation, ast.Attribute) and annotation.attr == "args"


def site_of(
    call: ast.Call, adder: ast.expr | None, held: Held, names: Names, *, name: str = "add_task"
) -> Site:
    """Return the site of `call`, which comes to a call of `name` with what `held` was filled with."""
    parts = split_task(held.args, held.keywords)
    own = defines(held.kind, ("add_task",)) and held.receiver is not None
    plain = not own and not defines(held.kind, ("__call__",))
    judged = parts[0] is not None and (not own or hands_all_on(held.kind, held.keywords))
    direct = name if judged else None
    return Site(
        call,
        names,
        place_of(names.module, call),
        None,
        *parts,
        sure=True,
        plain=plain,
        adder=adder,
        direct=direct,
    )


def hand_on(value: ast.expr, held: Held, names: Names) -> Iterator[Site]:
    """Yield the site of a value that is handed on, unless it is filled and so has a site."""
    if not held.filled:
        place = place_of(names.module, value)
        yield Site(value, names, place, held.receiver, None, (), (), sure=True, plain=False, adder=value)
