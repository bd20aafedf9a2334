"""Where the checkers say it: the columns are those that each of them really gives."""

import pytest

from bgtasks.check.ask.spots import find_spot, read_columns, read_parts
from bgtasks.model import CALL_KINDS, Diagnostic, Kind
from said import PATH, read_sites, says, text_at

MISSING = frozenset({Kind.MISSING_ARGUMENT})
MANY = frozenset({Kind.TOO_MANY_POSITIONAL})
TYPE = frozenset({Kind.ARGUMENT_TYPE})
UNKNOWN = frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD})
MORE = frozenset({Kind.MISSING_ARGUMENT, Kind.POSITIONAL_ONLY_AS_KEYWORD})
NOTHING = frozenset[Kind]()
Said = tuple[str, str, str, frozenset[Kind]]


@pytest.mark.parametrize(
    ("call", "said", "spot"),
    [
        pytest.param(
            "t.add_task(f, 1, k=g(2))",
            ("mypy", "t.", "Missing argument", MISSING),
            "t.add_task(f, 1, k=g(2))",
            id="the call",
        ),
        pytest.param("t.add_task(f, 1, 2)", ("pyright", "2", "Expected 1", MANY), "2", id="one too many"),
        pytest.param(
            "t.add_task(f, g(1))", ("pyright", "g(", "Expected 0", MANY), "g(1)", id="one too many, a call"
        ),
        pytest.param(
            "t.add_task(f, 1, k=2)", ("pyright", "2", "is of", TYPE), "k=2", id="a value of a keyword"
        ),
        pytest.param("t.add_task(f, 1, k=2)", ("ty", "k=", "is of", TYPE), "k=2", id="the keyword itself"),
        pytest.param(
            "t.add_task(f, 1, k=2)",
            ("mypy", "t.", 'Unexpected keyword argument "k" for "f"', UNKNOWN),
            "k=2",
            id="a keyword by its name",
        ),
        pytest.param(
            "t.add_task(f, [1, 2])", ("mypy", "2", "List item 1", TYPE), "2", id="an item of a list"
        ),
        pytest.param(
            "t.add_task(f, {1: 2})", ("mypy", "1: ", "Dict entry 0", TYPE), "1: 2", id="the key of a dict"
        ),
        pytest.param("t.add_task(f, {1: 2})", ("pyright", "2", "is of", TYPE), "1: 2", id="its value"),
        pytest.param("t.add_task(3, 2)", ("pyright", "3", "Argument of", CALL_KINDS), "3", id="the task"),
        pytest.param(
            "t.add_task(3, 2)",
            ("pyright", "2", 'Arguments for ParamSpec "P" are', CALL_KINDS),
            "t.add_task(3, 2)",
            id="a task of unknown parameters",
        ),
        pytest.param(
            "t.add_task(f, a.b.c)",
            ("mypy", "a.b", 'Item "None" has no attribute "b"', NOTHING),
            "a.b",
            id="an attribute by its name",
        ),
        pytest.param(
            "t.add_task(f, a.b.c)", ("pyright", "b.c", '"b" is', NOTHING), "a.b", id="the attribute"
        ),
        pytest.param("t.add_task(f, a.b)", ("pyright", "a.", '"a" is not', NOTHING), "a", id="a name"),
        pytest.param(
            "t.add_task(f, 1, k=2)", ("mypy", "", "somewhere", TYPE), "t.add_task(f, 1, k=2)", id="nowhere"
        ),
    ],
)
def test_the_argument_itself_is_meant(call: str, said: Said, spot: str) -> None:
    checker, at, message, kinds = said
    [site] = read_sites(f"async def e(t: BackgroundTasks):\n    {call}\n")
    there = says(site, at, message, kinds) if at else Diagnostic(PATH, site.place.line, "", message, kinds)

    found = find_spot(there, checker, read_parts(site))

    assert text_at(found.place, site) == spot
    assert not found.nested


@pytest.mark.parametrize(
    ("call", "said", "owner", "nested"),
    [
        pytest.param(
            "t.add_task(f, g(1))", ("mypy", "g(", 'in call to "g"', MISSING), "g(1)", True, id="missing"
        ),
        pytest.param("t.add_task(f, g(1))", ("mypy", "g(", 'for "g"', MANY), "g(1)", True, id="too many"),
        pytest.param("t.add_task(f, g(1))", ("pyright", "1", "Expected 0", MANY), "g(1)", True, id="its own"),
        pytest.param(
            "t.add_task(f, g(1))", ("pyrefly", "(1", "Missing", MISSING), "g(1)", True, id="bracket"
        ),
        pytest.param(
            "t.add_task(f, g(k=1))",
            ("zuban", "k=", 'Unexpected keyword argument "k" for "g"', UNKNOWN | MISSING),
            "g(k=1)",
            True,
            id="its keyword",
        ),
        pytest.param(
            "t.add_task(f, g(k=1))",
            ("pyright", "1", "Expected 1 more positional argument", MORE),
            "g(k=1)",
            True,
            id="the value of its keyword",
        ),
        pytest.param("t.add_task(f, g(h(1)))", ("mypy", "1", "1", TYPE), "h(1)", True, id="deeper"),
        pytest.param(
            "t.add_task(f, g(1)(2))",
            ("mypy", "g(", "1", TYPE),
            "t.add_task(f, g(1)(2))",
            False,
            id="its result",
        ),
        pytest.param(
            "t.add_task(partial(f, 1), 2)", ("mypy", "1", "1", TYPE), "partial(f, 1)", False, id="partial"
        ),
        pytest.param("t.add_task(lambda: f(1))", ("mypy", "1", "1", TYPE), "f(1)", False, id="lambda"),
        pytest.param("t.add_task(lambda: f(g(1)))", ("mypy", "1", "1", TYPE), "g(1)", True, id="in a lambda"),
        pytest.param(
            "t.add_task(f, lambda: g(1))", ("mypy", "1", "1", TYPE), "g(1)", True, id="another lambda"
        ),
    ],
)
def test_what_is_wrong_with_a_call_in_the_call_is_that_call_s(
    call: str, said: Said, owner: str, nested: bool
) -> None:
    checker, at, message, kinds = said
    [site] = read_sites(f"async def e(t: BackgroundTasks):\n    {call}\n")

    found = find_spot(says(site, at, message, kinds), checker, read_parts(site))

    assert (text_at(found.place, site) in owner, found.nested) == (True, nested)
    source = site.module.source.split("\n")[site.place.line - 1]
    assert source[found.owner.col_offset : found.owner.end_col_offset] == owner


@pytest.mark.parametrize(
    ("checker", "column"),
    [
        pytest.param("mypy", 31, id="mypy, in bytes"),
        pytest.param("mypy", 23, id="mypy, turned into characters twice"),
        pytest.param("pyright", 28, id="pyright, in UTF-16"),
        pytest.param("zuban", 27, id="characters"),
    ],
)
def test_columns_are_characters_whatever_a_checker_counts(checker: str, column: int) -> None:
    [site] = read_sites("async def e(t: BackgroundTasks):\n    t.add_task(f, 'é\N{GRINNING FACE}', k='x')\n")
    said = Diagnostic(PATH, site.place.line, "rule", "is of", TYPE, column)

    assert 27 in read_columns(checker, said, site.module)
    assert text_at(find_spot(said, checker, read_parts(site)).place, site) == "k='x'"
