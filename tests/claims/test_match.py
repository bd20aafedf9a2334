from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Outcome
from bgtasks.model import Diagnostic, Kind, Run

PATH = Path("case.py")
RUN = Run("mypy", "1.11.2", "3.12", 0)


def outcomes(source: str, *diagnostics: tuple[int, Kind], run: Run = RUN) -> list[tuple[int, Outcome]]:
    case = read_case(PATH, PATH, source, frozenset({"mypy", "mypy+plugin", "pyright"}))
    said = [Diagnostic(PATH, line, "rule", "message", frozenset({kind})) for line, kind in diagnostics]
    return [(verdict.line, verdict.outcome) for verdict in match(case, run, said)]


TYPE, MISSING = Kind.ARGUMENT_TYPE, Kind.MISSING_ARGUMENT


@pytest.mark.parametrize(
    ("source", "diagnostics", "outcome"),
    [
        pytest.param("f(1)  # E: argument-type", [(1, TYPE)], Outcome.MET, id="rejected"),
        pytest.param(
            "f(1)  # E: argument-type", [(1, MISSING), (1, TYPE)], Outcome.WRONG_KIND, id="and more"
        ),
        pytest.param("f(1)  # E: argument-type", [], Outcome.MISSED, id="missed"),
        pytest.param("f(1)  # E: argument-type", [(1, MISSING)], Outcome.WRONG_KIND, id="wrong kind"),
        pytest.param("f(1)  # OK", [], Outcome.MET, id="accepted"),
        pytest.param("f(1)  # OK", [(1, TYPE)], Outcome.UNEXPECTED, id="unexpected"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [], Outcome.GAP, id="gap"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [(1, MISSING)], Outcome.GAP, id="gap in kind"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [(1, TYPE)], Outcome.CLOSED_GAP, id="closed"),
        pytest.param("f(1)  # OK !mypy a/b#1", [(1, TYPE)], Outcome.GAP, id="accept gap"),
        pytest.param("f(1)  # OK !mypy a/b#1", [], Outcome.CLOSED_GAP, id="accept closed"),
        pytest.param("f(1)  # OK !pyright a/b#1", [], Outcome.MET, id="another's gap"),
        pytest.param("f(1)  # OK !mypy<1.12 a/b#1", [(1, TYPE)], Outcome.GAP, id="gap of this version"),
        pytest.param("f(1)  # OK !mypy>=1.12 a/b#1", [], Outcome.MET, id="gap of another version"),
        pytest.param("f(\n  1,\n)  # E: argument-type", [(2, TYPE)], Outcome.MET, id="within the statement"),
    ],
)
def test_a_claim_is_judged(source: str, diagnostics: list[tuple[int, Kind]], outcome: Outcome) -> None:
    assert [found for _, found in outcomes(source, *diagnostics)] == [outcome]


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        ("!mypy", {"mypy"}),
        ("!mypy+plugin", {"mypy+plugin"}),
        ("!mypy a/b#1  !mypy+plugin", {"mypy", "mypy+plugin"}),
        ("!mypy+plugin,pyright", {"mypy+plugin", "pyright"}),
        ("!plain", {"mypy", "pyright"}),
        ("!plain,mypy+plugin", {"mypy", "mypy+plugin", "pyright"}),
    ],
)
def test_each_profile_has_gaps_of_its_own(mark: str, names: set[str]) -> None:
    found = {
        name: outcomes(f"f(1)  # E: pitfall  {mark} a/b#1", run=replace(RUN, checker=name))
        for name in ("mypy", "mypy+plugin", "pyright")
    }
    assert {name for name, verdicts in found.items() if verdicts == [(1, Outcome.GAP)]} == names


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("f(1)\ng(2)  # OK", 1, id="statement"),
        pytest.param("g(2)  # OK\n\n# a remark", 3, id="no statement"),
        pytest.param("def f(a):  # OK\n    g(2)", 2, id="body"),
    ],
)
def test_a_statement_without_a_claim_must_be_silent(source: str, line: int) -> None:
    assert (line, Outcome.UNEXPECTED) in outcomes(source, (line, TYPE))


def test_one_verdict_for_a_statement_however_much_is_said_of_it() -> None:
    assert outcomes("f(\n  1,\n)", (1, TYPE), (2, TYPE)) == [(1, Outcome.UNEXPECTED)]


