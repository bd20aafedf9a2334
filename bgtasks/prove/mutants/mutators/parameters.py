"""Parameters made optional, required, reordered, renamed, dropped, and the marks between them moved."""

import ast
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import TypeAlias

from bgtasks.prove.mutants.definitions import FUNCTIONS, Definition, Function
from bgtasks.prove.mutants.mutators.mutator import Mutator, Nodes, one_by_one
from bgtasks.prove.mutants.mutators.slots import spec_of


class Place(IntEnum):
    """How a parameter is given, in the order in which parameters stand."""

    POSITIONAL_ONLY = 0
    POSITIONAL = 1
    VARIADIC = 2
    KEYWORD_ONLY = 3
    VARIADIC_KEYWORDS = 4


SINGLE = (Place.POSITIONAL_ONLY, Place.POSITIONAL, Place.KEYWORD_ONLY)
VARIADICS = (Place.VARIADIC, Place.VARIADIC_KEYWORDS)
BY_NAME = (Place.POSITIONAL, Place.KEYWORD_ONLY)
IN_ORDER = (Place.POSITIONAL_ONLY, Place.POSITIONAL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    arg: ast.arg
    place: Place
    default: ast.expr | None = None

    @property
    def spec(self) -> str:
        """The ParamSpec that a variadic is of."""
        return spec_of(self.arg) if self.place in VARIADICS else ""


Parameters: TypeAlias = tuple[Parameter, ...]


def read_parameters(function: Function) -> Parameters:
    arguments = function.args
    in_order = [
        *((arg, Place.POSITIONAL_ONLY) for arg in arguments.posonlyargs),
        *((arg, Place.POSITIONAL) for arg in arguments.args),
    ]
    defaults = [None] * (len(in_order) - len(arguments.defaults)) + list[ast.expr | None](arguments.defaults)
    return (
        *(Parameter(arg, place, default) for (arg, place), default in zip(in_order, defaults, strict=True)),
        *(Parameter(arg, Place.VARIADIC) for arg in filter(None, [arguments.vararg])),
        *(
            Parameter(arg, Place.KEYWORD_ONLY, default)
            for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ),
        *(Parameter(arg, Place.VARIADIC_KEYWORDS) for arg in filter(None, [arguments.kwarg])),
    )


def write_parameters(parameters: Parameters) -> ast.arguments:
    def args(place: Place) -> list[ast.arg]:
        return [parameter.arg for parameter in parameters if parameter.place is place]

    return ast.arguments(
        posonlyargs=args(Place.POSITIONAL_ONLY),
        args=args(Place.POSITIONAL),
        vararg=next(iter(args(Place.VARIADIC)), None),
        kwonlyargs=args(Place.KEYWORD_ONLY),
        kw_defaults=[parameter.default for parameter in parameters if parameter.place is Place.KEYWORD_ONLY],
        kwarg=next(iter(args(Place.VARIADIC_KEYWORDS)), None),
        defaults=[
            parameter.default
            for parameter in parameters
            if parameter.place in IN_ORDER and parameter.default is not None
        ],
    )


def is_legal(parameters: Parameters) -> bool:
    """Tell whether parameters stand in the order that Python wants, none required behind an optional one."""
    places = [parameter.place for parameter in parameters]
    optional = [parameter.default is not None for parameter in parameters if parameter.place in IN_ORDER]
    return places == sorted(places) and optional == sorted(optional)


def in_parameters(
    change: Callable[[Parameters], Iterator[Parameters]],
) -> Callable[[Definition], Iterator[Nodes]]:
    """Return what changes the parameters of each visible function, but for one that the call fills in."""

    def mutate(node: ast.stmt, definition: Definition) -> Iterator[ast.stmt]:
        if isinstance(node, FUNCTIONS):
            parameters = read_parameters(node)
            bound = 1 if definition.bound and parameters and parameters[0].place in IN_ORDER else 0
            for changed in change(parameters[bound:]):
                first = parameters[:bound]
                if bound and changed and changed[0].place is Place.POSITIONAL_ONLY:
                    first = (replace(first[0], place=Place.POSITIONAL_ONLY),)
                elif bound:
                    first = (replace(first[0], place=Place.POSITIONAL),)
                if is_legal((*first, *changed)):
                    yield with_arguments(node, write_parameters((*first, *changed)))

    return one_by_one(mutate)


def with_arguments(node: Function, arguments: ast.arguments) -> Function:
    changed = copy(node)
    changed.args = arguments
    return changed


def put(parameters: Parameters, index: int, *new: Parameter) -> Parameters:
    return (*parameters[:index], *new, *parameters[index + 1 :])


def make_optional(parameters: Parameters) -> Iterator[Parameters]:
    for index, parameter in enumerate(parameters):
        if parameter.place in SINGLE and parameter.default is None:
            yield put(parameters, index, replace(parameter, default=ast.Constant(...)))


def make_required(parameters: Parameters) -> Iterator[Parameters]:
    for index, parameter in enumerate(parameters):
        if parameter.default is not None:
            yield put(parameters, index, replace(parameter, default=None))


def reorder(parameters: Parameters) -> Iterator[Parameters]:
    """Swap neighbours; no call can tell in which order parameters stand that are given by name only."""
    for index, (left, right) in enumerate(pairwise(parameters)):
        if left.place in IN_ORDER and right.place in IN_ORDER:
            swapped = replace(right, place=left.place), replace(left, place=right.place)
            yield (*parameters[:index], *swapped, *parameters[index + 2 :])


def rename(parameters: Parameters) -> Iterator[Parameters]:
    for index, parameter in enumerate(parameters):
        if parameter.place in BY_NAME and not parameter.arg.arg.startswith("__"):
            yield put(parameters, index, rename_to(parameter, f"{parameter.arg.arg}_renamed"))


def rename_to(parameter: Parameter, name: str) -> Parameter:
    return replace(parameter, arg=ast.arg(name, parameter.arg.annotation))


def rename_variadics(parameters: Parameters) -> Iterator[Parameters]:
    """Give variadics of a ParamSpec the names that tasks have for parameters; no call sees another name."""
    usual = {Place.VARIADIC: "args", Place.VARIADIC_KEYWORDS: "kwargs"}
    for index, parameter in enumerate(parameters):
        name = usual.get(parameter.place)
        if name and parameter.spec and parameter.arg.arg != name:
            yield put(parameters, index, rename_to(parameter, name))


def drop_variadics(parameters: Parameters) -> Iterator[Parameters]:
    """Drop each variadic; those of a ParamSpec may stand together only, so they go together."""
    for index, parameter in enumerate(parameters):
        if parameter.place in VARIADICS and not parameter.spec:
            yield put(parameters, index)
    if any(parameter.spec for parameter in parameters):
        yield tuple(parameter for parameter in parameters if not parameter.spec)


def move_positional_only(parameters: Parameters) -> Iterator[Parameters]:
    """Have one parameter more, and one less, that is given by its position only."""
    count = sum(parameter.place is Place.POSITIONAL_ONLY for parameter in parameters)
    if count:
        yield put(parameters, count - 1, replace(parameters[count - 1], place=Place.POSITIONAL))
    if count < len(parameters) and parameters[count].place is Place.POSITIONAL:
        yield put(parameters, count, replace(parameters[count], place=Place.POSITIONAL_ONLY))


def move_keyword_only(parameters: Parameters) -> Iterator[Parameters]:
    """Have the first parameter that is given by name only taken by its position as well."""
    if any(parameter.place is Place.VARIADIC for parameter in parameters):
        return
    for index, parameter in enumerate(parameters):
        if parameter.place is Place.KEYWORD_ONLY:
            yield put(parameters, index, replace(parameter, place=Place.POSITIONAL))
            return


def mutator(
    name: str, change: Callable[[Parameters], Iterator[Parameters]], examples: dict[str, Sequence[str]]
) -> Mutator:
    return Mutator(name, in_parameters(change), examples)


MUTATORS = (
    mutator(
        "parameter-optional",
        make_optional,
        {
            "def f(self, a: int, *, b: int = 1, c: str): ...": [
                "def f(self, a: int=..., *, b: int=1, c: str): ...",
                "def f(self, a: int, *, b: int=1, c: str=...): ...",
            ],
            "def f(a, b): ...": ["def f(a, b=...): ..."],
        },
    ),
    mutator(
        "parameter-required",
        make_required,
        {"def f(a=1, b=2, *, c=3): ...": ["def f(a, b=2, *, c=3): ...", "def f(a=1, b=2, *, c): ..."]},
    ),
    mutator(
        "parameters-reordered",
        reorder,
        {
            "def f(self, a: int, b: str, *args: int, c: int, d: int): ...": [
                "def f(self, b: str, a: int, *args: int, c: int, d: int): ..."
            ],
            "def f(a, /, b, c=1): ...": ["def f(b, /, a, c=1): ..."],
        },
    ),
    mutator(
        "parameter-renamed",
        rename,
        {
            "def f(self, a, /, b, *args, c): ...": [
                "def f(self, a, /, b_renamed, *args, c): ...",
                "def f(self, a, /, b, *args, c_renamed): ...",
            ]
        },
    ),
    mutator(
        "variadics-renamed",
        rename_variadics,
        {
            "def f(self, *args_: P.args, **kwargs_: P.kwargs): ...": [
                "def f(self, *args: P.args, **kwargs_: P.kwargs): ...",
                "def f(self, *args_: P.args, **kwargs: P.kwargs): ...",
            ],
            "def f(*items: int): ...": [],
        },
    ),
    mutator(
        "variadics-dropped",
        drop_variadics,
        {
            "def f(a: int, *args: int, b: int, **kwargs: str): ...": [
                "def f(a: int, *, b: int, **kwargs: str): ...",
                "def f(a: int, *args: int, b: int): ...",
            ],
            "def f(g, *args: P.args, **kwargs: P.kwargs): ...": ["def f(g): ..."],
        },
    ),
    mutator(
        "positional-only-moved",
        move_positional_only,
        {
            "def f(self, a, b): ...": ["def f(self, a, /, b): ..."],
            "def f(a, b, /, c, *, d): ...": ["def f(a, /, b, c, *, d): ...", "def f(a, b, c, /, *, d): ..."],
            "def f(self, a, /): ...": ["def f(self, a): ..."],
        },
    ),
    mutator(
        "keyword-only-moved",
        move_keyword_only,
        {"def f(a, *, b, c=1): ...": ["def f(a, b, *, c=1): ..."], "def f(*a, b): ...": []},
    ),
)
