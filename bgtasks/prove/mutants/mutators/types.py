"""Types loosened, narrowed, and made optional or not."""

import ast
from collections.abc import Iterator

from bgtasks.prove.mutants.mutators.mutator import Mutator
from bgtasks.prove.mutants.mutators.slots import Role, in_types, last_name

# What is asked for in general, and the class that is mostly meant.
CONCRETE = {
    "Sequence": "list",
    "Iterable": "list",
    "Collection": "list",
    "MutableSequence": "list",
    "Mapping": "dict",
    "MutableMapping": "dict",
    "AbstractSet": "set",
}
# In these nothing can be changed that a checker sees.
NO_TYPE = {"Self", "ClassVar", "Final", "TypeGuard", "TypeIs", "Never", "NoReturn"}


def to_any(type_: ast.expr) -> Iterator[ast.expr]:
    if last_name(type_) != "Any":
        yield ast.Name("Any")


def to_object(type_: ast.expr) -> Iterator[ast.expr]:
    if last_name(type_) != "object":
        yield ast.Name("object")


def to_none(type_: ast.expr) -> Iterator[ast.expr]:
    if not is_none(type_):
        yield ast.Constant(None)


def make_concrete(type_: ast.expr) -> Iterator[ast.expr]:
    match type_:
        case ast.Subscript(value, arguments) if last_name(value) in CONCRETE:
            yield ast.Subscript(ast.Name(CONCRETE[last_name(value)]), arguments)
        case _:
            pass


def add_none(type_: ast.expr) -> Iterator[ast.expr]:
    if last_name(type_) not in {"object", "Any", *NO_TYPE} and not may_be_none(type_):
        yield ast.BinOp(type_, ast.BitOr(), ast.Constant(None))


def drop_none(type_: ast.expr) -> Iterator[ast.expr]:
    match type_:
        case ast.BinOp(left, ast.BitOr(), right) if is_none(left) or is_none(right):
            yield right if is_none(left) else left
        case ast.Subscript(value, inner) if last_name(value) == "Optional":
            yield inner
        case _:
            pass


def may_be_none(type_: ast.expr) -> bool:
    match type_:
        case ast.BinOp(left, ast.BitOr(), right):
            return may_be_none(left) or may_be_none(right)
        case ast.Subscript(value):
            return last_name(value) == "Optional"
        case _:
            return is_none(type_)


def is_none(type_: ast.expr) -> bool:
    return isinstance(type_, ast.Constant) and type_.value is None


MUTATORS = (
    Mutator(
        "type-to-any",
        in_types(to_any),
        {
            "def f(a: int, *b: str) -> None: ...": [
                "def f(a: Any, *b: str) -> None: ...",
                "def f(a: int, *b: Any) -> None: ...",
                "def f(a: int, *b: str) -> Any: ...",
            ],
            "x: list[int | None]": ["x: Any", "x: list[Any]", "x: list[Any | None]"],
            "def f(g: Callable[P, object], *args: P.args, **kwargs: P.kwargs): ...": [
                "def f(g: Any, *args: P.args, **kwargs: P.kwargs): ...",
                "def f(g: Callable[P, Any], *args: P.args, **kwargs: P.kwargs): ...",
            ],
            "def f(g: Annotated[int, Doc('')]): ...": ["def f(g: Annotated[Any, Doc('')]): ..."],
            "x: 'Any'": [],
        },
    ),
    Mutator(
        "type-to-object",
        in_types(to_object, unions=False),
        {
            "def f(a: Any) -> object: ...": ["def f(a: object) -> object: ..."],
            "x: tuple[Any, ...]": ["x: object", "x: tuple[object, ...]"],
            "x: Literal['a']": ["x: object"],
            "x: int | None": ["x: object"],
            "def __init__(self) -> None: ...": [],
            "x: 'list[int]'": ["x: 'object'", "x: 'list[object]'"],
        },
    ),
    Mutator(
        "return-to-none",
        in_types(to_none, {Role.RETURN}, deep=False),
        {"def f(a: int) -> list[int]: ...": ["def f(a: int) -> None: ..."], "def f() -> None: ...": []},
    ),
    Mutator(
        "type-to-concrete",
        in_types(make_concrete),
        {
            "def f(a: Sequence[int], b: Mapping[str, Iterable[int]]): ...": [
                "def f(a: list[int], b: Mapping[str, Iterable[int]]): ...",
                "def f(a: Sequence[int], b: dict[str, Iterable[int]]): ...",
                "def f(a: Sequence[int], b: Mapping[str, list[int]]): ...",
            ],
        },
    ),
    Mutator(
        "none-added",
        in_types(add_none, deep=False),
        {
            "def f(a: int, b: int | None, c: Any) -> Optional[int]: ...": [
                "def f(a: int | None, b: int | None, c: Any) -> Optional[int]: ..."
            ],
            "x: list[int]": ["x: list[int] | None"],
        },
    ),
    Mutator(
        "none-removed",
        in_types(drop_none),
        {
            "def f(a: int | None) -> Optional[str]: ...": [
                "def f(a: int) -> Optional[str]: ...",
                "def f(a: int | None) -> str: ...",
            ],
            "x: list[None | int]": ["x: list[int]"],
        },
    ),
)
