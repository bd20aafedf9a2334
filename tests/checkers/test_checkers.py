import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.checkers import CHECKERS, NAMES, mypy
from bgtasks.checkers.mypy_with_plugin import CANARY, MYPY_WITH_PLUGIN
from bgtasks.checkers.processes import read_output
from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Case
from bgtasks.documents import from_toml
from bgtasks.errors import RunError, advise_install
from bgtasks.model import CALL_KINDS, DEFAULT_TARGET, Blamed, Checker, Diagnostic, Kind, Run, Sandbox, Target
from bgtasks.verify.find import find_suite, read_text
from bgtasks.verify.model import Plan
from bgtasks.verify.run import verify
from environments import make_environment
from places import TESTS

RECORDED = TESTS / "recorded"
OUTPUTS = sorted(path for path in RECORDED.iterdir() if path.suffix in {".json", ".jsonl", ".txt"})

LIVE = """\
import asyncio
from collections.abc import Callable
from typing import ParamSpec

from bgtasks import BackgroundTasks

P = ParamSpec("P")


class Other(BackgroundTasks):
    def add_task(self, func: Callable[[], object]) -> None: ...  # E: override


def send(to: str, /, times: int = 1) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(send, "ada", times=2)  # OK
tasks.add_task(asyncio.sleep, 1)  # OK
tasks.add_task(send)  # E: missing-argument
tasks.add_task(send, "ada", 1, 2)  # E: too-many-positional
tasks.add_task(send, "ada", cc="bob")  # E: unknown-keyword
tasks.add_task(send, "ada", 2, times=2)  # E: multiple-values
tasks.add_task(send, to="ada")  # E: positional-only-as-keyword
tasks.add_task(
    send,
    1,  # E: argument-type
)
tasks.add_task(send("ada"))  # E: not-callable
tasks.no_such_method()  # E: unknown-attribute
number: int = tasks.add_task(send, "ada")  # E: assignment


async def wait() -> None:
    await tasks.add_task(send, "ada")  # E: pitfall


def hand_on(func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    tasks.add_task(func, *args, **kwargs)  # OK
    tasks.add_task(func, *args)  # E: missing-argument
"""


def recorded_case() -> Case:
    path = RECORDED / "calls.py"
    return read_case(path, Path(path.name), read_text(path), frozenset(NAMES))


def read(path: Path) -> tuple[Run, list[Diagnostic]]:
    name, _, version = path.stem.partition("-")
    diagnostics = read_output(CHECKERS[name], path.read_text(encoding="utf-8"), "")
    return Run(name, version, "3.12", 0), list(diagnostics)


@pytest.mark.parametrize("path", OUTPUTS, ids=lambda path: path.stem)
def test_recorded_output_is_read_as_what_it_means(path: Path) -> None:
    run, diagnostics = read(path)
    verdicts = match(recorded_case(), run, diagnostics)
    bad = [
        (verdict.line, str(verdict.claim), *map(str, verdict.diagnostics))
        for verdict in verdicts
        if not verdict.outcome.ok
    ]
    assert bad == []


def test_every_checker_has_recorded_output_of_two_versions() -> None:
    names = [path.stem.partition("-")[0] for path in OUTPUTS]
    assert {name: names.count(name) for name in CHECKERS} == dict.fromkeys(CHECKERS, 2)


def test_the_recorded_case_has_every_kind_that_checkers_speak_of() -> None:
    assert {claim.kind for claim in recorded_case().claims} == {None, *Kind}


@pytest.mark.parametrize("name", CHECKERS)
@pytest.mark.parametrize("output", ["Segmentation fault", "[1, 2]", '{"file": "a.py"}', "\x00", "null"])
def test_garbage_is_no_answer(name: str, output: str) -> None:
    with pytest.raises(RunError, match="printed what is not its"):
        CHECKERS[name].read(output)


def said_by_mypy(path: str, rule: str, message: str = "") -> str:
    entry = {"file": path, "line": 1, "message": message, "hint": None, "code": rule, "severity": "error"}
    return f"{json.dumps(entry)}\n"


