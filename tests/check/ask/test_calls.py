from pathlib import Path

import pytest

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.calls import TYPE_ERROR, WRONG_CALL, find_wrong_calls
from bgtasks.check.model import AS_A_WHOLE, Finding, Place, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind, Run

PATH = Path("app.py")
PITFALL = Rule("BGT301", "generator-function", "", AS_A_WHOLE)
TYPE = frozenset({Kind.ARGUMENT_TYPE})
MISSING = frozenset({Kind.MISSING_ARGUMENT})
NOTHING = frozenset[Kind]()


def site(line: int, column: int = 5, end_line: int | None = None) -> Place:
    return Place(PATH, line, column, end_line or line, column + 20)


def answer(checker: str, *said: Diagnostic) -> Answer:
    return Answer(Run(checker, "1.0", "3.13", 1, said), {})


def says(line: int, kinds: frozenset[Kind], message: str = "wrong", rule: str = "rule") -> Diagnostic:
    return Diagnostic(PATH, line, rule, message, kinds)


def found(sites: list[Place], *answers: Answer) -> list[tuple[int, str, str, tuple[str, ...]]]:
    findings = find_wrong_calls(sites, answers)
    return [(one.place.line, one.rule.code, one.message, one.by) for one in findings]


def test_what_two_checkers_mean_is_said_once_in_the_words_of_the_first() -> None:
    mypy = answer("mypy", says(3, TYPE, "an int"), says(3, MISSING, "missing"))
    pyright = answer("pyright", says(3, MISSING, "lacks"), says(3, TYPE, "is no str"))
    assert found([site(3)], mypy, pyright) == [
        (3, "BGT100", "an int [rule]", ("mypy", "pyright")),
        (3, "BGT100", "missing [rule]", ("mypy", "pyright")),
    ]


def test_what_one_checker_says_twice_stays_two() -> None:
    mypy = answer("mypy", says(3, TYPE, "first"), says(3, TYPE, "second"))
    pyright = answer("pyright", says(3, TYPE, "only"))
    assert [by for *_, by in found([site(3)], mypy, pyright)] == [("mypy", "pyright"), ("mypy",)]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        pytest.param(2, False, id="before"),
        pytest.param(3, True, id="first line"),
        pytest.param(5, True, id="last line"),
        pytest.param(6, False, id="behind"),
    ],
)
def test_only_what_stands_in_a_call_counts(line: int, counts: bool) -> None:
    assert bool(found([site(3, end_line=5)], answer("mypy", says(line, TYPE)))) == counts


def test_the_innermost_call_is_meant_and_of_one_line_the_first() -> None:
    assert found([site(1, end_line=9), site(4), site(4, 40)], answer("mypy", says(4, TYPE))) == [
        (4, "BGT100", "wrong [rule]", ("mypy",))
    ]


@pytest.mark.parametrize(("column", "said_of"), [(5, 5), (24, 5), (40, 40), (59, 40), (30, 5), (0, 5)])
def test_of_calls_on_one_line_the_column_tells_which(column: int, said_of: int) -> None:
    said = Diagnostic(PATH, 4, "rule", "wrong", TYPE, column)
    [finding] = find_wrong_calls([site(4), site(4, 40)], [answer("mypy", said)])
    assert finding.place.column == said_of


def test_another_file_is_another_file() -> None:
    elsewhere = Diagnostic(Path("other.py"), 3, "rule", "wrong", TYPE)
    assert not found([site(3)], answer("mypy", elsewhere))


def test_what_is_not_about_the_call_has_a_code_of_its_own() -> None:
    [finding] = find_wrong_calls([site(3)], [answer("mypy", says(3, NOTHING))])
    assert finding.rule is TYPE_ERROR
    [finding] = find_wrong_calls([site(3)], [answer("mypy", says(3, CALL_KINDS))])
    assert finding.rule is WRONG_CALL


def test_a_checker_that_is_strict_is_heard_about_calls_only() -> None:
    assert not found([site(3)], answer("pyrefly", says(3, NOTHING)))
    assert found([site(3)], answer("pyrefly", says(3, MISSING)))


@pytest.mark.parametrize(
    ("rule", "ours", "theirs"),
    [
        (
            "func-returns-value",
            '"add_task" of "BackgroundTasks" does not return',
            '"f" does not return a value',
        ),
        ("background-task", '"add_task" returns None, not a background task', '"f" is a generator function'),
        ("union-attr", 'Item "None" of "T | None" has no attribute "add_task"', 'has no attribute "id"'),
        ("reportOptionalMemberAccess", '"add_task" is not a known attribute of "None"', '"id" is not known'),
    ],
)
def test_what_rules_of_ours_judge_is_not_the_checkers_business(rule: str, ours: str, theirs: str) -> None:
    kinds = frozenset({Kind.NOT_CALLABLE, Kind.PITFALL, Kind.UNKNOWN_ATTRIBUTE})
    assert not found([site(3)], answer("mypy", says(3, kinds, ours, rule)))
    assert found([site(3)], answer("mypy", says(3, kinds, theirs, rule)))


def test_a_pitfall_is_said_once_whoever_finds_it() -> None:
    pitfall = Finding(PITFALL, Place(PATH, 3, 20, 3, 25), "never runs")
    elsewhere = Finding(PITFALL, Place(PATH, 9, 20, 9, 25), "never runs either")
    mypy = answer("mypy", says(3, frozenset({Kind.PITFALL})), says(3, TYPE, "and wrong"))
    pyright = answer("pyright", says(3, CALL_KINDS, "once"), says(3, CALL_KINDS, "twice"))
    merged = list(find_wrong_calls([site(3)], [mypy, pyright], [pitfall, elsewhere]))
    assert [(one.rule.code, one.message, one.by) for one in merged] == [
        ("BGT301", "never runs", ("mypy", "pyright")),
        ("BGT100", "and wrong [rule]", ("mypy",)),
        ("BGT301", "never runs either", ()),
    ]


def test_of_the_reasons_of_pyright_one_is_told() -> None:
    said = says(3, TYPE, 'Argument of type "int"\n  "int" is no "str"\n    and so on')
    assert (
        found([site(3)], answer("pyright", said))[0][2] == 'Argument of type "int" ("int" is no "str") [rule]'
    )
