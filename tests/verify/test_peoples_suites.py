"""Suites as people have them, under the checkers themselves: where their code is, what their claims get."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

pytestmark = pytest.mark.checker

# The quick ones; where it matters what mypy and pyright say, a test names them.
QUICK = "ty,pyrefly,zuban"
ALL = "mypy,pyright,ty,pyrefly,zuban"
POOL = """\
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")


class Pool:
    def start(self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...
"""
USES = """\
from tools import Pool

def send(count: int) -> None: ...

Pool().start(send, 1)  # OK
Pool().start(send)  # E: missing-argument
"""


def verify(
    folder: Path, files: dict[str, str], arguments: str, checkers: str = QUICK
) -> tuple[int, dict[str, dict[str, set[str]]], str]:
    """Return the exit code, what each checker makes of each line, and what was printed."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    options = ["--checkers", checkers, "--gating", checkers, "--output", "json=r.json"]
    command = [sys.executable, "-m", "bgtasks", "verify", *arguments.split(), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    report: dict[str, Any] = json.loads((folder / "r.json").read_text())
    outcomes: dict[str, dict[str, set[str]]] = {}
    for run in report["runs"]:
        for verdict in run["verdicts"]:
            line = f"{Path(verdict['path']).name}:{verdict['line']}"
            outcomes.setdefault(line, {}).setdefault(run["checker"], set()).add(verdict["outcome"])
    return done.returncode, outcomes, said


def shared(outcomes: dict[str, dict[str, set[str]]]) -> dict[str, str]:
    """Return what all checkers make of each line, all of it where they do not agree."""
    found = {line: set[str]().union(*by.values()) for line, by in outcomes.items()}
    return {line: " or ".join(sorted(said)) for line, said in found.items()}


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        pytest.param({"t/uses.py": USES, "t/tools.py": POOL}, "t", id="beside the cases"),
        pytest.param({"t/uses.py": USES, "t/tools.pyi": POOL}, "t", id="a stub beside the cases"),
        pytest.param(
            {"t/uses.py": USES, "tools/__init__.py": POOL, "pyproject.toml": ""},
            "t",
            id="a package of theirs",
        ),
        pytest.param({"t/uses.py": USES, "src/tools.py": POOL, "setup.cfg": ""}, "t", id="in src"),
        pytest.param({"t/uses.py": USES, "code/tools.py": POOL}, "t --path code", id="where they say"),
        pytest.param(
            {
                "t/__init__.py": "",
                "t/cases/__init__.py": "",
                "t/cases/tools.py": POOL,
                "t/cases/uses.py": USES.replace("tools", ".tools") + "from t.cases.tools import P\n",
            },
            "t/cases",
            id="cases that are a package",
        ),
        pytest.param(
            {"typing/uses.py": USES, "typing/tools.py": POOL}, "typing", id="a folder of the standard library"
        ),
        pytest.param(
            {"type-tests/my-uses.py": USES, "type-tests/tools.py": POOL},
            "type-tests",
            id="names with hyphens",
        ),
    ],
)
def test_code_is_found_where_it_is(tmp_path: Path, files: dict[str, str], arguments: str) -> None:
    code, outcomes, said = verify(tmp_path, files, arguments)
    assert (code, set(shared(outcomes).values())) == (0, {"met"}), said


def test_without_a_target_it_is_the_standard_library_that_is_tested(tmp_path: Path) -> None:
    source = """\
        import struct
        struct.pack("i", 1)  # OK
        struct.pack(1)  # E: argument-type
        x: list[int, str] = []  # E
        x.nothing  # E
        """
    code, _, said = verify(tmp_path, {"t/case.py": source}, "t")
    assert code == 0, said


def test_what_is_taken_for_any_counts_for_nothing(tmp_path: Path) -> None:
    code, _, said = verify(tmp_path, {"t/case.py": "import nowhere\nnowhere.f()  # OK\n"}, "t")
    assert code == 2
    assert "cannot resolve nowhere, which a case imports" in said
    assert "name the folder that it lies in with --path, or install it" in said


