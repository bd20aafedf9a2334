"""The types in a definition: where each stands, what it consists of, and what is put in its place."""

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from bgtasks.prove.mutants.definitions import FUNCTIONS, Definition, Function
from bgtasks.prove.mutants.mutators.mutator import Nodes, one_by_one

Holder: TypeAlias = ast.expr | list[ast.expr]


class Role(Enum):
    """What a type is the type of."""

    PARAMETER = "parameter"
    RETURN = "return"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where a type is written: a field of a node."""

    holder: ast.arg | Function | ast.AnnAssign
    field: str
    role: Role

    @property
    def type(self) -> ast.expr:
        """The type that is written there."""
        found = getattr(self.holder, self.field)
        assert isinstance(found, ast.expr)
        return found

    def put(self, new: ast.expr) -> None:
        """Write another type there."""
        setattr(self.holder, self.field, new)


def find_slots(node: ast.stmt) -> Iterator[Slot]:
    """Yield the types of a statement, from left to right; those of variadics of a ParamSpec are none."""
    if isinstance(node, ast.AnnAssign):
        yield Slot(node, "annotation", Role.ATTRIBUTE)
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        for arg in (
            *arguments.posonlyargs,
            *arguments.args,
            *filter(None, [arguments.vararg]),
            *arguments.kwonlyargs,
            *filter(None, [arguments.kwarg]),
        ):
            if arg.annotation and not spec_of(arg):
                yield Slot(arg, "annotation", Role.PARAMETER)
        if node.returns and node.name not in {"__init__", "__init_subclass__"}:
            yield Slot(node, "returns", Role.RETURN)


def spec_of(arg: ast.arg | None) -> str:
    """Return the ParamSpec that a variadic is of, "" where it is of none."""
    match arg:
        case ast.arg(annotation=ast.Attribute(value, "args" | "kwargs")):
            return ast.unparse(value)
        case _:
            return ""


def in_types(
    change: Callable[[ast.expr], Iterable[ast.expr]],
    roles: Collection[Role] = frozenset(Role),
    *,
    deep: bool = True,
    unions: bool = True,
) -> Callable[[Definition], Iterator[Nodes]]:
    """
    Return what changes each type of a definition and, if `deep`, each that such a type is made of.

    The members of `unions` are left out where a change of one would be a change of the whole.
    """

    def mutate(node: ast.stmt, _: Definition) -> Iterator[ast.stmt]:
        for index, slot in enumerate(find_slots(node)):
            if slot.role in roles:
                for new in vary(slot.type, change, deep=deep, unions=unions):
                    copy = deepcopy(node)
                    list(find_slots(copy))[index].put(new)
                    yield copy

    return one_by_one(mutate)


def vary(
    type_: ast.expr,
    change: Callable[[ast.expr], Iterable[ast.expr]],
    *,
    deep: bool = True,
    unions: bool = True,
) -> Iterator[ast.expr]:
    """Yield `type_` changed and, if `deep`, with one of the types in it changed."""
    match type_:
        case ast.Constant(str(text)) if quoted := parse(text):
            yield from (
                ast.Constant(ast.unparse(new)) for new in vary(quoted, change, deep=deep, unions=unions)
            )
            return
        case ast.Subscript(value, ast.Tuple([first, *rest])) if last_name(value) == "Annotated":
            for new in vary(first, change, deep=deep, unions=unions):
                yield ast.Subscript(value, ast.Tuple([new, *rest]))
            return
        case _:
            yield from change(deepcopy(type_))
    is_closed = not deep or (isinstance(type_, ast.BinOp) and not unions)
    for index, (holder, key) in enumerate(() if is_closed else find_parts(type_)):
        for new in vary(read_part(holder, key), change, unions=unions):
            copy = deepcopy(type_)
            write_part(*list(find_parts(copy))[index], new)
            yield copy


def read_part(holder: Holder, key: int | str) -> ast.expr:
    found = holder[key] if isinstance(holder, list) and isinstance(key, int) else getattr(holder, str(key))
    assert isinstance(found, ast.expr)
    return found


def write_part(holder: Holder, key: int | str, new: ast.expr) -> None:
    if isinstance(holder, list) and isinstance(key, int):
        holder[key] = new
    else:
        setattr(holder, str(key), new)


def find_parts(type_: ast.expr) -> Iterator[tuple[Holder, int | str]]:
    """Yield where the types stand that a type is made of; a ParamSpec, an ellipsis and a literal are none."""
    match type_:
        case ast.BinOp(left, ast.BitOr(), right):
            yield from (
                (type_, side) for side, part in {"left": left, "right": right}.items() if is_type(part)
            )
        case ast.List(elts):
            yield from ((elts, index) for index, part in enumerate(elts) if is_type(part))
        case ast.Subscript(value) if last_name(value) == "Literal":
            pass
        case ast.Subscript(value, ast.Tuple([ast.List() as parameters, *_] as elts)) if is_callable(value):
            yield from find_parts(parameters)
            yield elts, 1
        case ast.Subscript(value, ast.Tuple([_, _] as elts)) if is_callable(value):
            yield elts, 1
        case ast.Subscript(_, ast.Tuple(elts)):
            yield from ((elts, index) for index, part in enumerate(elts) if is_type(part))
        case ast.Subscript(_, part) if is_type(part):
            yield type_, "slice"
        case _:
            pass


def is_callable(value: ast.expr) -> bool:
    return last_name(value) == "Callable"


def is_type(part: ast.expr) -> bool:
    """Tell whether a part of a type is one that can be another: not None, which stands in a union."""
    is_value = isinstance(part, ast.Constant) and not isinstance(part.value, str)
    return not is_value and not isinstance(part, ast.List | ast.Starred)


def last_name(value: ast.expr) -> str:
    """Return the last part of a dotted name, "" for all else."""
    match value:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def parse(text: str) -> ast.expr | None:
    """Return the expression that `text` is, None where it is none."""
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
