from pathlib import Path

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.ignores import read_ignores, silence
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Outcome
from bgtasks.model import Diagnostic, Run
from bgtasks.verify.run import judge_run

PATH = Path("case.py")


def read(source: str) -> Case:
    return read_case(PATH, PATH, source, frozenset(NAMES), ignores=True)


def outcome(comment: str, checker: str, *rules: str) -> Outcome:
    said = [Diagnostic(PATH, 1, rule, "message") for rule in rules]
    [verdict] = match(read(f"f(1)  {comment}"), Run(checker, "1.0", "3.13", 0), said)
    return verdict.outcome


BOTH = "# type: ignore[arg-type] # pyright: ignore[reportA, reportB]"


@pytest.mark.parametrize(
    ("comment", "checker", "rules", "expected"),
    [
        pytest.param("# type: ignore", "mypy", ["any"], Outcome.MET, id="for all"),
        pytest.param("# type: ignore", "ty", [], Outcome.MISSED, id="for all, and silence"),
        pytest.param("#type:ignore # see below", "ty", ["any"], Outcome.MET, id="spaced otherwise"),
        pytest.param("# type: ignore[a]", "mypy", ["a"], Outcome.MET, id="code"),
        pytest.param("# type: ignore[a]", "mypy+plugin", ["b"], Outcome.WRONG_KIND, id="another code"),
        pytest.param("# type: ignore[a]", "mypy", ["a", "b"], Outcome.WRONG_KIND, id="another code besides"),
        pytest.param("# type: ignore[a]", "mypy", [], Outcome.MISSED, id="code, and silence"),
        pytest.param("# type: ignore[a]", "zuban", ["b"], Outcome.MET, id="codes of its own"),
        pytest.param("# type: ignore[a]", "pyright", [], Outcome.MET, id="codes of another"),
        pytest.param("# type: ignore[a]", "pyright", ["b"], Outcome.MET, id="codes of another, rejected"),
        pytest.param(BOTH, "pyright", ["reportA", "reportB"], Outcome.MET, id="rules"),
        pytest.param(BOTH, "pyright", ["reportB"], Outcome.WRONG_KIND, id="one rule of two"),
        pytest.param(BOTH, "basedpyright", ["reportC"], Outcome.WRONG_KIND, id="another rule"),
        pytest.param(BOTH, "pyright", [], Outcome.MISSED, id="rule, and silence"),
        pytest.param(BOTH, "mypy", ["arg-type"], Outcome.MET, id="code beside a rule"),
        pytest.param("# ty: ignore", "ty", [], Outcome.MISSED, id="without a rule"),
        pytest.param("# ty: ignore", "mypy", [], Outcome.MET, id="without a rule, of another"),
        pytest.param("# type: ignore # ty: ignore[a]", "ty", ["b"], Outcome.WRONG_KIND, id="all, and a rule"),
    ],
)
def test_what_is_ignored_must_be_reported(
    comment: str, checker: str, rules: list[str], expected: Outcome
) -> None:
    assert outcome(comment, checker, *rules) is expected


UNUSED = "# type: ignore[a, b, unused-ignore] # pyright: ignore[c]"


@pytest.mark.parametrize("said", [[], ["a"], ["a", "b"]])
def test_what_may_be_unused_may_be_silent(said: list[str]) -> None:
    assert outcome(UNUSED, "mypy", *said) is Outcome.MET
    assert outcome(UNUSED, "pyright") is Outcome.MISSED


SPANNING = "f(\n    (\n        1,  # type: ignore[a]\n        2,  # pyright: ignore[b]\n    ),\n)\n"


@pytest.mark.parametrize(
    ("checker", "line", "last", "told"),
    [
        pytest.param("mypy", 2, 5, True, id="the comment is in what is wrong"),
        pytest.param("mypy", 2, 0, False, id="where that ends is not known"),
        pytest.param("mypy", 4, 5, False, id="the comment is before it"),
        pytest.param("pyright", 4, 4, False, id="on the line of another"),
    ],
)
def test_a_comment_is_for_all_that_spans_its_line(checker: str, line: int, last: int, told: bool) -> None:
    case = read(SPANNING)
    rule = "a" if checker == "mypy" else "b"
    run = Run(checker, "1.0", "3.13", 0, (Diagnostic(PATH, line, rule, "message", last=last),))
    outcomes = {one.line: one.outcome for one in judge_run(run, [case], gates=True).verdicts}
    assert (outcomes[3] is Outcome.MET) is (told or checker == "pyright")
    assert (2 in outcomes) is (line == 2 and not told)


def test_what_is_said_of_a_head_is_not_for_a_comment_in_its_block() -> None:
    case = read("def f(  # type: ignore\n    a  # type: ignore\n): ...\n")
    run = Run("mypy", "1.0", "3.13", 0, (Diagnostic(PATH, 1, "a", "message", last=3),))
    assert [one.outcome for one in judge_run(run, [case], gates=True).verdicts] == [
        Outcome.MET,
        Outcome.MISSED,
    ]


def test_checkers_do_not_see_what_they_would_obey() -> None:
    source = "f(1)  # type: ignore[a] # pyright: ignore\ng(1)  # pyrefly: ignore[b]  # OK\n"
    case = read(source)
    assert case.source == source
    assert case.checked == source.replace(": ignore", "  ignore")
    assert [str(claim) for claim in case.claims][1] == "OK"


def test_each_of_several_in_a_statement_is_for_its_line() -> None:
    case = read("f(\n    1,  # type: ignore\n    2,  # type: ignore\n)\n")
    assert [(claim.line, claim.span.first, claim.span.last) for claim in case.claims] == [
        (2, 2, 2),
        (3, 3, 3),
    ]


@pytest.mark.parametrize(
    "option",
    [
        "# mypy: disable-error-code=misc",
        "# pyright: reportX=false,reportY=none",
        "# pyright: reportX = false",
    ],
)
def test_a_switch_of_rules_is_obeyed(option: str) -> None:
    case = read(f"{option}\nf(1)  # type: ignore\n")
    assert case.notes == ()
    assert option in case.checked
    with pytest.raises(CaseError, match=r"case.py:1: an ignore comment hides"):
        read_case(PATH, PATH, f"{option}\nf(1)  # OK\n", frozenset(NAMES))


@pytest.mark.parametrize(
    "option",
    [
        "# mypy: ignore-errors",
        "# mypy: disable-error-code=attr-defined",
        "# pyright: strict, reportX=false",
        "# pyright: basic",
        "# pyright: reportAssignmentType=false",
    ],
)
def test_an_option_of_a_file_is_told_of(option: str) -> None:
    case = read(f"{option}\nf(1)  # OK\n")
    assert case.notes == (f"case.py:1: {option!r} is not obeyed; options are a suite's",)
    assert option not in case.checked


def test_what_stands_in_a_string_is_still_refused() -> None:
    with pytest.raises(CaseError, match=r"case.py:1: an ignore comment hides"):
        read("x = '# type: ignore'\n")


@pytest.mark.parametrize("comment", ["# type: ignored", "# type: int", "# noqa", "# pyright: basic", "# OK"])
def test_what_ignores_nothing(comment: str) -> None:
    assert read_ignores(comment) is None


def test_a_comment_keeps_its_length() -> None:
    assert silence("#type:ignore # ty: ignore[a: b]") == "#type ignore # ty  ignore[a: b]"
