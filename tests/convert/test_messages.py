import pytest

from bgtasks.convert.messages import read_comments, read_output
from bgtasks.convert.model import Draft


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("f(1)  # E: wrong\n", 'f(1)  # E: mypy"wrong"\n', id="words"),
        pytest.param('f(1)  # E: "x" is  [a-b]\n', 'f(1)  # E: mypy[a-b]"\\"x\\" is"\n', id="code"),
        pytest.param("f(1) # E:5: a # E: b\n", 'f(1)  # E: mypy"a" mypy"b"\n', id="two, one with a column"),
        pytest.param(
            "f(1)  # E: a \\\n      # N: b\n      # E: c\ng()\n",
            'f(1)  # E: mypy"a" mypy"c"\n\n\ng()\n',
            id="further lines",
        ),
        pytest.param(
            'reveal_type(x)  # N: Revealed type is "int"\n',
            'reveal_type(x)  # revealed: mypy"int"\n',
            id="revealed",
        ),
        pytest.param(
            'reveal_type(x)  # N: Revealed type is "dict[main.A, a.main.B]"\n',
            'reveal_type(x)  # revealed: mypy"dict[A, a.main.B]"\n',
            id="revealed, of the program itself",
        ),
        pytest.param(
            r'f(1)  # ER: got "def \(\)"  \[a\]' + "\n",
            'f(1)  # E: mypy[a]"got \\"def ()\\""\n',
            id="a pattern that is text",
        ),
        pytest.param(r"f(1)  # ER: got [Ll]ist\[int\]  \[a\]" + "\n", "f(1)  # E: mypy[a]\n", id="a pattern"),
        pytest.param(
            "f(1)  # E: class main.A is of __main__.B\n",
            'f(1)  # E: mypy"A is of "\n',
            id="words that name the program itself",
        ),
        pytest.param("f(1)  # N: see below\n", "f(1)\n", id="note"),
        pytest.param("f(1)  # noqa\n", "f(1)  # noqa\n", id="another comment"),
        pytest.param("f(1)  # type: ignore\n", "f(1)  # type  ignore  # E?\n", id="ignored"),
        pytest.param(
            "f(1)  # type: ignore[a]  # E: b\n",
            'f(1)  # type  ignore[a]  # E: mypy"b"\n',
            id="ignored, and expected",
        ),
    ],
)
def test_what_mypy_says_is_claimed_of_mypy(text: str, expected: str) -> None:
    assert read_comments(text).text() == expected


def test_what_mypy_prints_is_claimed_where_it_says() -> None:
    drafts = {"main": Draft(["f(1)", "reveal_type(x)"]), "a.b": Draft(["g(1)"])}
    untold: list[str] = []
    output = (
        "main:1: error: wrong  [a]\nmain:2: note: Revealed type is 'int'\n\na.b:1:3: error: no\n"
        "Found 1 error\nelsewhere:1: error: x\n"
    )
    read_output(drafts, output, untold)
    assert drafts["main"].text() == 'f(1)  # E: mypy[a]"wrong"\nreveal_type(x)  # revealed: mypy"int"\n'
    assert drafts["a.b"].text() == 'g(1)  # E: mypy"no"\n'
    assert untold == [
        "the note 'Found 1 error', which is of no line",
        "the note 'elsewhere:1: error: x', which is of no line",
    ]


def test_what_no_claim_says_is_told() -> None:
    draft = read_comments(
        'f(1)  # N: see below\ng()  # ER: .*\nreveal_type(1)  # NR: Revealed type is "i.t"\n'
    )
    assert draft.untold == [
        "the note 'see below'",
        "the pattern '.*', but for its code",
        "the note 'Revealed type is \"i.t\"'",
    ]
