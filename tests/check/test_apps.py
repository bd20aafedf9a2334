"""An app that breaks every rule is reported exactly, and each place reported really fails under a server."""

import gc
import importlib
import inspect
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import fastapi
import httpx
import pytest
from fastapi.routing import APIRoute
from packaging.specifiers import SpecifierSet
from starlette.types import ASGIApp

from bgtasks.check.codes import CODES
from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.model import Grade
from bgtasks.check.rules import RULES, find_violations
from bgtasks.check.session import check
from bgtasks.check.settings import CheckSettings
from bgtasks.files import relative
from examples import pinned
from places import TESTS

# FastAPI loads these in these versions, and no task of theirs ever runs.
LOADED = {("depends_class", "0.110.3")}
Serve = Callable[[ASGIApp], AbstractContextManager[httpx.Client]]

APP = TESTS / "apps" / "misused"
MARK = re.compile(
    r"# (?P<codes>BGT\d+(?: BGT\d+)*)(?: (?P<path>/[^\s,]+))?(?:, FastAPI (?P<versions>\S.*))?$"
)


def read_marks() -> Iterator[tuple[Path, int, str, str | None]]:
    """Yield file, line and code of all that is to be reported, and the endpoint that shows it."""
    for file in APP.rglob("*.py"):
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            mark = MARK.search(line)
            if mark and file.name != "__init__.py" and holds_here(mark["versions"]):
                yield from ((file, number, code, mark["path"]) for code in mark["codes"].split())


def holds_here(versions: str | None) -> bool:
    """Tell whether a mark is one for the FastAPI that is installed."""
    ranges = versions.split(" || ") if versions else [""]
    return any(SpecifierSet(each).contains(fastapi.__version__) for each in ranges)


def test_the_report_is_exactly_what_is_marked() -> None:
    modules, errors = find_modules([APP])
    found = find_violations(read_app(modules, pinned(fastapi.__version__)))

    assert errors == []
    assert {(each.place.path, each.place.line, each.rule.code) for each in found} == {
        (file, line, code) for file, line, code, _ in read_marks() if code in RULES
    }


@pytest.mark.checker
def test_the_report_with_the_checkers_is_exactly_what_is_marked() -> None:
    report = check(CheckSettings(paths=(APP,), python=Path(sys.executable)))

    assert report.errors == ()
    marked = [(file, line, code) for file, line, code, _ in read_marks()]
    assert {(each.place.path, each.place.line, each.rule.code) for each in report.findings} == {
        mark for mark in marked if CODES[mark[2]].on
    }
    assert report.hidden == Counter(code for *_, code in marked if not CODES[code].on)


def test_every_rule_is_broken_and_the_app_is_no_toy() -> None:
    modules, _ = find_modules([APP])
    sites = read_app(modules).sites

    assert {code for _, _, code, _ in read_marks()} >= set(RULES)
    assert len(sites) >= 60


@pytest.fixture
def import_from_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], object]]:
    monkeypatch.setattr(sys, "path", [str(APP.parent), *sys.path])
    yield importlib.import_module
    for name in [name for name in sys.modules if name.partition(".")[0] == APP.name]:
        del sys.modules[name]


def find_methods(app: fastapi.FastAPI) -> dict[str, str]:
    """Return the paths of an app with a method of each."""
    found = {each.path: min(each.methods or ()) for each in app.routes if isinstance(each, APIRoute)}
    # New versions keep the routers that are included as they are; old ones cannot describe each default.
    return found or {path: next(iter(operations)) for path, operations in app.openapi()["paths"].items()}


@pytest.mark.live
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:Default value .* is not JSON serializable")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_reported_fails_where_it_is_served_and_all_else_works(
    serve: Serve, import_from_app: Callable[[str], object], caplog: pytest.LogCaptureFixture
) -> None:
    # A record keeps its error, and that the coroutine that the error kept from being awaited.
    caplog.set_level(logging.CRITICAL + 1, "uvicorn.error")
    app: fastapi.FastAPI = getattr(import_from_app(f"{APP.name}.main"), "app")  # noqa: B009 - a module found at run time
    trace: Counter[str] = getattr(import_from_app(f"{APP.name}.trace"), "TRACE")  # noqa: B009 - the same
    methods = find_methods(app)
    left_out = () if "scope" in inspect.signature(fastapi.Depends).parameters else ("scoped",)
    marks = [(path, code) for file, _, code, path in read_marks() if path and file.stem not in left_out]
    broken = Counter(path for path, code in marks if code in RULES)

    with serve(app) as client:
        for path, method in methods.items():
            client.request(method, path, headers={"connection": "close"})
    gc.collect()

    assert {path for path, _ in marks} <= set(methods)
    assert max(broken.values()) == 1
    assert {path for path in methods if trace[path] != 1} == {path for path, _ in marks}


@pytest.mark.live
@pytest.mark.parametrize(
    "name", [pytest.param(file.stem, id=file.stem) for file in sorted(APP.glob("refused/[a-z]*.py"))]
)
def test_what_is_injected_wrongly_is_refused_or_never_runs(
    name: str, serve: Serve, import_from_app: Callable[[str], object], capsys: pytest.CaptureFixture[str]
) -> None:
    file = APP / "refused" / f"{name}.py"

    try:
        app = getattr(import_from_app(f"{APP.name}.refused.{name}"), "app")  # noqa: B009 - found at run time
    except (AssertionError, fastapi.exceptions.FastAPIError):
        refused = True
    else:
        refused = False
        with serve(app) as client:
            client.get("/")
    assert [code for marked, _, code, _ in read_marks() if marked == file] == ["BGT202"]
    assert capsys.readouterr().out == ""
    assert refused or (name, fastapi.__version__) in LOADED


@pytest.mark.checker
def test_an_app_that_types_its_tasks_is_covered_in_full() -> None:
    python = Path(sys.executable)
    report = check(CheckSettings(paths=(TESTS / "apps" / "depot",), python=python, min_coverage=100))

    assert (report.exit_code, report.findings, report.percentage) == (0, (), 100)
    assert {grade for one in report.coverage for _, grade in one.grades} == {Grade.TYPED}
    assert len(report.coverage) >= 35


@pytest.mark.checker
def test_what_hides_a_task_from_a_checker_is_told_as_the_app_says_it() -> None:
    folder = TESTS / "apps" / "legacy"
    report = check(CheckSettings(paths=(folder,), python=Path(sys.executable), checkers=("mypy",)))

    lines = (folder / "main.py").read_text().split("\n")
    here = f"{relative(folder).as_posix()}/"
    assert [(one.place.line, one.reason.replace(here, "")) for one in report.coverage] == [
        (number, line.partition(" # ")[2].removeprefix("type: ignore # "))
        for number, line in enumerate(lines, start=1)
        if " # " in line
    ]
