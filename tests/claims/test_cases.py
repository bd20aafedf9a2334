import ast
import re
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgtasks.claims import spans as lines
from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.model import Accept, Asserted, Case, Claim, Gap, OpenClaim, Span, reject
from bgtasks.model import Kind
from places import ROOT

CHECKERS = frozenset({"mypy", "pyright"})


def read(source: str) -> Case:
    return read_case(Path("case.py"), Path("case.py"), source, CHECKERS)


@pytest.mark.parametrize(
    ("source", "claims"),
    [
        pytest.param(
            "f(1)  # E: argument-type", [Claim(1, Span(1, 1), reject(Kind.ARGUMENT_TYPE))], id="reject"
        ),
        pytest.param("f(1)  # OK", [Claim(1, Span(1, 1), Accept())], id="accept"),
        pytest.param("f(1)  #OK", [Claim(1, Span(1, 1), Accept())], id="no space"),
        pytest.param("f(1)  # a remark", [], id="remark"),
        pytest.param(
            "f(1)  # OK  # noqa: E501  # was: E", [Claim(1, Span(1, 1), Accept())], id="a remark behind it"
        ),
        pytest.param("s = '# E: nonsense'", [], id="in a string"),
        pytest.param("f(\n    1,\n)  # OK", [Claim(3, Span(1, 3), Accept())], id="behind several lines"),
        pytest.param("f(  # OK\n    1,\n)", [Claim(1, Span(1, 3), Accept())], id="before several lines"),
        pytest.param("f(\n    1,  # OK\n)", [Claim(2, Span(1, 3), Accept())], id="within several lines"),
        pytest.param(
            "def f(\n    a: int,\n):  # OK\n    pass", [Claim(3, Span(1, 3), Accept())], id="header"
        ),
        pytest.param("@d\ndef f(): pass  # OK", [Claim(2, Span(1, 2), Accept())], id="decorated"),
        pytest.param("class A:\n    x = 1  # OK", [Claim(2, Span(2, 2), Accept())], id="in a body"),
        pytest.param(
            "try:\n    f()\nexcept E:  # OK\n    pass", [Claim(3, Span(3, 3), Accept())], id="except"
        ),
        pytest.param(
            "match x:\n    case A():  # OK\n        pass", [Claim(2, Span(2, 2), Accept())], id="case"
        ),
        pytest.param(
            "f()  # noqa: X100  # OK", [Claim(1, Span(1, 1), Accept())], id="behind another comment"
        ),
        pytest.param(
            "f()  # OK  # noqa: X100", [Claim(1, Span(1, 1), Accept())], id="before another comment"
        ),
        pytest.param("f(1)  # OK, since it is", [Claim(1, Span(1, 1), Accept())], id="words"),
        pytest.param(
            "f(  # OK\n1,\n2)  # E",
            [Claim(1, Span(1, 1), Accept()), Claim(3, Span(3, 3), reject())],
            id="two in one statement",
        ),
        pytest.param(
            "x = [\nassert_type(f(1), int), assert_type(a, b)\n]",
            [Claim(1, Span(1, 3), Asserted((("f(1)", "int"), ("a", "b"))))],
            id="types",
        ),
        pytest.param("t.assert_type(x,\nint)  # E", [Claim(2, Span(1, 2), reject())], id="no type"),
        pytest.param(
            "f(1)  # OK  !mypy python/mypy#12557",
            [Claim(1, Span(1, 1), Accept(), (Gap("mypy", "", "python/mypy#12557"),))],
            id="gap",
        ),
        pytest.param(
            "f(1)  # E: override  !mypy<1.12 a/b#1  !pyright>=1.1,<2 in words",
            [
                Claim(
                    1,
                    Span(1, 1),
                    reject(Kind.OVERRIDE),
                    (Gap("mypy", "<1.12", "a/b#1"), Gap("pyright", ">=1.1,<2", "in words")),
                )
            ],
            id="gaps with versions",
        ),
        pytest.param(
            "f(1)  # OK  !pyright,plain a/b#1  !mypy in words",
            [
                Claim(
                    1,
                    Span(1, 1),
                    Accept(),
                    (Gap("pyright", "", "a/b#1"), Gap("plain", "", "a/b#1"), Gap("mypy", "", "in words")),
                )
            ],
            id="gaps with one reason",
        ),
    ],
)
def test_claims_bind_their_statement(source: str, claims: list[Claim]) -> None:
    assert list(read(source).claims) == claims


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("f(1)  # E: nonsense", "case.py:1: unknown kind 'nonsense'; the kinds are", id="kind"),
        pytest.param("f(1)  # E:", "no kind behind E:; write one, or '# E' alone for any", id="no kind"),
        pytest.param(
            "f(1)  # E: ?",
            "the kind is still open; have it written by bgtasks verify --update",
            id="open kind",
        ),
        pytest.param("\nf(1)  # OK !mypy", "case.py:2: the gap for mypy has no link", id="link"),
        pytest.param("f(1)  # OK !mypy !pyright a/b#1", "the gap for mypy has no link", id="first link"),
        pytest.param(
            "f(1)  # OK !pytype a/b#1",
            "unknown checker 'pytype'; known are mypy, pyright, and plain",
            id="checker",
        ),
        pytest.param("f(1)  # OK !mypy,pytype a/b#1", "unknown checker 'pytype'", id="one of several"),
        pytest.param(
            "f(1)  # OK !mypy,pyright", "the gap for mypy,pyright has no link", id="link of several"
        ),
        pytest.param(
            "f(1)  # OK !mypy,pyright<2 a/b#1",
            "the gap for mypy,pyright has versions, '<2', but of which checker",
            id="versions of several",
        ),
        pytest.param(
            "f(1)  # OK !mypy<2,pyright a/b#1", "unreadable versions '<2,pyright'", id="two notations"
        ),
        pytest.param(
            "f(1)  # OK !mypy, pyright a/b#1", "unknown words behind OK: '!mypy, pyright", id="spaced"
        ),
        pytest.param("f(1)  # OK !plain", "the gap for plain has no link", id="link of many"),
        pytest.param("f(1)  # OK !plain<2 a/b#1", "the gap for plain has versions, '<2'", id="many versions"),
        pytest.param("f(1)  # OK !mypy<new a/b#1", "unreadable versions '<new'", id="versions"),
        pytest.param("f(1)  # OK  # E: override", "case.py:1: a line bears one claim", id="two claims"),
        pytest.param(
            "f(1)  # E?  # revealed: int", "case.py:1: a line bears one claim", id="two of any kind"
        ),
        pytest.param("x = 1\n\n# OK\n", "case.py:3: this claim stands on no statement", id="statement"),
        pytest.param("f(1)  # type: ignore[arg-type]", "case.py:1: an ignore comment", id="type ignore"),
        pytest.param("# pyright: basic", "case.py:1: an ignore comment", id="pyright comment"),
        pytest.param("x = 1\ndef f(:", "case.py:2: syntax error", id="syntax"),
        pytest.param("x = (", "case.py:1: syntax error", id="end of file"),
        pytest.param("x = '\0'", "case.py", id="null byte"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(source: str, message: str) -> None:
    with pytest.raises(CaseError) as error:
        read(source)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("source", "claims"),
    [
        pytest.param("f(1)  # E: ?", [OpenClaim(1, 8, "E: ?", Span(1, 1), ())], id="alone"),
        pytest.param(
            "f('é')  # a  # E:?", [OpenClaim(1, 15, "E:?", Span(1, 1), ())], id="behind another comment"
        ),
        pytest.param(
            "f(\n1)  # E: ?  # b", [OpenClaim(2, 6, "E: ?", Span(1, 2), ())], id="before another comment"
        ),
        pytest.param(
            "f(1)  # E: ?  !mypy<2 a/b#1  !pyright why?",
            [OpenClaim(1, 8, "E: ?", Span(1, 1), (Gap("mypy", "<2", "a/b#1"), Gap("pyright", "", "why?")))],
            id="gaps",
        ),
        pytest.param(
            "f(1)  # E: ?  !mypy,pyright why?",
            [OpenClaim(1, 8, "E: ?", Span(1, 1), (Gap("mypy", "", "why?"), Gap("pyright", "", "why?")))],
            id="gaps with one reason",
        ),
        pytest.param("s = '# E: ?'", [], id="in a string"),
        pytest.param("f(1)  # OK", [], id="other claim"),
    ],
)
def test_a_claim_may_be_open_until_its_kind_is_written(source: str, claims: list[OpenClaim]) -> None:
    case = read_case(Path("case.py"), Path("case.py"), source, CHECKERS, update=True)
    assert list(case.open) == claims
    assert [claim.kind for claim in case.claims] == [None] * (not claims and "OK" in source)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("f(1)  # E: ?  !mypy", "the gap for mypy has no link", id="gap"),
        pytest.param("f(1)  # E: ? why", "unknown kind '? why'", id="words"),
    ],
)
def test_an_open_claim_is_still_held_to_the_grammar(source: str, message: str) -> None:
    with pytest.raises(CaseError, match=re.escape(message)):
        read_case(Path("case.py"), Path("case.py"), source, CHECKERS, update=True)


