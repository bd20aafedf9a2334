"""What the value of an expression holds: the names whose values are in it, however they came there."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    External,
    Found,
    Function,
    Given,
    Located,
    Names,
    Parameter,
    ancestors,
    find_function,
    match,
    method,
    own_nodes,
    read_given,
    read_parameters,
    remembered,
    resolve,
)
from bgtasks.check.facts.pieces import choices_of, elements_of, texts_of
from bgtasks.check.facts.tasks import is_partial

ELEMENT = "[]"
"""In a path: one of several."""
CALLED = "()"
"""Behind the last name in a path: it is called, as a method is."""
TEXT = "{}"
"""In a path: a text or a file path that is made of it."""
JOINING = {"os.path.join", "builtins.str", "os.fspath", "pathlib.Path", "pathlib.PurePath"}
COLLECTIONS = {
    f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter")
}
DATACLASSES = {External("dataclasses.dataclass"), External("attr.s"), External("attrs.define")}
MOST_STEPS = 200

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """An expression in the module of `names`, of whose value the part at `path` is held."""

    value: ast.AST
    names: Names
    path: tuple[str, ...] = ()
    late: bool = False

    def at(self, value: ast.AST, path: tuple[str, ...] | None = None) -> "Held":
        return replace(self, value=value, path=self.path if path is None else path)

    def behind(self, name: str) -> tuple[str, ...]:
        """Return the path that leads through `name`, which is called where the value would be."""
        return (name + CALLED, *self.path[1:]) if self.path[:1] == (CALLED,) else (name, *self.path)


def find_held(each: Held, seen: set[Held]) -> Iterator[Held]:
    """Yield the names whose values are in what is held, those before them in the function among them."""
    if each in seen or len(seen) > MOST_STEPS:
        return
    seen.add(each)
    if isinstance(each.value, ast.Name):
        yield each
    for inner in parts_of(each):
        yield from find_held(inner, seen)


def parts_of(each: Held) -> Iterator[Held]:
    """Yield the expressions of which what is held is made."""
    match each.value:
        case ast.Name() as name:
            yield from sources_of(name, each)
        case ast.Attribute(value=inner, attr=attr):
            yield each.at(inner, each.behind(attr))
        case ast.Subscript(value=inner):
            yield each.at(inner, each.behind(ELEMENT))
        case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef() as closure:
            yield from captured_by(closure, each)
        case ast.Call() as call:
            yield from given_to(call, each)
        case value:
            yield from (each.at(one, ()) for one in elements_of(value))
            yield from (each.at(one) for one in choices_of(value))
            yield from (each.at(one, (TEXT, *each.path)) for one in texts_of(value))


def sources_of(name: ast.Name, each: Held) -> Iterator[Held]:
    """Yield what the value of a name comes from: the one value it is bound to, or what is iterated over."""
    names = each.names
    match names.bindings(name):
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function] if is_inner(function, names):
            yield each.at(function)
        case [Assignment(value=ast.expr() as value)] if names.enclosing(value) is not None:
            yield replace(each.at(value), late=False)
        case [Assignment(value=None)]:
            iterated = find_iterated(name, names)
            if iterated is not None:
                yield replace(each.at(iterated, each.behind(ELEMENT)), late=False)
        case _:
            pass


def is_inner(function: ast.AST, names: Names) -> bool:
    return names.enclosing(function) is not None


def find_iterated(name: ast.Name, names: Names) -> ast.expr | None:
    """Return what a name is a loop variable of: `files` in `for file in files`."""
    scope = names.around[name].find(name.id)
    target = find_target(name.id, scope.node, names) if scope is not None else None
    parent = names.parents[target] if target is not None else None
    match parent:
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated) | ast.comprehension(iter=iterated):
            return iterated
        case _:
            return None


def find_target(spelled: str, within: ast.AST, names: Names) -> ast.Name | None:
    scope = names.within.get(within)
    stored = (
        node
        for node in ast.walk(within)
        if isinstance(node, ast.Name) and node.id == spelled and isinstance(node.ctx, ast.Store)
    )
    return next((node for node in stored if names.around[node].find(spelled) is scope), None)


def captured_by(closure: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, each: Held) -> Iterator[Held]:
    """Yield what a lambda or an inner function looks up around it, and what its defaults keep."""
    names, inner = each.names, each.names.within[closure]
    body = [closure.body] if isinstance(closure, ast.Lambda) else closure.body
    for node in (inside for part in body for inside in ast.walk(part)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            scope = names.around[node].find(node.id)
            if scope is not None and is_around(scope.node, inner.node, names):
                yield replace(each.at(node, read_path(node, names)), late=True)
    for parameter in read_parameters(closure):
        if parameter.default is not None:
            yield each.at(parameter.default, ())


def is_around(scope: ast.AST, closure: ast.AST, names: Names) -> bool:
    """Tell whether `scope` is one of a function, or of a comprehension in one, around `closure`."""
    return not isinstance(scope, ast.Module | ast.ClassDef) and scope in set(names.above(closure))


def read_path(name: ast.Name, names: Names) -> tuple[str, ...]:
    """Return what is taken of a name where it is used: `("file", "read()")` in `upload.file.read()`."""
    path: list[str] = []
    node: ast.AST = name
    while True:
        parent = names.parents[node]
        match parent:
            case ast.Attribute(attr=attr):
                path.append(attr)
            case ast.Subscript(value=value) if value is node:
                path.append(ELEMENT)
            case ast.Call(func=func) if func is node:
                path[-1:] = [path[-1] + CALLED] if path else [CALLED]
                return tuple(path)
            case _:
                return tuple(path)
        node = parent


def given_to(call: ast.Call, each: Held) -> Iterator[Held]:
    """Yield what the result of a call keeps of what the call is given."""
    names = each.names
    given = read_given(call.args, call.keywords)
    values = [*given.positional, *(value for _, value in given.named)]
    if is_partial(call.func, names):
        yield from (each.at(value, (CALLED,) if index == 0 else ()) for index, value in enumerate(values))
        return
    found = resolve(call.func, names)
    if isinstance(found, External):
        if found.dotted in COLLECTIONS:
            yield from (each.at(value, each.behind(ELEMENT)) for value in values[:1])
        elif found.dotted in JOINING:
            yield from (each.at(value, (TEXT, *each.path)) for value in values[:1])
        return
    wanted, rest = asked_of(found, each.path)
    if isinstance(found, Located) and isinstance(found.node, ast.ClassDef) and is_dataclass(found):
        for name, value in fields_of(found.node, given):
            if wanted is None or name in wanted:
                yield each.at(value, rest)
        return
    callee = find_function(call.func, names)
    if callee is None or not isinstance(callee.located.node, FUNCTION):
        return
    function, there = callee.located.node, callee.located.names
    for parameter, value in match(given, function, bound=callee.bound).items():
        yield from (each.at(value, path) for path in keeps(function, there, parameter, wanted, rest))


def asked_of(kind: Found, path: Path) -> tuple[frozenset[str] | None, Path]:
    """
    Return which attributes of an object of a class are held where the part at `path` of it is.

    None stands for all of them. The path that comes with them is the one from there on. Of what is no
    class, it is all the same.
    """
    first = path[0] if path else ""
    if not isinstance(kind, Located) or not isinstance(kind.node, ast.ClassDef):
        return None, path
    if first in {"", ELEMENT, TEXT}:
        return None, ()
    name = first.removesuffix(CALLED) or "__call__"
    found = method(kind, name)
    if found is not None and isinstance(found.node, FUNCTION):
        return read_by(found.node, found.names, kind), ()
    if not all(isinstance(each, Located) for each in ancestors(kind)):
        return None, ()
    return frozenset({name}), (CALLED, *path[1:]) if first.endswith(CALLED) else path[1:]


@remembered
def read_by(function: Function, names: Names, kind: Located) -> frozenset[str] | None:
    """Return the attributes that a method of a class reads of its object; None where it may be any."""
    receiver = next(read_parameters(function), None)
    if receiver is None or is_stub(function):
        return None
    read: set[str] = set()
    for use in names.uses(receiver.node.arg, names.within[function]):
        above = names.parents[use]
        if not isinstance(above, ast.Attribute) or above.attr.startswith("__"):
            return None
        called = method(kind, above.attr)
        if called is None or not isinstance(called.node, FUNCTION):
            read.add(above.attr)
        elif (more := read_by(called.node, called.names, kind)) is not None:
            read |= more
        else:
            return None
    return frozenset(read)


def is_stub(function: Function) -> bool:
    """Tell whether the code of a function is not to be seen."""
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body)


def fields_of(kind: ast.ClassDef, given: Given) -> Iterator[tuple[str, ast.expr]]:
    """Yield what an object of a dataclass is made of, by the names of its own fields."""
    fields = [
        node.target.id
        for node in kind.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    yield from zip(fields, given.positional, strict=False)
    yield from given.named


def is_dataclass(kind: Located) -> bool:
    assert isinstance(kind.node, ast.ClassDef)
    made: list[Found] = [
        resolve(one.func if isinstance(one, ast.Call) else one, kind.names)
        for one in kind.node.decorator_list
    ]
    return any(one in DATACLASSES for one in made) and method(kind, "__init__") is None


def keeps(
    function: Function, names: Names, parameter: str, wanted: frozenset[str] | None = None, rest: Path = ()
) -> frozenset[Path]:
    """
    Return at which paths the result of a call, or the object that an `__init__` makes, holds a parameter.

    It is what an `__init__` assigns to an attribute of `self` or hands to that of a base, and what a
    plain function returns as it is, in a closure or in an object. Of an object, it is only asked for the
    `wanted` attributes, and of these or the result for what is at `rest`.
    """
    asynchronous = isinstance(function, ast.AsyncFunctionDef) or function in names.generators
    return frozenset() if asynchronous else gives(function, names, parameter, wanted, rest) or frozenset()


@remembered
def gives(
    function: Function, names: Names, parameter: str, wanted: frozenset[str] | None = None, rest: Path = ()
) -> frozenset[Path]:
    """Return the same of what a function returns or yields, whatever makes use of that."""
    return frozenset(
        each.path
        for value in values_of(function, names, wanted)
        for each in find_held(Held(value, names, rest), set())
        if isinstance(each.value, ast.Name)
        and is_parameter(each.value, names, function, parameter)
        and (is_whole(each.path) or each.path == rest)
    )


def values_of(function: Function, names: Names, wanted: frozenset[str] | None) -> Iterator[ast.expr]:
    """Yield what a function returns or yields, and what it puts into the object that it makes."""
    for node in own_nodes(function):
        match node:
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                yield value
            case (
                ast.Assign(targets=[ast.Attribute(value=ast.Name(), attr=attr), *_], value=value)
                | ast.AnnAssign(target=ast.Attribute(attr=attr), value=ast.expr() as value)
            ):
                if function.name == "__init__" and (wanted is None or attr in wanted):
                    yield value
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__")):
                yield from handed_up(node, names, wanted)
            case _:
                pass


def handed_up(call: ast.Call, names: Names, wanted: frozenset[str] | None) -> Iterator[ast.expr]:
    """Yield what the `__init__` of a base is given, and puts into the object."""
    if wanted is None:
        yield from [*call.args, *(keyword.value for keyword in call.keywords)]
        return
    callee = find_function(call.func, names)
    if callee is not None and isinstance(callee.located.node, FUNCTION):
        function, there = callee.located.node, callee.located.names
        given = match(read_given(call.args, call.keywords), function, bound=callee.bound)
        yield from (value for name, value in given.items() if gives(function, there, name, wanted))


def is_whole(path: tuple[str, ...]) -> bool:
    """Tell whether a path leads to the value itself, one of several, or what calls it or a method of it."""
    first, *rest = [step for step in path if step != ELEMENT] or [""]
    return not rest and (not first or first.endswith(CALLED))


def is_parameter(name: ast.Name, names: Names, function: ast.AST, parameter: str) -> bool:
    match names.bindings(name):
        case [Parameter(node=ast.arg(arg=spelled), function=owner)]:
            return spelled == parameter and owner is function
        case _:
            return False
