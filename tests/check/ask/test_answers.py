import ast
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.canary import last_line
from bgtasks.check.ask.answers import Answer, find_blocked, join, prove_canary
from bgtasks.check.ask.layout import Layout, open_layout, read_canary
from bgtasks.check.ask.profiles import prepare
from bgtasks.check.ask.sights import Sight
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Grade, Module
from bgtasks.errors import RunError, StoppedError
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.services import find_services

SOURCE = "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
TYPED = Sight(ours=True, grade=Grade.TYPED)


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    folder = tmp_path_factory.mktemp("project")
    for name, text in {"pyproject.toml": "", "app.py": SOURCE, "broken.py": "def f(:"}.items():
        (folder / name).write_text(text)
    module = Module(folder / "app.py", "app", SOURCE, ast.parse(SOURCE))
    [service] = find_services([folder], {module.path: []})
    environment = read_environment(Path(sys.executable))
    with open_layout(service.roots, read_app([module]).sites, environment, None) as laid_out:
        yield laid_out


def sung(layout: Layout) -> list[Diagnostic]:
    """Return what a checker says of the canary that proves itself."""
    case = read_canary(layout.canary)
    path = layout.canary.path
    said = [
        Diagnostic(path, claim.line, "rule", case.source.split("\n")[claim.line - 1], frozenset({claim.kind}))
        for claim in case.claims
        if claim.kind
    ]
    return [*said, Diagnostic(path, last_line(case), "rule", "wrong", frozenset({Kind.ASSIGNMENT}))]


def judge(layout: Layout, said: list[Diagnostic], sight: Sight | None = TYPED, checker: str = "mypy") -> None:
    sights = {site: sight for site in layout.canary.sites if sight}
    prove_canary(checker, {layout.canary.path: said}, sights, layout)


def test_a_run_that_proves_itself_is_believed(layout: Layout) -> None:
    assert len(layout.canary.sites) == 2
    judge(layout, sung(layout))


def test_a_checker_that_tells_no_types_need_not(layout: Layout) -> None:
    judge(layout, sung(layout), None, "ty")


@pytest.mark.parametrize("index", range(6))
def test_a_run_that_accepts_what_is_wrong_proves_nothing(layout: Layout, index: int) -> None:
    said = sung(layout)
    del said[index]
    with pytest.raises(RunError):
        judge(layout, said)


def test_a_run_that_rejects_what_is_right_proves_nothing(layout: Layout) -> None:
    line = next(claim.line for claim in read_canary(layout.canary).claims if claim.kind is None)
    wrong = Diagnostic(layout.canary.path, line, "rule", "wrong")
    with pytest.raises(RunError, match="rejected a right call"):
        judge(layout, [*sung(layout), wrong])


@pytest.mark.parametrize(
    "sight",
    [
        pytest.param(None, id="nothing"),
        pytest.param(Sight(ours=None, grade=Grade.ANY), id="not whose it is"),
        pytest.param(Sight(ours=False, grade=Grade.TYPED), id="another's"),
        pytest.param(Sight(ours=True, grade=Grade.ERASED), id="not its parameters"),
    ],
)
def test_a_run_that_does_not_know_our_own_call_proves_nothing(layout: Layout, sight: Sight | None) -> None:
    with pytest.raises(RunError, match=r"knows .* of our own call, so what it covers cannot be told"):
        judge(layout, sung(layout), sight)


def stopped(output: str = "", complaint: str = "") -> StoppedError:
    return StoppedError(2, output, complaint, "something")


SYNTAX = (
    '{"file": "../project/broken.py", "line": 1, "column": 6, "message": "Expected a parameter", '
    '"hint": null, "code": "syntax", "severity": "error"}'
)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        pytest.param(
            stopped(SYNTAX), "broken.py:1: mypy cannot parse it, so it went without: Exp", id="syntax"
        ),
        pytest.param(
            stopped("", "../project/broken.py: error: Cannot decode file: 'utf-8' codec\n"),
            "broken.py: mypy cannot parse it, so it went without: Cannot decode file: 'utf-8'",
            id="encoding",
        ),
        pytest.param(
            stopped("", "../project/broken.py:246: error: INTERNAL ERROR -- Please try using mypy master\n"),
            "broken.py:246: mypy fails on it by a fault of its own, so it went without",
            id="crash",
        ),
    ],
)
def test_what_mypy_stopped_at_is_kept_from_it(error: StoppedError, line: str, layout: Layout) -> None:
    [(path, said)] = find_blocked(prepare("mypy", layout, frozenset()), error, layout)
    assert line in said
    assert path == layout.sandbox.project / "broken.py"
    checker = prepare("mypy", layout, {path})
    assert "[mypy-broken]\nfollow_imports = skip\n" in checker.configs["mypy+plugin.ini"]


def test_what_mypy_stopped_at_otherwise_is_a_failure(layout: Layout) -> None:
    error = stopped("", "mypy: error: unrecognized arguments: --no-such-thing\n")
    assert list(find_blocked(prepare("mypy", layout, frozenset()), error, layout)) == []


def test_mypy_is_given_the_files_with_calls_only(layout: Layout) -> None:
    commands = prepare("mypy", layout, frozenset()).arguments(layout.sandbox, "3.13")
    files = {Path(part).name for part in commands if part.endswith(".py")}
    ours = {"bgtasks_canary.py", "bgtasks_witness_app.py", "bgtasks_witness_bgtasks_canary.py"}
    assert files == {"app.py", *ours}
    without = prepare("mypy", layout, {layout.copies[0].path}).arguments(layout.sandbox, "3.13")
    assert not any(part.endswith("/app.py") for part in without)


def test_what_is_installed_is_skipped_by_its_name(layout: Layout) -> None:
    path = layout.sandbox.folder / "lib/python3.13/site-packages/one/deep/__init__.pyi"
    configs = prepare("mypy", replace(layout), {path}).configs
    assert "[mypy-one.deep]\n" in configs["mypy+plugin.ini"]


def test_a_checker_that_fails_at_one_service_has_failed_and_says_where(layout: Layout) -> None:
    said = Diagnostic(Path("app.py"), 1, "rule", "wrong", frozenset())
    one = Answer(
        Run("mypy", "2.4.1", "3.13", 1, diagnostics=(said,)), {layout.canary.sites[0]: TYPED}, ("a",)
    )
    two = Answer(Run("mypy", "2.4.1", "3.13", 2, failure="stopped"), {}, ("b",))

    joined = join([one, two], [layout, replace(layout, label="services/two")])

    assert joined.run == Run("mypy", "2.4.1", "3.13", 3, failure="services/two: stopped", diagnostics=(said,))
    assert (joined.sights, joined.skipped) == (one.sights, ("a", "b"))
    assert join([two], [layout]).run.failure == "stopped"