def compound(parts: tuple[str, list[str]]) -> str:
    header, body = parts
    tail = "\nfinally:\n    pass" if header == "try:" else ""
    # Spaces in front of a string's second line change the string and nothing else.
    return f"{header}\n{textwrap.indent(chr(10).join(body), '    ')}{tail}"


statements = st.recursive(
    st.sampled_from(["f()", "f(\n    1,\n)", "x = '''a\nb'''", "a = 1; b = 2"]),
    lambda inner: st.tuples(
        st.sampled_from(["if x:", "class A:", "@d\ndef f(\n    a,\n):", "try:", "with a:", "for i in b:"]),
        st.lists(inner, min_size=1, max_size=3),
    ).map(compound),
    max_leaves=12,
)


@given(st.lists(statements, max_size=5).map("\n".join))
def test_spans_are_in_order_apart_and_hold_every_statement(source: str) -> None:
    tree = ast.parse(source)
    spans = lines.read_spans(lines.statements(tree))
    assert all(before.last < after.first for before, after in pairwise(spans))
    starts = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    assert all(any(span.first <= line <= span.last for span in spans) for line in starts)


@pytest.mark.parametrize("source", ["# f(1)  # E: argument-type", "f(\n# 1)  # E: nonsense\n)", "#  )  # OK"])
def test_a_claim_in_commented_out_code_is_told_of_and_claims_nothing(source: str) -> None:
    case = read(f"{source}\ng()  # OK")
    assert [str(claim) for claim in case.claims] == ["OK"]
    line = source.count("\n", 0, source.index("  #")) + 1
    assert case.notes == (f"case.py:{line}: a claim in commented-out code, so it is not judged",)


def test_the_grammar_documents_every_kind() -> None:
    text = (ROOT / "typetests" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == [kind.value for kind in Kind]
