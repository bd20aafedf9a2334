import sys
from pathlib import Path

import pytest

from bgtasks.checkers import CHECKERS, GATING, NAMES
from bgtasks.claims.model import Case, Outcome
from bgtasks.model import DEFAULT_TARGET, Checker, Target
from bgtasks.verify.find import find_suite
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify
from environments import INSTALLED, make_environment
from places import ROOT

pytestmark = pytest.mark.checker

TYPETESTS = ROOT / "typetests"
CORE = (ROOT / "bgtasks" / "background.py").read_text(encoding="utf-8")
STARLETTE = Target("starlette.background", "BackgroundTasks")

# Of the cases of our own suite, those that between them notice every weakening.
FEW = [
    TYPETESTS / name for name in ("functions.py", "keyword_only.py", "single_task.py", "add_task_result.py")
]

WEAKENINGS = {
    "control": [],
    "callable_any": [
        ("Callable[P, object]", "Callable[..., object]"),
        ("P.args", "object"),
        ("P.kwargs", "object"),
    ],
    "args_any": [("*args_: P.args", "*args_: Any")],
    "kwargs_any": [("**kwargs_: P.kwargs", "**kwargs_: Any")],
    "no_kwargs": [("        **kwargs_: P.kwargs,\n", ""), (", kwargs_, code)", ", {}, code)")],
    "returns_any": [(") -> None:", ") -> Any:")],
    "func_any": [("Callable[P, object]", "Any"), ("P.args", "Any"), ("P.kwargs", "Any")],
    "no_subclass": [("(StarletteBackgroundTasks):", ":\n    tasks: list[BackgroundTask]\n")],
}


def read(*paths: Path) -> list[Case]:
    suite = find_suite(paths, NAMES)
    cases, errors = suite.cases, suite.errors
    assert errors == ()
    return list(cases)


@pytest.fixture(scope="module")
def weakened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with a module for each weakened form of our core."""
    modules = tmp_path_factory.mktemp("modules")
    for name, changes in WEAKENINGS.items():
        source = CORE
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        folder = modules / name
        folder.mkdir()
        (folder / "py.typed").touch()
        (folder / "__init__.py").write_text(f"from typing import Any\n{source}")
    return make_environment(tmp_path_factory.mktemp("weakened"), modules, *INSTALLED)


def check(
    cases: list[Case], *, target: Target, python: Path, cache: Path, **checkers: Checker
) -> dict[str, Result]:
    asked = list(checkers.values()) or [CHECKERS[name] for name in GATING]
    results = verify(Plan(cases, target, python, cache=cache), asked, timeout=120)
    return {result.run.checker: result for result in results}


@pytest.mark.parametrize("name", WEAKENINGS)
def test_a_weakened_signature_turns_every_checker_red(name: str, weakened: Path, cache: Path) -> None:
    results = check(read(*FEW), target=Target(name, "BackgroundTasks"), python=weakened, cache=cache)
    assert {checker: result.run.failure for checker, result in results.items()} == dict.fromkeys(GATING)
    assert {checker: bool(result.bad) for checker, result in results.items()} == dict.fromkeys(
        GATING, name != "control"
    )


@pytest.mark.parametrize("target", [STARLETTE, Target("fastapi.background", "BackgroundTasks")], ids=str)
def test_with_our_stubs_every_claim_is_met(target: Target, cache: Path) -> None:
    cases = read(TYPETESTS, ROOT / "stubs" / "typetests")
    plan = Plan(cases, target, Path(sys.executable), stubs=ROOT / "stubs", cache=cache)
    names = (*GATING, "mypy+plugin")
    results = verify(plan, [CHECKERS[name] for name in names], timeout=120)
    assert [(result.run.failure, result.bad) for result in results] == [(None, ())] * len(names)


def test_our_class_meets_every_claim_that_starlettes_meets(cache: Path) -> None:
    python = Path(sys.executable)
    ours = check(read(TYPETESTS), target=DEFAULT_TARGET, python=python, cache=cache)
    starlettes = check(read(TYPETESTS), target=STARLETTE, python=python, cache=cache)
    assert {checker: result.run.failure for checker, result in ours.items()} == dict.fromkeys(GATING)
    for checker, result in starlettes.items():
        met = {
            (verdict.path, verdict.line)
            for verdict in result.verdicts
            if verdict.claim and verdict.outcome in {Outcome.MET, Outcome.CLOSED_GAP}
        }
        assert len(met) > 300
        assert [
            f"{checker} {verdict.path}:{verdict.line}"
            for verdict in ours[checker].verdicts
            if (verdict.path, verdict.line) in met and verdict.outcome is not Outcome.MET
        ] == []
