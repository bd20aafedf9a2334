"""ParamSpecs: what they tie together let loose."""

import ast
from collections.abc import Iterator
from copy import deepcopy

from bgtasks.prove.mutants.definitions import Function
from bgtasks.prove.mutants.mutators.mutator import Mutator, in_functions
from bgtasks.prove.mutants.mutators.slots import find_slots, in_types, is_callable, last_name, spec_of, vary


def to_ellipsis(type_: ast.expr) -> Iterator[ast.expr]:
    """Let a callable take anything."""
    match type_:
        case ast.Subscript(value, ast.Tuple([ast.Name() | ast.Attribute() | ast.Subscript(), result])) if (
            is_callable(value)
        ):
            yield ast.Subscript(value, ast.Tuple([ast.Constant(...), result]))
        case _:
            pass


def drop_concatenate(type_: ast.expr) -> Iterator[ast.expr]:
    """Let each parameter go that stands before a ParamSpec."""
    match type_:
        case ast.Subscript(value, ast.Tuple([ast.Subscript(concatenate, ast.Tuple(parts)), result])) if (
            is_callable(value) and last_name(concatenate) == "Concatenate"
        ):
            for index in range(len(parts) - 1):
                left = [*parts[:index], *parts[index + 1 :]]
                new = ast.Subscript(concatenate, ast.Tuple(left)) if len(left) > 1 else left[0]
                yield ast.Subscript(value, ast.Tuple([new, result]))
        case _:
            pass


def loosen_to(name: str, function: Function) -> Iterator[Function]:
    """Let the variadics of a ParamSpec take what `name` takes; one of them alone may not stand."""
    variadics = function.args.vararg, function.args.kwarg
    if any(map(spec_of, variadics)):
        for arg in variadics:
            if arg and spec_of(arg):
                arg.annotation = ast.Name(name)
        yield function


def erase(function: Function) -> Iterator[Function]:
    """Let all that a ParamSpec ties together take anything."""
    spec = spec_of(function.args.vararg) or spec_of(function.args.kwarg)
    if not spec:
        return
    for slot in find_slots(function):
        changed = list(vary(deepcopy(slot.type), to_ellipsis))
        if changed:
            slot.put(changed[0])
    yield from loosen_to("Any", function)


BEFORE = "def f(self, g: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ..."

MUTATORS = (
    Mutator(
        "paramspec-to-ellipsis",
        in_types(to_ellipsis),
        {
            BEFORE: ["def f(self, g: Callable[..., object], *args: P.args, **kwargs: P.kwargs) -> None: ..."],
            "x: Callable[..., int]": [],
            "x: Callable[[int], int]": [],
        },
    ),
    Mutator(
        "paramspec-erased",
        in_functions(erase),
        {
            BEFORE: ["def f(self, g: Callable[..., object], *args: Any, **kwargs: Any) -> None: ..."],
            "def f(*args: int): ...": [],
        },
    ),
    Mutator(
        "variadics-to-any",
        in_functions(lambda function: loosen_to("Any", function)),
        {BEFORE: ["def f(self, g: Callable[P, object], *args: Any, **kwargs: Any) -> None: ..."]},
    ),
    Mutator(
        "variadics-to-object",
        in_functions(lambda function: loosen_to("object", function)),
        {BEFORE: ["def f(self, g: Callable[P, object], *args: object, **kwargs: object) -> None: ..."]},
    ),
    Mutator(
        "concatenate-dropped",
        in_types(drop_concatenate),
        {
            "x: Callable[Concatenate[int, P], str]": ["x: Callable[P, str]"],
            "x: Callable[Concatenate[int, str, P], str]": [
                "x: Callable[Concatenate[str, P], str]",
                "x: Callable[Concatenate[int, P], str]",
            ],
            "x: Callable[P, str]": [],
        },
    ),
)
