from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal, NewType, TypeVar

import pytest

from bgtasks.prove.oracle.execution.hints import check, check_all, erased
from bgtasks.prove.oracle.execution.shape import RejectedError

Id = NewType("Id", int)
T = TypeVar("T")
S = TypeVar("S", str, bytes)
B = TypeVar("B", bound=int)

RIGHT = [
    pytest.param(1, float, id="int for float"),
    pytest.param(True, int, id="bool for int"),
    pytest.param(None, int | None, id="None"),
    pytest.param(1, Id, id="NewType"),
    pytest.param("a", Annotated[str, 1], id="Annotated"),
    pytest.param(object(), T, id="a type variable"),
    pytest.param({"a": 1}, Mapping[str, float | None], id="Mapping"),
]
WRONG = [
    pytest.param("a", int, id="str for int"),
    pytest.param(1.5, int, id="float for int"),
    pytest.param([1, "a"], list[int], id="the last element"),
    pytest.param("b", Literal["a"], id="another literal"),
    pytest.param("a", Id, id="not what the NewType is of"),
    pytest.param(lambda: None, Callable[[int], object], id="a callable that takes less"),
]


@pytest.mark.parametrize(("value", "hint"), RIGHT)
def test_what_has_the_type_passes(value: Any, hint: Any) -> None:
    check(value, hint)


@pytest.mark.parametrize(("value", "hint"), WRONG)
def test_what_has_not_is_refused(value: Any, hint: Any) -> None:
    with pytest.raises(RejectedError):
        check(value, hint)


def test_one_solution_must_do_for_all() -> None:
    check_all([("a", "a", S), ("b", "b", S)], {})
    check_all([("a", 1, B), ("b", "a", T)], {})
    with pytest.raises(RejectedError):
        check_all([("a", "a", S), ("b", b"b", S)], {})
    with pytest.raises(RejectedError):
        check_all([("a", "a", B)], {})
    with pytest.raises(RejectedError):
        check_all([("a", 1, T)], {T: str})


@pytest.mark.parametrize(
    ("hint", "notes"),
    [
        pytest.param(str | None, [], id="nothing"),
        pytest.param(Id | None, ["NewType"], id="NewType"),
        pytest.param(dict[str, list[Id]], ["invariance", "invariance", "NewType"], id="within"),
        pytest.param(Callable[[Id], Any], ["the types of a callable", "NewType", "Any"], id="Callable"),
        pytest.param(Iterable[str], ["what is in a generic object"], id="Iterable"),
        pytest.param(Literal["a"], ["that a str is no Literal"], id="Literal"),
    ],
)
def test_what_a_value_does_not_carry_is_named(hint: Any, notes: list[str]) -> None:
    assert list(erased(hint)) == notes
