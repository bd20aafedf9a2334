import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bgtasks.check.settings import CheckSettings
from bgtasks.checkers import CHECKERS
from bgtasks.claims.model import Outcome, Verdict
from bgtasks.doctor.health import App, Health, Vendored, commands_of, diagnose, examine_app
from bgtasks.doctor.words import render, to_json
from bgtasks.errors import advise_install
from bgtasks.model import Diagnostic, Run
from bgtasks.vendor.model import Proof
from bgtasks.verify.model import Result
from bgtasks.verify.settings import Settings
from environments import make_environment
from places import TESTS
from reports import CASE

RUN = Run("mypy", "2.4.1", "3.13", 1.0)
RESULT = Result(RUN)
ABSENT = Result(Run("", "", "3.13", 0, failure="is not installed; install it"))
# What mypy really said of a case, here of the one statement that the doctor asks about.
SAID = CHECKERS["mypy"].read((TESTS / "recorded" / "mypy-2.4.1.jsonl").read_text())[0]
REJECTED = Result(RUN, (Verdict(CASE.path, 1, None, Outcome.UNEXPECTED, (SAID,)),))
SETTINGS = Settings(python=Path("bin/python"))
COMMANDS = commands_of(SETTINGS, CheckSettings())
APP = App(Path(".venv/bin/python"), "3.12", "1.10.0", "0.165.0", ())
PROOF = Proof("mypy", "2.4.1", "0.1.0", ())
UNREAD = Proof("ty", "0.0.105", None, ("does not read the stubs of starlette",))


def health_of(name: str, result: Result = RESULT, stubs: tuple[str, ...] = ()) -> Health:
    health = diagnose(
        replace(result, run=replace(result.run, checker=name)), SETTINGS, "target.py", stubs, COMMANDS
    )
    return replace(health, executable=None if result is ABSENT else name)


def printed(*healths: Health, app: App = APP, vendored: Vendored | None = None) -> list[str]:
    console = Console(width=120, record=True, file=io.StringIO())
    for part in render(healths, app, vendored):
        console.print(part, soft_wrap=True)
    return [" ".join(line.split()) for line in console.export_text().splitlines()]


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        pytest.param(RESULT, None, id="well"),
        pytest.param(Result(replace(RUN, failure="does not see it")), "does not see it", id="failed"),
        pytest.param(REJECTED, str(SAID), id="rejects the target"),
    ],
)
def test_what_a_run_says_of_the_health_of_a_checker(result: Result, problem: str | None) -> None:
    health = health_of("mypy", result)

    assert (health.problem, health.gates, health.version) == (problem, True, "2.4.1")


def test_a_checker_that_is_missing_has_no_version() -> None:
    health = health_of("zuban", ABSENT)

    assert (health.version, health.missing, health.needed) == (None, True, False)


def test_check_asks_mypy_with_our_plugin() -> None:
    asked = {name: health_of(name).asked_by for name in ("mypy", "mypy+plugin", "pyright", "ty")}

    assert asked == {
        "mypy": ("verify",),
        "mypy+plugin": ("check",),
        "pyright": ("check", "verify"),
        "ty": (),
    }
    assert health_of("mypy+plugin").needed


def test_a_person_is_told_what_is_there_then_of_each_checker_then_of_each_command() -> None:
    lines = printed(*map(health_of, ("mypy", "mypy+plugin", "pyright")), health_of("zuban", ABSENT))

    assert lines[:4] == [
        "python bin/python (3.13), where verify looks",
        "target target.py",
        "app .venv/bin/python (3.12), where check looks: FastAPI 0.165.0, Starlette 1.10.0",
        "stubs none; our class needs none, and bgtasks vendor copies those for upstream's",
    ]
    assert "pyright 2.4.1 check and verify works" in lines
    assert "zuban nobody not installed" in lines
    assert lines[-3:] == [
        f"To have zuban: {advise_install('checkers')}",
        "bgtasks check: ready",
        "bgtasks verify: ready",
    ]