def judge(source: str, *said: Diagnostic, checker: str = "mypy") -> list[tuple[int, Outcome]]:
    case = read_case(PATH, PATH, source, frozenset({"mypy", "pyright"}))
    return [(verdict.line, verdict.outcome) for verdict in match(case, replace(RUN, checker=checker), said)]


def say(line: int, rule: str = "", message: str = "", *kinds: Kind) -> Diagnostic:
    return Diagnostic(PATH, line, rule, message, frozenset(kinds))


@pytest.mark.parametrize(
    ("claim", "said", "outcome"),
    [
        pytest.param("E", [say(1), say(1, "b")], Outcome.MET, id="for whatever reason"),
        pytest.param("E", [], Outcome.MISSED, id="for none"),
        pytest.param("E?", [], Outcome.MET, id="may be, and is not"),
        pytest.param("E?", [say(1)], Outcome.MET, id="may be, and is"),
        pytest.param("E: argument-type | missing-argument", [say(1, "", "", MISSING)], Outcome.MET, id="or"),
        pytest.param("E: argument-type | missing-argument", [say(1)], Outcome.WRONG_KIND, id="neither"),
        pytest.param("E: mypy[arg-type]", [say(1, "arg-type")], Outcome.MET, id="rule"),
        pytest.param("E: mypy[arg-type]", [say(1, "call-arg")], Outcome.WRONG_KIND, id="another rule"),
        pytest.param("E: mypy[a, b]", [say(1, "a"), say(1, "b")], Outcome.MET, id="two rules"),
        pytest.param("E: mypy[a]", [say(1, "a"), say(1, "b")], Outcome.WRONG_KIND, id="one rule of two"),
        pytest.param("E: mypy[a, b]", [say(1, "a")], Outcome.WRONG_KIND, id="two rules, and one said"),
        pytest.param("E: pyright[a]", [say(1, "b")], Outcome.MET, id="rule of another checker"),
        pytest.param("E: pyright[a]", [], Outcome.MISSED, id="rule of another checker, and silence"),
        pytest.param('E: "is not a b"', [say(1, "", "it is not\n a b")], Outcome.MET, id="words"),
        pytest.param('E: "is not"', [say(1, "", "it isn't")], Outcome.WRONG_KIND, id="other words"),
        pytest.param('E: mypy[a]"b"', [say(1, "a", "c")], Outcome.WRONG_KIND, id="rule without the words"),
        pytest.param(
            "E: mypy[call-arg]",
            [say(1, "call-arg", "", MISSING), say(1, "misc", "", Kind.UNKNOWN_KEYWORD)],
            Outcome.MET,
            id="rule with an echo",
        ),
    ],
)
def test_a_rejection_is_compared_by_what_is_claimed_of_it(
    claim: str, said: list[Diagnostic], outcome: Outcome
) -> None:
    assert judge(f"f(1)  # {claim}", *said) == [(1, outcome)]


WIDE = (MISSING, Kind.UNKNOWN_KEYWORD, Kind.MULTIPLE_VALUES, Kind.POSITIONAL_ONLY_AS_KEYWORD)


@pytest.mark.parametrize("kind", WIDE[1:], ids=lambda kind: kind.value)
@pytest.mark.parametrize(
    ("statement", "possible"),
    [
        pytest.param("f(1)", False, id="no keyword"),
        pytest.param("f([*a], {**b})", True, id="a star, which might be for a call"),
        pytest.param("f(1, a=2)", True, id="keyword"),
        pytest.param("f(*a)", True, id="star"),
        pytest.param("f(**a)", True, id="two stars"),
        pytest.param("f(g(a=2))", True, id="keyword of a call within"),
        pytest.param("class A(B, a=2): ...", True, id="keyword of a class"),
        pytest.param("f(lambda a=2: None)", False, id="a default is no keyword"),
        pytest.param("if f(1):\n    f(a=2)", False, id="keyword in the block"),
    ],
)
def test_without_a_keyword_no_kind_of_mistake_with_one_is_met(
    statement: str, kind: Kind, *, possible: bool
) -> None:
    head, colon, body = statement.partition(":\n")
    source = f"{head}{colon.strip()}  # E: {kind.value}\n{body}"
    outcome = Outcome.MET if possible else Outcome.WRONG_KIND
    assert judge(source, say(1, "", "", *WIDE)) == [(1, outcome)]
    assert judge(source.replace(kind.value, MISSING.value), say(1, "", "", *WIDE)) == [(1, Outcome.MET)]
    # What is sure of its kind may know of a keyword that stands elsewhere.
    assert judge(source, say(1, "", "", kind)) == [(1, Outcome.MET)]


