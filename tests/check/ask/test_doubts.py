"""The words are those that the newest release of each checker really prints."""

from pathlib import Path

import pytest

from bgtasks.check.ask.doubts import Certainty, Judgement, judge, split_union, unwrap
from bgtasks.check.ask.kinds import COLUMN, MAY_BE_NONE, POSSIBLY_UNBOUND
from bgtasks.model import Diagnostic

MYPY = 'Argument 1 to "send" has incompatible type "{}"; expected "{}"'
PYRIGHT = (
    'Argument of type "{0}" cannot be assigned to parameter "to" of type "{1}"\n'
    '  Type "{0}" is not assignable to type "{1}"\n    "{2}" is not assignable to "{1}"'
)
TY = "Argument to bound method `BackgroundTasks.add_task` is incorrect: Expected `{1}`, found `{0}`"
PYREFLY = "Argument `{0}` is not assignable to parameter `to` with type `{1}` in function `add_task`"
OPERATOR = (
    'Operator "+" not supported for types "Literal[1]" and "int | None"\n'
    '  Operator "+" not supported for types "Literal[1]" and "None"'
)
SURE, UNDECIDED = Certainty.SURE, Certainty.UNDECIDED


@pytest.mark.parametrize(
    ("message", "rule", "judged"),
    [
        (MYPY.format("int | None", "int"), "arg-type", MAY_BE_NONE),
        (MYPY.format("Optional[int]", "int"), "arg-type", MAY_BE_NONE),
        (MYPY.format("Union[int, str, None]", "int | str"), "arg-type", MAY_BE_NONE),
        (MYPY.format("dict[str, int | None] | None", "dict[str, int | None]"), "arg-type", MAY_BE_NONE),
        (MYPY.format("int | None", "float"), "arg-type", MAY_BE_NONE),
        (MYPY.format("Any | None", "Event"), "arg-type", MAY_BE_NONE),
        (MYPY.format("int | None", "str"), "arg-type", UNDECIDED),
        (MYPY.format("Dog | None", "Animal"), "arg-type", UNDECIDED),
        (MYPY.format("None", "str"), "arg-type", SURE),
        (MYPY.format("int", "str"), "arg-type", SURE),
        (MYPY.format("list[str | None]", "list[str]"), "arg-type", SURE),
        (MYPY.format("list[int] | None", "list[str] | None"), "arg-type", SURE),
        (PYRIGHT.format("Dog | None", "Animal", "None"), "reportArgumentType", MAY_BE_NONE),
        (PYRIGHT.format("int | None", "str", "int"), "reportArgumentType", SURE),
        (
            PYRIGHT.format("((int) -> None) | None", "(**P@add_task) -> object", "None"),
            "reportArgumentType",
            MAY_BE_NONE,
        ),
        (TY.format("str | None", "str"), "invalid-argument-type", MAY_BE_NONE),
        (TY.format("Literal[1]", "str"), "invalid-argument-type", SURE),
        (PYREFLY.format("str | None", "str"), "bad-argument-type", MAY_BE_NONE),
        ('Item "None" of "User | None" has no attribute "email"', "union-attr", MAY_BE_NONE),
        ('Item "Group" of "User | Group" has no attribute "email"', "union-attr", SURE),
        ('"email" is not a known attribute of "None"', "reportOptionalMemberAccess", MAY_BE_NONE),
        ('Object of type "None" is not subscriptable', "reportOptionalSubscript", MAY_BE_NONE),
        ('Value of type "dict[str, int] | None" is not indexable', "index", MAY_BE_NONE),
        ('Value of type "int" is not indexable', "index", SURE),
        (
            'Unsupported operand types for + ("None" and "int")\nLeft operand is of type "int | None"',
            "operator",
            MAY_BE_NONE,
        ),
        (
            OPERATOR,
            "reportOperatorIssue",
            MAY_BE_NONE,
        ),
        ('Unsupported operand types for + ("str" and "int")', "operator", SURE),
        ('"None" not callable', "misc", UNDECIDED),
        ('"int" not callable', "operator", SURE),
        ('Arguments for ParamSpec "P@add_task" are missing', "reportCallIssue", UNDECIDED),
        ('"late" is possibly unbound', "reportPossiblyUnboundVariable", POSSIBLY_UNBOUND),
        ('"late" is possibly unbound', "reportPossiblyUnbound", POSSIBLY_UNBOUND),
        ('"late" is unbound', "reportUnboundVariable", SURE),
        (MYPY.format("Column[int]", "int"), "arg-type", COLUMN),
        (MYPY.format("Column[int] | None", "int"), "arg-type", COLUMN),
        (MYPY.format("InstrumentedAttribute[int]", "int"), "arg-type", COLUMN),
        (MYPY.format("Mapped[UUID]", "str"), "arg-type", COLUMN),
        (MYPY.format("Column[Any]", "Event"), "arg-type", COLUMN),
        (MYPY.format("Column[int]", "str"), "arg-type", SURE),
        (MYPY.format("list[Column[str]]", "list[str]"), "arg-type", COLUMN),
        (PYRIGHT.format("Column[int]", "int", "Column[int]"), "reportArgumentType", COLUMN),
        ('"Column[str]" has no attribute "upper"', "attr-defined", COLUMN),
        ('Cannot access attribute "upper" for class "Column[str]"', "reportAttributeAccessIssue", COLUMN),
        ('"Columns[str]" has no attribute "upper"', "attr-defined", SURE),
        ('Missing named argument "copies" for "send"', "call-arg", SURE),
    ],
)
def test_what_says_no_more_than_a_doubt_is_told_apart(message: str, rule: str, judged: Judgement) -> None:
    assert judge(Diagnostic(Path("app.py"), 1, rule, message)) is judged


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("int", ["int"]),
        ("int | None", ["int", "None"]),
        ("Callable[[int | str], None] | None", ["Callable[[int | str], None]", "None"]),
        ("((int) -> None) | None", ["((int) -> None)", "None"]),
        ("Optional[dict[str, int]]", ["None", "dict[str, int]"]),
        ("Optional[int] | Optional[str]", ["None", "int", "None", "str"]),
        ("Union[int, dict[str, int]]", ["int", "dict[str, int]"]),
    ],
)
def test_a_union_is_taken_apart_at_its_own_bars(text: str, members: list[str]) -> None:
    assert list(split_union(text)) == members


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("Column[int]", "int"),
        ("Column[Mapped[list[int]]] | None", "list[int] | None"),
        ("dict[str, Column[int]]", "dict[str, int]"),
        ("Columnar[int]", "Columnar[int]"),
    ],
)
def test_what_an_orm_wraps_is_taken_out(text: str, inner: str) -> None:
    assert unwrap(text) == inner