def test_types_are_claims_each_statement_one(tmp_path: Path) -> None:
    source = """\
        import textwrap
        from typing_extensions import assert_type, reveal_type
        from typing_extensions import assert_type as is_a
        assert_type(textwrap.dedent("a"), str)
        is_a(
            textwrap.dedent("a"),
            bytes,
        )
        reveal_type(1)
        print(reveal_type(textwrap.dedent("a")))
        reveal_type(textwrap.dedent("a"))  # revealed: str
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert code == 1
    assert shared(outcomes) == {"case.py:4": "met", "case.py:5": "missed", "case.py:11": "met"}, said
    assert "case.py:5: claimed textwrap.dedent('a') is bytes, mypy " in said


def test_reveal_type_needs_no_import(tmp_path: Path) -> None:
    source = """\
        import textwrap
        reveal_type(1)
        reveal_type(textwrap.dedent("a"))  # revealed: str
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert (code, shared(outcomes)) == (0, {"case.py:3": "met"}), said


def test_claims_in_one_statement_are_each_for_their_line(tmp_path: Path) -> None:
    source = """\
        def f(a: int, b: int = 1) -> int:
            return a + b
        print([
            f("x"),  # E: argument-type
            f(1),  # OK
            f("y"),  # OK
            f(),  # E: argument-type
        ])
        f(
            "x",  # E: argument-type
            b=1,
        )
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert code == 1
    assert shared(outcomes) == {
        "case.py:4": "met",
        "case.py:5": "met",
        "case.py:6": "unexpected",
        "case.py:7": "wrong kind",
        "case.py:10": "met",
    }, said


def test_overloads_that_take_what_a_task_does_have_its_kinds(tmp_path: Path) -> None:
    source = """\
        from collections.abc import Awaitable, Callable
        from typing import Any, Generic, ParamSpec, TypeVar, overload
        P = ParamSpec("P")
        R = TypeVar("R")
        class Job(Generic[P, R]):
            def __init__(self, work: Callable[P, R]) -> None: ...
            @overload
            def send(self: "Job[P, Awaitable[int]]", *args: P.args, **kwargs: P.kwargs) -> int: ...
            @overload
            def send(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
            def send(self, *args: Any, **kwargs: Any) -> Any: ...
        def submit(first: int, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
            return fn(*args, **kwargs)
        def work(count: int) -> str:
            return str(count)
        Job(work).send(1)  # OK
        Job(work).send()  # E: missing-argument
        Job(work).send("1")  # E: argument-type
        Job(work).send(cuont=1)  # E: unknown-keyword
        submit(1, work, 1)  # OK
        submit(1, work)  # E: missing-argument
        submit(1, work, "1")  # E: argument-type
        submit(1, work, 1, 2)  # E: too-many-positional
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert (code, set(shared(outcomes).values())) == (0, {"met"}), said


def test_a_value_that_does_not_fit_is_of_one_kind_for_all(tmp_path: Path) -> None:
    source = """\
        from collections.abc import Callable, Iterator
        class Box:
            size: int = 1
        class Big(Box):
            size: str = ""  # E: override
        def count() -> Iterator[int]:
            yield "a"  # E: assignment
        def fit(size: int = "a") -> None: ...  # E: assignment
        def take(work: Callable[[int], str]) -> None: ...
        def peek(box: Box | None) -> None:
            print(box.size)  # E: unknown-attribute
        Box().size = "a"  # E: assignment
        Box().width  # E: unknown-attribute
        take(lambda i: i)  # E: argument-type
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert (code, set(shared(outcomes).values())) == (0, {"met"}), said


GUARDED = """\
import sys
def f(a: int) -> None: ...
if sys.version_info >= (3, 14):
    f()  # E: missing-argument
else:
    f("a")  # E: argument-type
"""


def test_a_claim_counts_where_a_version_lets_it_be_reached(tmp_path: Path) -> None:
    code, outcomes, said = verify(tmp_path, {"t/case.py": GUARDED}, "t --python-version 3.13", ALL)
    assert code == 2
    assert shared(outcomes) == {"case.py:4": "not looked at", "case.py:6": "met"}, said
    both = "t --python-version 3.13 --python-version 3.14"
    code, outcomes, said = verify(tmp_path, {}, both, ALL)
    assert code == 0
    assert shared(outcomes) == {"case.py:4": "elsewhere or met", "case.py:6": "elsewhere or met"}, said


def test_what_is_said_of_unreachable_code_is_no_answer(tmp_path: Path) -> None:
    source = """\
        from typing import NoReturn
        def f(a: int) -> None: ...
        def stop() -> NoReturn:
            raise SystemExit
        def g() -> None:
            stop()
            f(1)  # OK
            f("a")  # OK
        f(1)  # OK
        """
    code, outcomes, said = verify(tmp_path, {"t/case.py": source}, "t", ALL)
    assert code == 2
    unseen = {name for name in ALL.split(",") if outcomes["case.py:7"][name] == {"not looked at"}}
    # pyrefly tells that this is unreachable, and checks it all the same.
    assert unseen >= {"mypy", "pyright", "ty", "zuban"}, said
    assert "met" not in set[str]().union(*outcomes["case.py:8"].values())
    assert shared(outcomes)["case.py:9"] == "met"


PLUGIN = """\
from mypy.plugin import Plugin

class Own(Plugin):
    def get_function_hook(self, fullname):
        return (lambda context: context.api.named_type("builtins.str")) if fullname == "case.made" else None

def plugin(version):
    return Own
"""
MADE = "def made() -> object:\n    return 1\nx: str = made()  # E: assignment\n"


def test_a_plugin_runs_only_where_that_is_asked_for(tmp_path: Path) -> None:
    files = {"t/case.py": MADE, "own.py": PLUGIN, "mypy.ini": "[mypy]\nplugins = own.py\nstrict = true\n"}
    code, outcomes, said = verify(tmp_path, files, "t", "mypy")
    assert (code, shared(outcomes)) == (0, {"case.py:3": "met"}), said
    code, outcomes, said = verify(tmp_path, {}, "t --config mypy=mypy.ini", "mypy")
    assert (code, shared(outcomes)) == (1, {"case.py:3": "missed"})
    assert "mypy: checked with the configuration of mypy.ini; its plugins ran: " in said


CRASH = """\
from mypy.plugin import Plugin

class Own(Plugin):
    def get_function_hook(self, fullname):
        assert fullname != "bad.made"
        return None

def plugin(version):
    return Own
"""


def test_a_file_at_which_mypy_crashes_costs_its_own_claims_only(tmp_path: Path) -> None:
    files = {
        "t/bad.py": "def made() -> object:\n    return 1\nmade()  # OK\n",
        "t/good.py": "def f(a: int) -> None: ...\nf(1)  # OK\nf()  # E: missing-argument\n",
        "own.py": CRASH,
        "mypy.ini": "[mypy]\nplugins = own.py\n",
    }
    code, outcomes, said = verify(tmp_path, files, "t --config mypy=mypy.ini", "mypy")
    assert code == 2
    assert shared(outcomes) == {"good.py:2": "met", "good.py:3": "met"}, said
    assert "t/bad.py: cannot be checked: stopped with exit code 2" in said


def test_update_writes_reports_as_well(tmp_path: Path) -> None:
    files = {"t/case.py": "def f(a: int) -> None: ...\nf()  # E: ?\nf(1)  # E: ?\n"}
    code, _, said = verify(tmp_path, files, "t --update --yes")
    assert code == 0, said
    assert (tmp_path / "t" / "case.py").read_text().splitlines()[1:] == [
        "f()  # E: missing-argument",
        "f(1)  # OK",
    ]
