"""What a checker makes of each claim through add_task, against what it makes of the direct call."""

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case, Claim, Verdict
from bgtasks.model import CALL_KINDS, DEFAULT_TARGET, Kind
from bgtasks.verify.find import find_suite
from bgtasks.verify.model import Plan
from bgtasks.verify.reporters.words import statement
from bgtasks.verify.run import verify
from direct_calls import call_directly
from places import ROOT

pytestmark = pytest.mark.checker

TYPETESTS = ROOT / "typetests"
TASK, DIRECT = Path("task"), Path("direct")
# With the plugin, what is asked of add_task is what mypy alone is asked of the direct call.
ALONE = {"mypy+plugin": "mypy", "pyright": "pyright"}

OWN = "what add_task takes by that name itself, no task can be given through it"
BY_SHAPE = "pyright says of the direct call that there is one argument too many"
OVERLOADS = "pyright judges one overload only through a ParamSpec"
SEEN_THROUGH = "the plugin knows what a partial of a partial still takes, which mypy does not"

# The claims that are met in one way only, each with its reason. When a difference is gone, so is its line.
ONLY_DIRECT: Mapping[str, Mapping[str, str]] = {
    "mypy+plugin": {},
    "pyright": {
        'class_objects: tasks.add_task(Options, subject="hello")': "no P can be solved for a TypedDict class",
        'class_objects: tasks.add_task(UserId, "1")': "the parameter of a NewType is lost to P",
        'overloads: tasks.add_task(fetch, "/", raw="yes")': OVERLOADS,
        'overloads: tasks.add_task(schedule, "backup", 3, every=3)': OVERLOADS,
        'overloads: tasks.add_task(store.put, "k", b"v")': OVERLOADS,
    },
}
ONLY_TASK: Mapping[str, Mapping[str, str]] = {
    "mypy+plugin": {
        'parameter_names: tasks.add_task("ada", func=send)': OWN,
        'parameter_names: tasks.add_task(profile, func="render")': OWN,
        'parameter_names: tasks.add_task(describe, self="a", other="b")': OWN,
        'parameter_names: BackgroundTask(profile, func="render")': OWN,
        'partials: tasks.add_task(partial(partial(send, "ada"), "hello"), "bob")': SEEN_THROUGH,
    },
    "pyright": {
        'parameter_names: tasks.add_task("ada", func=send)': OWN,
        'parameter_names: tasks.add_task(profile, func="render")': OWN,
        'parameter_names: BackgroundTask(profile, func="render")': OWN,
        "forwarders: queue.add_task(func, 1, *args, **kwargs)": BY_SHAPE,
        "forwarders: queue.add_task(func, *args, **kwargs, retry=True)": BY_SHAPE,
    },
}


@dataclass(frozen=True, slots=True)
class Both:
    """
    A claim, and whether a checker meets it: through add_task, and of the direct call.

    `direct` is None where there is no such call.
    """

    name: str
    kind: Kind | None
    task: bool
    direct: bool | None


@pytest.fixture(scope="module")
def answers(warm_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Both]]:
    """Ask once about all cases as they are and, in a folder beside them, written as direct calls."""
    suite = find_suite([TYPETESTS], NAMES)
    cases, errors = suite.cases, suite.errors
    assert errors == ()
    tasks = [move(case, TASK, case.source) for case in cases]
    rewritten = {case.module: call_directly(case) for case in cases}
    directs = [move(case, DIRECT, rewritten[case.module][0]) for case in cases]
    checkers = [CHECKERS[name] for name in {*ALONE, *ALONE.values()}]
    cache = shutil.copytree(warm_cache, tmp_path_factory.mktemp("direct") / "cache")
    plan = Plan([*tasks, *directs], DEFAULT_TARGET, Path(sys.executable), cache=cache)
    results = verify(plan, checkers, timeout=120)
    assert {result.run.checker: result.run.failure for result in results} == dict.fromkeys(
        {*ALONE, *ALONE.values()}
    )
    met = {
        (result.run.checker, verdict.path, verdict.line): is_met(verdict.claim, verdict)
        for result in results
        for verdict in result.verdicts
        if verdict.claim
    }
    return {
        name: [
            Both(
                f"{case.module.stem}: {text_of(case, claim)}",
                claim.kind,
                met[name, TASK / case.module, claim.line],
                met[alone, DIRECT / case.module, claim.line]
                if claim.span in rewritten[case.module][1]
                else None,
            )
            for case in cases
            for claim in case.claims
        ]
        for name, alone in ALONE.items()
    }


def move(case: Case, folder: Path, source: str) -> Case:
    """Return a case without its gaps, with other source, in a folder."""
    path = folder / case.module
    moved = read_case(path, path, source, frozenset(NAMES))
    return replace(moved, claims=tuple(replace(claim, gaps=()) for claim in moved.claims))


def is_met(claim: Claim, verdict: Verdict) -> bool:
    """Tell whether a claim is met; that no overload fits is all that is said of any wrong direct call."""
    kinds = frozenset[Kind]().union(*(diagnostic.kinds for diagnostic in verdict.diagnostics))
    if claim.kind is None:
        return not verdict.diagnostics
    return claim.kind in (kinds | CALL_KINDS if Kind.NO_OVERLOAD in kinds else kinds)


def text_of(case: Case, claim: Claim) -> str:
    """Return a statement in one line, as it would stand there if no mark behind it were too long for that."""
    lines = statement(case.source.split("\n"), claim.span).split("\n")
    text = " ".join(" ".join(re.sub(r"\s*#.*", "", line) for line in lines).split())
    return text.replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("name", ALONE)
def test_what_differs_from_the_direct_call_is_known(name: str, answers: Mapping[str, list[Both]]) -> None:
    compared = [
        both for both in answers[name] if both.direct is not None and not both.name.startswith("pitfalls: ")
    ]
    only_direct = [both.name for both in compared if both.direct and not both.task]
    only_task = [both.name for both in compared if both.task and not both.direct]
    assert sorted(only_direct) == sorted(ONLY_DIRECT[name])
    assert sorted(only_task) == sorted(ONLY_TASK[name])


def test_with_the_plugin_what_has_no_direct_call_is_met(answers: Mapping[str, list[Both]]) -> None:
    alone = [both for both in answers["mypy+plugin"] if both.direct is None]
    assert [both.name for both in alone if not both.task] == []
    assert len(alone) < len(answers["mypy+plugin"]) / 8


def test_a_pitfall_is_none_of_the_direct_call(answers: Mapping[str, list[Both]]) -> None:
    pitfalls = [both for both in answers["mypy+plugin"] if both.name.startswith("pitfalls: ")]
    rejected = [both for both in pitfalls if both.kind is not None]
    assert [both.name for both in pitfalls if not both.task] == []
    assert [both.name for both in rejected if both.direct] == []
    assert len(rejected) > 15
