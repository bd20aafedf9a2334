"""Generated calls are what they claim to be, and the same each time."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from bgtasks.model import DEFAULT_TARGET, Kind
from bgtasks.prove.calls.constructs import CONSTRUCTS, CORE
from bgtasks.prove.calls.generate import FAULTS, generate
from bgtasks.prove.calls.minimising import reductions, takes
from bgtasks.prove.calls.model import Form, How
from bgtasks.prove.calls.through import DEFAULT
from bgtasks.prove.calls.types import TYPES
from bgtasks.prove.calls.writing import write
from bgtasks.prove.oracle.run import judge_claims
from bgtasks.verify.model import Decision, Plan

CALLS = tuple(generate(2_000, 11))


def test_a_seed_makes_the_same_calls_and_a_longer_run_begins_with_them() -> None:
    sources = [
        [sheet.case.source for sheet in write(list(enumerate(generate(600, 5))), DEFAULT_TARGET, DEFAULT)]
    ]
    sources.append(
        [sheet.case.source for sheet in write(list(enumerate(generate(1_000, 5))), DEFAULT_TARGET, DEFAULT)]
    )
    assert sources[0][:2] == sources[1][:2]
    assert sources[0][0] != write(list(enumerate(generate(60, 6))), DEFAULT_TARGET, DEFAULT)[0].case.source


def test_everything_that_can_be_made_is_made() -> None:
    assert {call.construct.name for call in CALLS} == {construct.name for construct in CONSTRUCTS}
    assert {call.kind for call in CALLS} == {None, *FAULTS}
    parameters = [each for call in CALLS for each in call.parameters]
    assert {each.how for each in parameters} == set(How)
    assert {each.text for each in TYPES} <= {each.type.text for each in parameters}
    assert 0.4 < sum(call.kind is None for call in CALLS) / len(CALLS) < 0.6
    assert sum(call.construct in CORE for call in CALLS) == len(CALLS) / 2
    assert max(Counter(call.construct.name for call in CALLS).values()) < len(CALLS) / 10


@pytest.mark.parametrize("kind", [None, *FAULTS])
def test_python_takes_the_shape_of_right_calls_only(kind: Kind | None) -> None:
    of_kind = [call for call in CALLS if call.kind is kind]
    assert [call for call in of_kind if takes(call) != (kind in {None, Kind.ARGUMENT_TYPE})] == []


def test_the_second_overload_takes_what_the_first_does_not() -> None:
    overloaded = [call for call in generate(4000, 1) if call.construct.name == "overloaded function"]
    assert overloaded
    # All types but object are of builtins and of classes that Other is none of.
    assert not [each for call in overloaded for each in call.parameters if each.type.text == "object"]


def test_what_is_smaller_claims_the_same() -> None:
    for call in CALLS[:300]:
        for smaller in reductions(call):
            assert (smaller.kind, smaller.construct) == (call.kind, call.construct)
            assert takes(smaller) == (smaller.kind in {None, Kind.ARGUMENT_TYPE})
            assert smaller.bound <= len(smaller.arguments)


def test_each_call_stands_on_its_lines_in_both_forms() -> None:
    [sheet] = write(list(enumerate(CALLS[:50])), DEFAULT_TARGET, DEFAULT)
    assert sorted(sheet.lines.values(), key=str) == sorted(
        ((n, form) for n in range(50) for form in Form), key=str
    )
    assert {claim.line for claim in sheet.case.claims} == set(sheet.lines)
    lines = sheet.case.source.split("\n")
    for line, (number, form) in sheet.lines.items():
        assert lines[line - 1].startswith("tasks.add_task(" if form is Form.TARGET else "lambda: (")
        assert sheet.case.claims[[c.line for c in sheet.case.claims].index(line)].kind is CALLS[number].kind


@pytest.mark.checker
def test_python_itself_contradicts_no_generated_call() -> None:
    sheets = write(list(enumerate(CALLS[:1_000])), DEFAULT_TARGET, DEFAULT)
    plan = Plan([sheet.case for sheet in sheets], DEFAULT_TARGET, Path(sys.executable))
    judgement = judge_claims(plan, timeout=120)
    lines = {sheet.case.path: sheet for sheet in sheets}
    through = [
        answer
        for answer in judgement.answers
        if lines[answer.path].lines[answer.claim.line][1] is Form.TARGET
    ]
    assert judgement.aside == ()
    assert [answer for answer in through if answer.decision is Decision.CONTRADICTED] == []
    assert len(through) == 1_000
    assert sum(answer.decision is Decision.DECIDED for answer in through) > 900
