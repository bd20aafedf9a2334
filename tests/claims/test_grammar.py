import pytest

from bgtasks.claims.grammar import Comment, find_claim, read_comment
from bgtasks.claims.model import Accept, Expected, Gap, Reason, Reject, Revealed, reject
from bgtasks.errors import BgtasksError
from bgtasks.model import Kind

CHECKERS = frozenset({"mypy", "mypy+plugin", "pyright"})
TYPE, OVERLOAD = Kind.ARGUMENT_TYPE, Kind.NO_OVERLOAD


def read(comment: str) -> Comment:
    found = find_claim(comment)
    assert found is not None
    return read_comment(comment, found, CHECKERS)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        pytest.param("# OK", Accept(), id="accept"),
        pytest.param("# OK: as it should be", Accept(), id="accept in words"),
        pytest.param("# E", reject(), id="any reason"),
        pytest.param("# E: argument-type", reject(TYPE), id="kind"),
        pytest.param("# E: argument-type | no-overload", reject(TYPE, OVERLOAD), id="kinds"),
        pytest.param('# E: "not a # !type"', Reject((Reason(words="not a # !type"),)), id="words"),
        pytest.param(
            '# E: no-overload | "un\\"known"',
            Reject((Reason(OVERLOAD), Reason(words='un"known'))),
            id="kind or words",
        ),
        pytest.param(
            "# E: mypy[arg-type] pyright[reportA, reportB]",
            Reject(
                own=(
                    ("mypy", (Reason(rule="arg-type"),)),
                    ("pyright", (Reason(rule="reportA"), Reason(rule="reportB"))),
                )
            ),
            id="rules",
        ),
        pytest.param(
            '# E: mypy"a" mypy[misc]"b"',
            Reject(own=(("mypy", (Reason(words="a"), Reason(rule="misc", words="b"))),)),
            id="twice the same",
        ),
        pytest.param(
            "# E: argument-type mypy+plugin[x]",
            Reject((Reason(TYPE),), own=(("mypy+plugin", (Reason(rule="x"),)),)),
            id="all but one",
        ),
        pytest.param("# E?", Reject(optional=True), id="may be"),
        pytest.param("# E?: where it is strict", Reject(optional=True), id="may be, in words"),
        pytest.param("# E[a]", Reject(tag="a"), id="tag"),
        pytest.param(
            "# E[a+]: argument-type", Reject((Reason(TYPE),), tag="a", several=True), id="tag of several"
        ),
        pytest.param("# revealed: list[int]", Revealed("list[int]"), id="type"),
        pytest.param(
            '# revealed: Literal["a"] mypy"x" pyright"y[\\"z\\"]"',
            Revealed('Literal["a"]', (("mypy", "x"), ("pyright", 'y["z"]'))),
            id="types",
        ),
        pytest.param("# E: ?", None, id="open"),
        pytest.param("# revealed: ?", None, id="open type"),
    ],
)
def test_what_is_claimed(comment: str, expected: Expected | None) -> None:
    assert read(comment).expected == expected
    assert read(f"{comment}  # noqa: X100").expected == expected
    gapped = read(f"{comment}  !mypy<2 a/b#1  !pyright why")
    assert gapped.expected == expected
    assert gapped.gaps == (Gap("mypy", "<2", "a/b#1"), Gap("pyright", "", "why"))


@pytest.mark.parametrize("comment", ["# E", "# E: argument-type", "# E[a]: no-overload", '# E: mypy[x]"y"'])
def test_what_is_claimed_is_said_in_its_own_words(comment: str) -> None:
    assert f"# {read(comment).expected}".replace("# a", "# E: a") == comment


@pytest.mark.parametrize("comment", ["# Energy", "# E is mc²", "# okay", "# a remark: E: x", "# NOT OK"])
def test_what_is_no_claim(comment: str) -> None:
    assert find_claim(comment) is None


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        pytest.param("# E: nonsense", "unknown kind 'nonsense'; the kinds are missing-argument", id="kind"),
        pytest.param("# E: override assignment", "unknown kind 'override assignment'", id="no bar"),
        pytest.param("# E: override |", "unknown kind 'override |'", id="half"),
        pytest.param("# E: mypy", "unknown kind 'mypy'", id="bare checker"),
        pytest.param("# E: mipy[x]", "unknown checker 'mipy'; known are mypy, mypy+plugin", id="checker"),
        pytest.param('# revealed: mipy"x"', "unknown checker 'mipy'", id="checker of a type"),
        pytest.param("# revealed:", "no type behind revealed:", id="type"),
        pytest.param("# E[a]:", "no kind behind E:", id="tag"),
        pytest.param("# E? !mypy, pyright a/b#1", "unknown words behind E?: '!mypy, pyright", id="gap"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_write(comment: str, message: str) -> None:
    with pytest.raises(BgtasksError) as error:
        read(comment)
    assert message in str(error.value)