def test_a_command_that_lacks_something_says_what() -> None:
    lines = printed(
        health_of("mypy"),
        health_of("mypy+plugin"),
        health_of("pyright", ABSENT),
        app=replace(APP, starlette=None, fastapi=None),
    )

    elsewhere = "Starlette is not installed where .venv/bin/python is; name your app's with --python"
    assert lines[-3:] == [
        f"To have pyright: {advise_install('verify')}",
        f"bgtasks check: not ready: pyright is not installed; {elsewhere}",
        "bgtasks verify: not ready: pyright is not installed",
    ]
    assert any(line.endswith("where check looks: no Starlette") for line in lines)


def test_what_lies_in_the_way_is_said_first_and_last() -> None:
    lines = printed(replace(health_of("mypy"), rivals=("bgtasks-1.0 is another project",)))

    assert "in the way: bgtasks-1.0 is another project" in lines
    assert lines[-1] == "the name bgtasks: not ready: another package lies in the way, as said above"


def test_each_word_of_the_table_is_explained_where_it_stands() -> None:
    lines = printed(health_of("mypy", REJECTED), health_of("ty", REJECTED))

    assert [line.partition(":")[0] for line in lines if "--checkers or the settings" in line] == ["nobody"]
    assert not any(line.startswith(("works:", "mypy+plugin:")) for line in lines)


def test_of_a_command_that_asks_none_of_the_checkers_nothing_is_concluded() -> None:
    assert not any(line.startswith("bgtasks ") for line in printed(health_of("ty")))


@pytest.mark.parametrize(
    ("installed", "vendored", "said"),
    [
        pytest.param(
            ("s/starlette-stubs", "s/fastapi-stubs"),
            None,
            "stubs starlette-stubs and fastapi-stubs in s",
            id="installed",
        ),
        pytest.param((), Vendored("typings", (PROOF,), ()), "stubs vendored in typings", id="vendored"),
        pytest.param(
            ("s/starlette-stubs",),
            Vendored("typings", (PROOF,), ()),
            "stubs starlette-stubs in s; vendored in typings",
            id="both",
        ),
    ],
)
def test_stubs_are_told_wherever_they_lie(
    installed: tuple[str, ...], vendored: Vendored | None, said: str
) -> None:
    everywhere = printed(health_of("mypy", stubs=installed), vendored=vendored)

    assert said in everywhere
    assert said in printed(health_of("mypy"), app=replace(APP, stubs=installed), vendored=vendored)


def test_what_is_proved_of_vendored_stubs_stands_before_the_conclusions() -> None:
    lines = printed(health_of("mypy"), vendored=Vendored("typings", (PROOF,), ("mypy reads the stubs",)))
    at = lines.index("vendored typings, under the project's own configuration")

    assert lines[at + 1 :] == ["mypy reads the stubs", "bgtasks verify: ready", "vendored stubs: ready"]
    assert printed(health_of("mypy"), vendored=Vendored("typings", (PROOF, UNREAD), ()))[-1] == (
        "vendored stubs: not ready: not shown to be read by ty, as said above"
    )


def test_what_an_app_runs_with_is_read_off_its_environment(tmp_path: Path) -> None:
    python = make_environment(tmp_path / ".venv")
    [site] = python.parents[1].glob("lib/python3*/site-packages")
    for name in ("starlette-1.2.3.dist-info", "fastapi-stubs"):
        (site / name).mkdir()
    (site / "starlette-1.2.3.dist-info" / "METADATA").write_text("Name: starlette\nVersion: 1.2.3\n")

    app = examine_app(CheckSettings(paths=(tmp_path,)), python)

    assert (app.python, app.starlette, app.fastapi) == (python, "1.2.3", None)
    assert [Path(stub).name for stub in app.stubs] == ["fastapi-stubs"]


def test_the_json_has_the_proof_beside_the_health() -> None:
    healths = [health_of("mypy")]

    [row] = json.loads(to_json(healths, Vendored("typings", (PROOF,), ())))
    assert row["vendored"] == {"checker": "mypy", "version": "2.4.1", "stubs": "0.1.0", "problems": []}
    assert row["asked_by"] == ["verify"]
    assert json.loads(to_json(healths, None))[0]["vendored"] is None


def test_diagnostics_are_told_as_the_checker_said_them() -> None:
    said = Diagnostic(Path("a.py"), 1, "arg-type", "wrong")
    result = Result(RUN, (Verdict(Path("a.py"), 1, None, Outcome.UNEXPECTED, (said, said)),))

    assert health_of("mypy", result).problem == "wrong [arg-type]; wrong [arg-type]"
