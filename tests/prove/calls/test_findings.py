"""What is made of what checkers say of generated calls."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.model import DEFAULT_TARGET, Diagnostic, Kind, Run
from bgtasks.prove.calls.constructs import CORE, OTHERS
from bgtasks.prove.calls.findings import Cause, Disagreement, Findings, disagreements
from bgtasks.prove.calls.generate import generate
from bgtasks.prove.calls.judging import Answers
from bgtasks.prove.calls.model import Argument, Call, Form, How, Parameter
from bgtasks.prove.calls.reporters import FORMATS
from bgtasks.prove.calls.reporters.terminal import render
from bgtasks.prove.calls.reporters.words import verdict, who
from bgtasks.prove.calls.types import INT

CALLS = tuple(generate(60, 4))
GATING = frozenset({"mypy", "pyright"})
CORE_WRONG = next(n for n, call in enumerate(CALLS) if call.construct.core and call.kind)
CORE_RIGHT = next(n for n, call in enumerate(CALLS) if call.construct.core and not call.kind)
OTHER_WRONG = next(n for n, call in enumerate(CALLS) if not call.construct.core and call.kind)

Said = Mapping[tuple[int, Form], tuple[Diagnostic, ...]]


def say(text: str = "wrong") -> tuple[Diagnostic, ...]:
    return (Diagnostic(Path("calls_0000.py"), 1, "rule", text),)


def right_of(name: str, changes: Said | None = None) -> Answers:
    """Return a checker that is right of every call, but for what is changed."""
    said = {(n, form): say() if call.kind else () for n, call in enumerate(CALLS) for form in Form}
    return Answers(Run(name, "1.0", "3.13", 0), {**said, **(changes or {})})


def find(*answers: Answers, causes: tuple[Cause, ...] = ()) -> Findings:
    return Findings(DEFAULT_TARGET, 4, CALLS, answers, GATING, causes)


MISSED: Said = {(CORE_WRONG, Form.TARGET): ()}
LOUD: Said = {(CORE_RIGHT, Form.TARGET): say(), (CORE_RIGHT, Form.DIRECT): say()}
DIRECT: Said = {(CORE_RIGHT, Form.DIRECT): say()}
ELSEWHERE: Said = {(OTHER_WRONG, Form.TARGET): ()}
WORDS: Said = {(OTHER_WRONG, Form.TARGET): say("other words")}
FAILED = Answers(Run("ty", "1.0", "3.13", 0, failure="gave no answer"), {})


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        pytest.param(find(right_of("mypy"), right_of("pyright")), 0, id="all is right"),
        pytest.param(find(right_of("mypy", MISSED)), 1, id="a core call is lost"),
        pytest.param(find(right_of("mypy", LOUD)), 1, id="a right core call is rejected"),
        pytest.param(find(right_of("mypy", DIRECT)), 1, id="the direct call alone is rejected"),
        pytest.param(find(right_of("mypy", ELSEWHERE)), 0, id="no core call"),
        pytest.param(find(right_of("ty", MISSED)), 0, id="no checker that gates"),
        pytest.param(find(right_of("mypy"), right_of("mypy+plugin", ELSEWHERE)), 1, id="the plugin differs"),
        pytest.param(find(right_of("mypy"), right_of("mypy+plugin", WORDS)), 1, id="in its words"),
        pytest.param(find(right_of("mypy+plugin", WORDS)), 0, id="the plugin alone"),
        pytest.param(find(right_of("mypy"), FAILED), 2, id="a checker fails"),
        pytest.param(find(), 2, id="no checker"),
    ],
)
def test_the_gate(findings: Findings, code: int) -> None:
    assert findings.exit_code == code
    assert verdict(findings).startswith(["Green", "Red", "Nothing"][code])


def test_what_the_target_loses_is_told_from_what_the_checker_lacks() -> None:
    answers = right_of("mypy", {**MISSED, **LOUD, **DIRECT})
    found = {each.number: each.lost for each in disagreements(list(enumerate(CALLS)), answers)}
    assert found == {CORE_WRONG: True, CORE_RIGHT: False}


def make_causes() -> tuple[Cause, ...]:
    number = Parameter("number", INT, How.EITHER)
    wrong = Call(CORE[0], (number,), (Argument('"a"', "number"),), Kind.ARGUMENT_TYPE, "number")
    partial = next(each for each in OTHERS if each.partial)
    bound = Call(
        partial, (number,), (Argument("1", "number"), Argument("2", "")), Kind.TOO_MANY_POSITIONAL, "", 1
    )
    generic = next(
        call for call in generate(900, 1) if call.construct.name == "generic class" and call.parameters
    )
    return (
        Cause(wrong, (("mypy", True), ("pyright", False))),
        Cause(bound, (("zuban", True),)),
        Cause(replace(generic), (("ty", False),)),
    )


CAUSES = make_causes()


def test_a_case_is_one_that_can_be_read_with_a_gap_for_each_checker() -> None:
    source = FORMATS["case"](find(right_of("mypy"), causes=CAUSES))
    case = read_case(
        Path("found.py"), Path("found.py"), source, frozenset({"mypy", "pyright", "zuban", "ty"})
    )
    assert [(claim.kind, [gap.checker for gap in claim.gaps]) for claim in case.claims] == [
        (Kind.ARGUMENT_TYPE, ["mypy", "pyright"]),
        (Kind.TOO_MANY_POSITIONAL, ["zuban"]),
        (CAUSES[2].call.kind, ["ty"]),
    ]
    assert 'tasks.add_task(task1, "a")' in source
    assert "tasks.add_task(partial(task2, 1), 2)" in source
    # Of the head, only what these calls need.
    assert "class Color" not in source
    assert 'T = TypeVar("T")' in source.replace("'", '"')
    compile(source, "found.py", "exec")


def test_each_format_tells_of_each_cause() -> None:
    findings = find(right_of("mypy", MISSED), right_of("pyright"), causes=CAUSES)
    assert who(CAUSES[0]) == "lost through the target: mypy; of the direct call too: pyright"
    markdown = FORMATS["markdown"](findings)
    assert markdown.count("```python") == len(CAUSES)
    command = "bgtasks fuzz --calls 60 --seed 4 --target bgtasks:BackgroundTasks --checkers mypy,pyright"
    assert command in markdown
    assert f"| **{CALLS[CORE_WRONG].construct.name}** |" in markdown
    assert "| lost through the target | | | 1 | 0 |" in markdown
    read = json.loads(FORMATS["json"](findings))
    assert [each["call"] for each in read["runs"][0]["disagreements"]] == [CORE_WRONG]
    assert [each["claim"] for each in read["causes"]][:2] == ["argument-type", "too-many-positional"]
    assert str(next(render(findings))) == who(CAUSES[0])


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_has_the_same_bytes_whenever_it_is_made(name: str) -> None:
    slow, fast = (
        find(replace(right_of("mypy"), run=Run("mypy", "1.0", "3.13", seconds)), causes=CAUSES)
        for seconds in (1, 2)
    )
    assert FORMATS[name](slow) == FORMATS[name](fast)


def test_a_failed_checker_is_told_of() -> None:
    said = [str(part) for part in render(find(right_of("mypy"), FAILED))]
    assert said == ["ty: gave no answer", "Nothing can be concluded."]


def test_disagreements_of_one_cause_are_one_group() -> None:
    one = Disagreement("mypy", 1, CALLS[CORE_WRONG], lost=True)
    assert one.group == replace(one, number=2).group
    assert one.group != replace(one, lost=False).group