@pytest.mark.parametrize(
    ("output", "blocker"),
    [
        pytest.param(
            said_by_mypy("/tmp/mypy.ini", "misc", "Error importing plugin: No module named 'bgtasks'"),
            "Error importing plugin: No module named 'bgtasks'; this mypy is in another environment than "
            f"bgtasks, so install one beside it: {advise_install('verify')}",
            id="plugin",
        ),
        pytest.param(
            said_by_mypy("../project/case.py", "syntax", "Invalid syntax"),
            "case.py:1: Invalid syntax [syntax]",
            id="case",
        ),
        pytest.param("mypy: error: unrecognized arguments", None, id="no JSON"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_mypy_stopped_at_is_one_clear_line(output: str, blocker: str | None) -> None:
    assert mypy.find_blocker(output) == blocker


@pytest.mark.checker
def test_mypy_that_does_not_find_the_plugin_stops_with_one_clear_line() -> None:
    name = f"{MYPY_WITH_PLUGIN.name}.ini"
    config = MYPY_WITH_PLUGIN.configs[name].replace("bgtasks.mypy_plugin", "bgtasks.absent")
    absent = replace(MYPY_WITH_PLUGIN, configs={**MYPY_WITH_PLUGIN.configs, name: config})
    case = read_case(Path("case.py"), Path("case.py"), f"import {DEFAULT_TARGET.module}  # OK\n", frozenset())
    [result] = verify(Plan([case], DEFAULT_TARGET, Path(sys.executable)), [absent])
    assert result.run.failure == (
        "stopped with exit code 2 and said: mypy+plugin.ini:5: "
        "Error importing plugin \"bgtasks.absent\": No module named 'bgtasks.absent' [misc]"
    )


def test_a_silent_plugin_is_no_answer() -> None:
    silent = said_by_mypy(f"../{CANARY}", "call-arg") + said_by_mypy("../project/case.py", "background-task")
    with pytest.raises(
        RunError, match="accepted a generator function as a task, so the plugin was not in effect"
    ):
        MYPY_WITH_PLUGIN.read(silent)


@pytest.mark.parametrize("rule", ["background-task", "import-not-found"])
def test_the_canary_of_the_plugin_sings_or_starlette_is_not_there(rule: str) -> None:
    said = said_by_mypy("../project/case.py", "call-overload", "No overload variant of")
    [diagnostic] = MYPY_WITH_PLUGIN.read(said_by_mypy(f"../{CANARY}", rule) + said)
    # Of a wrong direct call mypy says no more than this, whatever is wrong.
    assert diagnostic.kinds == CALL_KINDS
    [diagnostic] = CHECKERS["mypy"].read(said)
    assert diagnostic.kinds == {Kind.NO_OVERLOAD}


def test_each_profile_of_mypy_has_a_configuration_and_a_cache_of_its_own(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, tmp_path, tmp_path, tmp_path, Path(sys.executable), "3.12", {})
    plain, plugged = (CHECKERS[name].arguments(sandbox, "3.12") for name in ("mypy", "mypy+plugin"))
    assert [one for one in plain if one not in plugged] == [
        f"--config-file={tmp_path / 'mypy.ini'}",
        f"--cache-dir={tmp_path / 'mypy'}",
    ]
    assert "mypy+plugin.ini" in CHECKERS["mypy+plugin"].configs


@pytest.mark.checker
def test_mypy_that_goes_on_without_the_plugin_fails_the_run() -> None:
    name = f"{MYPY_WITH_PLUGIN.name}.ini"
    without = replace(MYPY_WITH_PLUGIN, configs={**MYPY_WITH_PLUGIN.configs, name: mypy.CONFIG})
    case = read_case(Path("case.py"), Path("case.py"), f"import {DEFAULT_TARGET.module}  # OK\n", frozenset())
    [result] = verify(Plan([case], DEFAULT_TARGET, Path(sys.executable)), [without])
    assert "so the plugin was not in effect" in (result.run.failure or "")


@pytest.mark.checker
def test_a_target_without_starlette_is_checked_with_the_plugin_too(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    (modules / "pools").mkdir(parents=True)
    (modules / "pools" / "py.typed").touch()
    (modules / "pools" / "__init__.py").write_text("def submit(number: int) -> None: ...\n")
    source = "from pools import submit\nsubmit(1)  # OK\nsubmit('')  # E: argument-type\n"
    case = read_case(Path("case.py"), Path("case.py"), source, frozenset())
    python = make_environment(tmp_path / "environment", modules)
    [result] = verify(Plan([case], Target("pools", "submit"), python), [MYPY_WITH_PLUGIN])
    assert (result.run.failure, result.bad, len(result.verdicts)) == (None, (), 2)


@pytest.mark.checker
@pytest.mark.parametrize("name", CHECKERS)
def test_a_live_checker_is_asked_and_understood(name: str, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "case.py").write_text(LIVE)
    suite = find_suite([tmp_path], NAMES)
    cases, errors = suite.cases, suite.errors
    assert errors == ()
    [result] = verify(Plan(cases, DEFAULT_TARGET, Path(sys.executable), cache=cache), [CHECKERS[name]])
    assert (result.run.failure, result.bad) == (None, ())
    assert len(result.verdicts) == LIVE.count("  # ")


ODD = ("null", "1", "[]", "{}", '"a"', "[null]", "[[]]", "[1]", "[" * 100_000, '{"a":' * 100_000)
WRAPPED = ("{}", '{{"generalDiagnostics": {}}}', '{{"errors": {}}}', '[{{"check_name": {}}}]')


@pytest.mark.parametrize("checker", CHECKERS.values(), ids=CHECKERS)
@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:9])
def test_nonsense_is_a_failure_of_the_run(checker: Checker, wrapped: str, odd: str) -> None:
    said: Sequence[Diagnostic] = ()
    with suppress(RunError):
        said = checker.read(wrapped.format(odd))
    assert not said


@pytest.mark.parametrize("key", ["file", "line", "column", "message", "code", "severity", "hint"])
@pytest.mark.parametrize("value", [None, 1.5, [], {}, "a", 1])
def test_an_answer_of_mypy_has_the_types_it_should_have(key: str, value: object) -> None:
    entry = {"file": "a.py", "line": 1, "column": 0, "message": "m", "hint": None, "code": "c"}
    text = json.dumps({**entry, "severity": "error", key: value})
    try:
        said = CHECKERS["mypy"].read(text)
    except RunError:
        return
    for one in said:
        assert [type(part) for part in (one.line, one.column, one.rule, one.message)] == [int, int, str, str]


@pytest.mark.parametrize(
    ("name", "rule", "message", "blamed"),
    [
        pytest.param(
            "mypy",
            "arg-type",
            'Argument 2 to "submit" of "Pool" has incompatible type "int"; expected "Callable[[], None]"',
            Blamed("submit", "2"),
            id="mypy",
        ),
        pytest.param(
            "mypy",
            "arg-type",
            'Argument "fn" to "submit" has incompatible type "int"; expected "def (int) -> None"',
            Blamed("submit", "fn"),
            id="mypy, by name",
        ),
        pytest.param(
            "mypy",
            "arg-type",
            'Argument 2 to "submit" has incompatible type "str"; expected "int"',
            None,
            id="mypy, no callable",
        ),
        pytest.param(
            "mypy",
            "call-overload",
            'No overload variant of "kiq" of "Task" matches argument type "str"',
            Blamed("kiq"),
            id="mypy, overloads",
        ),
    ],
)
def test_what_is_blamed_as_a_whole_is_named(
    name: str, rule: str, message: str, blamed: Blamed | None
) -> None:
    [said] = CHECKERS[name].read(said_by_mypy("a.py", rule, message))
    assert said.blamed == blamed


@pytest.mark.parametrize(
    ("name", "rule", "message", "blamed"),
    [
        pytest.param(
            "pyright",
            "reportArgumentType",
            'Argument of type "Literal[3]" cannot be assigned to parameter "fn" of type '
            '"(**P@submit) -> R@submit" in function "submit"\n  no',
            Blamed("submit", "fn"),
            id="pyright",
        ),
        pytest.param(
            "pyright",
            "reportCallIssue",
            'No overloads for "kiq" match',
            Blamed("kiq"),
            id="pyright, overloads",
        ),
        pytest.param(
            "ty",
            "no-matching-overload",
            "No overload of bound method `Task.kiq` matches arguments",
            Blamed("kiq"),
            id="ty, overloads",
        ),
        pytest.param(
            "pyrefly",
            "bad-argument-type",
            "Argument `int` is not assignable to parameter `fn` with type `() -> None` in function `m.P.go`",
            Blamed("go", "fn"),
            id="pyrefly",
        ),
        pytest.param(
            "pyrefly",
            "no-matching-overload",
            "No matching overload found for function `m.Task.__init__` called with arguments: ()",
            Blamed("Task"),
            id="pyrefly, constructor",
        ),
    ],
)
def test_what_others_blame_as_a_whole_is_named(name: str, rule: str, message: str, blamed: Blamed) -> None:
    [said] = CHECKERS[name].read(printed(name, rule, message))
    assert said.blamed == blamed


def printed(name: str, rule: str, message: str) -> str:
    """Return what a checker prints to say one thing."""
    start = {"line": 0, "character": 0}
    said = {"file": "a.py", "severity": "error", "message": message, "rule": rule, "range": {"start": start}}
    told = {"path": "a.py", "line": 1, "name": rule, "description": message, "severity": "error"}
    place = {"path": "a.py", "positions": {"begin": {"line": 1}}}
    listed = {"check_name": rule, "description": f"{rule}: {message}", "location": place}
    forms = {"pyright": {"generalDiagnostics": [said]}, "pyrefly": {"errors": [told]}, "ty": [listed]}
    return json.dumps(forms[name])


@pytest.mark.parametrize(
    ("name", "output", "revealed"),
    [
        pytest.param(
            "mypy",
            '{"file": "a.py", "line": 1, "message": "Revealed type is \\"list[int]\\"", "hint": null, '
            '"code": "misc", "severity": "note"}',
            "list[int]",
            id="mypy",
        ),
        pytest.param(
            "zuban",
            'a.py:1:13:1:16: note: Revealed type is "builtins.list[builtins.int]"',
            "builtins.list[builtins.int]",
            id="zuban",
        ),
        pytest.param(
            "pyright",
            printed("pyright", "", 'Type of "f("a" is "b")" is "int"').replace('"error"', '"information"'),
            "int",
            id="pyright",
        ),
        pytest.param("ty", printed("ty", "revealed-type", "Revealed type: `A`"), "A", id="ty"),
        pytest.param("ty", printed("ty", "revealed-type", "Revealed MRO: (A, B)"), "(A, B)", id="ty, bases"),
        pytest.param("pyrefly", printed("pyrefly", "reveal-type", "revealed type: A"), "A", id="pyrefly"),
    ],
)
def test_what_is_revealed_is_read(name: str, output: str, revealed: str) -> None:
    [said] = CHECKERS[name].read(output)
    assert (said.line, said.revealed) == (1, revealed)


@pytest.mark.parametrize("name", CHECKERS)
def test_further_folders_are_written_into_each_configuration(name: str) -> None:
    checker = CHECKERS[name]
    [config] = [
        checker.on_path(text, [Path("/a b"), Path("/c")])
        for file, text in checker.configs.items()
        if not file.endswith(".py")
    ]
    assert config.index("/a b") < config.index("/c")


@pytest.mark.parametrize("name", ["ty", "pyrefly"])
def test_a_folder_beyond_the_basic_plane_is_written_as_toml_has_it(name: str) -> None:
    checker = CHECKERS[name]
    [text] = [checker.on_path(text, [Path("/\N{SNAKE}")]) for text in checker.configs.values()]
    assert "/\N{SNAKE}" in str(from_toml(text.encode()))