def test_the_whole_statement_is_searched_for_a_keyword() -> None:
    source = "f(\n    1,  # E: unknown-keyword\n    2,  # E: argument-type\n    a=3)\n"
    assert judge(source, say(2, "", "", *WIDE), say(3, "", "", TYPE)) == [(2, Outcome.MET), (3, Outcome.MET)]


TAGGED = "f(1)  # E[a]\nf(2)\nf(3)  # E[a]\n"


@pytest.mark.parametrize(
    ("source", "lines", "outcomes"),
    [
        pytest.param(TAGGED, [1], [Outcome.MET, Outcome.MET], id="first"),
        pytest.param(TAGGED, [3], [Outcome.MET, Outcome.MET], id="last"),
        pytest.param(TAGGED, [], [Outcome.MISSED, Outcome.MISSED], id="none"),
        pytest.param(TAGGED, [1, 3], [Outcome.UNEXPECTED, Outcome.UNEXPECTED], id="both"),
        pytest.param(TAGGED.replace("a]", "a+]"), [1, 3], [Outcome.MET, Outcome.MET], id="several"),
    ],
)
def test_one_line_of_a_tag_has_to_be_rejected(source: str, lines: list[int], outcomes: list[Outcome]) -> None:
    verdicts = judge(source, *map(say, lines))
    assert verdicts == [(1, outcomes[0]), (3, outcomes[1])]


def test_several_claims_in_a_statement_are_each_for_their_line() -> None:
    source = 'f(\n    "x",  # E: argument-type\n    "y",\n    "z",  # E: argument-type\n)\n'
    assert judge(source, say(2, "", "", TYPE), say(3, "", "", TYPE)) == [
        (2, Outcome.MET),
        (4, Outcome.MISSED),
        (3, Outcome.UNEXPECTED),
    ]


def reveal(spelled: str) -> Diagnostic:
    return Diagnostic(PATH, 1, "", "", revealed=spelled)


@pytest.mark.parametrize(
    ("claim", "said", "outcome"),
    [
        pytest.param("list[int]", [reveal("list[int]")], Outcome.MET, id="the same"),
        pytest.param("list[int]", [reveal("builtins.list[builtins.int]")], Outcome.MET, id="modules"),
        pytest.param("a.B", [reveal("c.a.B")], Outcome.MET, id="part of the modules"),
        pytest.param("a.B", [reveal("d.B")], Outcome.MISSED, id="another module"),
        pytest.param("a.B", [reveal("B")], Outcome.MET, id="no module"),
        pytest.param("Literal['a.b']", [reveal('Literal["a.b"]')], Outcome.MET, id="quotes"),
        pytest.param("Literal['b']", [reveal('Literal["a.b"]')], Outcome.MISSED, id="another text"),
        pytest.param(
            '<subclass of "A" and "b.B">', [reveal('m.<subclass of "m.A" and "b.B">')], Outcome.MET, id="made"
        ),
        pytest.param("int|str", [reveal("int | str")], Outcome.MET, id="spaces"),
        pytest.param("int", [reveal("int | str")], Outcome.MISSED, id="more"),
        pytest.param('pyright"x"', [reveal("int")], Outcome.MET, id="of another checker"),
        pytest.param('int mypy"str"', [reveal("str")], Outcome.MET, id="its own"),
        pytest.param("int", [], Outcome.MISSED, id="nothing"),
        pytest.param("int", [reveal("int"), say(1)], Outcome.UNEXPECTED, id="an error besides"),
        pytest.param("int", [reveal("int"), reveal("str")], Outcome.MISSED, id="one of two"),
    ],
)
def test_a_revealed_type_is_compared_as_it_is_spelled(
    claim: str, said: list[Diagnostic], outcome: Outcome
) -> None:
    assert judge(f"reveal_type(x)  # revealed: {claim}", *said) == [(1, outcome)]


def test_a_type_that_is_revealed_uncalled_is_no_fault() -> None:
    assert judge("reveal_type(x)", reveal("int")) == []
    assert judge("reveal_type(x)  # OK", reveal("int")) == [(1, Outcome.MET)]
    assert judge("reveal_type(f(x))  # E", reveal("int")) == [(1, Outcome.MISSED)]


def test_a_type_is_what_assert_type_says() -> None:
    assert judge("assert_type(x, int)") == [(1, Outcome.MET)]
    assert judge("assert_type(x, int)", say(1, "assert-type", "no")) == [(1, Outcome.MISSED)]
