from pathlib import Path

import pytest

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.coverage import cover, find_unknown, is_ours
from bgtasks.check.ask.sights import Sight
from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Grade
from bgtasks.model import CALL_KINDS, Diagnostic, Kind, Run
from examples import endpoint, parse
from said import read_sites, says

TYPED, PARTLY, ANY = Sight(True, Grade.TYPED), Sight(True, Grade.PARTLY, ("a",)), Sight(None, Grade.ANY)
FOREIGN = Sight(False, Grade.TYPED)


def site_of(source: str) -> Site:
    [site] = read_app([parse(source)]).sites
    return site


SURE = site_of(endpoint("tasks.add_task(send)"))
UNSURE = site_of("def f(queue): queue.add_task(send)")


def answer(checker: str, site: Site, sight: Sight | None, *messages: str) -> Answer:
    said = tuple(Diagnostic(Path("app.py"), 1, "import", message) for message in messages)
    return Answer(Run(checker, "1.0", "3.13", 1, said), {} if sight is None else {site: sight})


@pytest.mark.parametrize(
    ("site", "sights", "expected"),
    [
        pytest.param(SURE, [], True, id="the source shows it"),
        pytest.param(UNSURE, [TYPED], True, id="a checker knows it"),
        pytest.param(UNSURE, [FOREIGN, TYPED], True, id="one of two knows it"),
        pytest.param(UNSURE, [FOREIGN], False, id="another class"),
        pytest.param(UNSURE, [ANY], None, id="nobody knows"),
        pytest.param(UNSURE, [None], None, id="nobody looked"),
    ],
)
def test_whose_a_call_is(site: Site, sights: list[Sight | None], expected: bool | None) -> None:
    answers = [answer(f"checker{number}", site, sight) for number, sight in enumerate(sights)]

    assert is_ours(site, answers) is expected


@pytest.mark.parametrize(
    ("sights", "grade"),
    [
        pytest.param([TYPED, ANY], Grade.TYPED, id="the best"),
        pytest.param([PARTLY, ANY], Grade.PARTLY, id="part of it"),
        pytest.param([ANY, ANY], Grade.ANY, id="nothing"),
    ],
)
def test_a_call_is_as_well_covered_as_under_the_best_checker(sights: list[Sight], grade: Grade) -> None:
    answers = [answer(f"checker{number}", SURE, sight) for number, sight in enumerate(sights)]

    [coverage] = cover([SURE], answers)

    assert (coverage.grade, coverage.place) == (grade, SURE.place)
    assert [each for _, each in coverage.grades] == [sight.grade for sight in sights]
    assert bool(coverage.reason) == (grade is not Grade.TYPED)


NOTHING = frozenset[Kind]()
WHOLE = frozenset(CALL_KINDS)
MISSING = frozenset({Kind.MISSING_ARGUMENT})


@pytest.mark.parametrize(
    ("call", "at", "kinds", "grade"),
    [
        pytest.param("t.add_task(3, 1)", "3", WHOLE, Grade.TYPED, id="no function"),
        pytest.param("t.add_task()", "t.add", MISSING, Grade.TYPED, id="no task"),
        pytest.param("t.add_task(f, 1)", "1", frozenset({Kind.ARGUMENT_TYPE}), Grade.ERASED, id="other"),
        pytest.param("t.add_task(f, g(h))", "h", WHOLE, Grade.ERASED, id="in an argument"),
        pytest.param("t.add_task(f, 3)", "3", NOTHING, Grade.ERASED, id="nothing of the call"),
    ],
)
def test_a_task_that_is_rejected_is_looked_at(
    call: str, at: str, kinds: frozenset[Kind], grade: Grade
) -> None:
    [site] = read_sites(f"async def e(t: BackgroundTasks):\n    {call}\n")
    run = Run("pyright", "1.0", "3.13", 1, (says(site, at, "wrong", kinds),))

    [coverage] = cover([site], [Answer(run, {site: Sight(True, Grade.ERASED)})])

    assert coverage.grades == (("pyright", grade),)


@pytest.mark.parametrize(
    ("call", "said", "grade"),
    [
        pytest.param("t.add_task(m.sned, 1)", '"Mailer" has no attribute "sned"', Grade.TYPED, id="the task"),
        pytest.param(
            "t.add_task(m.send, m.sned)", '"Mailer" has no attribute "sned"', Grade.ANY, id="an argument"
        ),
        pytest.param(
            "t.add_task(m.sned, 1)",
            'Item "None" of "Mailer | None" has no attribute "sned"',
            Grade.ANY,
            id="perhaps",
        ),
    ],
)
def test_a_task_that_is_surely_not_there_is_looked_at(call: str, said: str, grade: Grade) -> None:
    [site] = read_sites(f"async def e(t: BackgroundTasks, m: int):\n    {call}\n")
    found = says(site, "m.sned", said, frozenset({Kind.UNKNOWN_ATTRIBUTE}), "attr-defined")
    run = Run("mypy", "1.0", "3.13", 1, (found,))

    [coverage] = cover([site], [Answer(run, {site: Sight(True, Grade.ANY)})])

    assert coverage.grade is grade


def test_an_attribute_that_a_decorator_may_have_made_is_not_surely_missing() -> None:
    [site] = read_sites("async def e(t: BackgroundTasks, job: int):\n    t.add_task(job.delay, 1)\n")
    said = says(site, "job.delay", "wrong", frozenset({Kind.UNKNOWN_ATTRIBUTE}), "reportFunctionMemberAccess")
    run = Run("pyright", "1.0", "3.13", 1, (said,))

    [coverage] = cover([site], [Answer(run, {site: Sight(True, Grade.ANY)})])

    assert coverage.grade is Grade.ANY


def test_what_is_not_ours_is_not_covered() -> None:
    assert list(cover([UNSURE], [answer("mypy", UNSURE, FOREIGN)])) == []


def test_without_a_checker_that_tells_types_nothing_is_covered() -> None:
    assert list(cover([SURE], [answer("ty", SURE, None)])) == []


def test_what_could_not_be_imported_is_told() -> None:
    messages = [
        'Cannot find implementation or library stub for module named "a.b"',
        'Import "c" could not be resolved',
        'Library stubs not installed for "d"',
        'Skipping analyzing "e": module is installed, but missing library stubs or py.typed marker',
        'Stub file not found for "f"',
        "another thing",
    ]

    assert find_unknown([answer("mypy", SURE, None, *messages)]) == {
        "a.b": "is not found",
        "c": "is not found",
        "d": "has no types",
        "e": "has no types",
        "f": "has no types",
    }
