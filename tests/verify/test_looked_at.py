"""What a run has looked at, and what stops a checker, with the checkers themselves."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

pytestmark = pytest.mark.checker

HEAD = """\
import sys
from typing import TYPE_CHECKING, NoReturn, no_type_check
from bgtasks import BackgroundTasks

tasks = BackgroundTasks()
print(sys, TYPE_CHECKING, no_type_check)


def send(to: str, count: int) -> None: ...


def stop() -> NoReturn:
    raise SystemExit


"""


def verify(folder: Path, files: dict[str, str], *options: str) -> tuple[int, dict[str, Any]]:
    (folder / "t").mkdir()
    for name, text in files.items():
        (folder / "t" / name).write_text(HEAD + dedent(text))
    command = [sys.executable, "-m", "bgtasks", "verify", "t", "--output", "json=r.json", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads((folder / "r.json").read_text())


@pytest.mark.parametrize(
    "block",
    [
        'if sys.platform == "win32":',
        "if sys.version_info < (3, 5):",
        "if not TYPE_CHECKING:",
        "@no_type_check\ndef g() -> None:",
    ],
)
def test_a_claim_that_no_run_looks_at_is_said_to_be_so(tmp_path: Path, block: str) -> None:
    source = f'{block}\n    tasks.add_task(send, "a")  # OK\n'
    code, report = verify(tmp_path, {"a.py": source}, "--checkers", "mypy,pyright,pyrefly,ty,zuban")
    assert code == 2
    outcomes = {verdict["outcome"] for run in report["runs"] for verdict in run["verdicts"]}
    assert outcomes == {"not looked at"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("mypy,ty,zuban", 'class A:\n    stop()\n    x: None = tasks.add_task(send, "a")  # OK\n'),
        ("mypy,zuban", 'class A:\n    x = stop()\n    y: None = tasks.add_task(send, "a")  # OK\n'),
        ("mypy,ty,zuban", 'class A:\n    assert False\n    tasks.add_task(send, "a")  # OK\n'),
        ("pyright", 'with (stop(), tasks.add_task(send, "a")):  # OK\n    print(1)\n'),
        ("pyright", 'for x in (stop(), tasks.add_task(send, "a")):  # OK\n    print(1)\n'),
        ("pyright", 'def g(x: int = stop(), y: None = tasks.add_task(send, "a")) -> None: ...  # OK\n'),
        (
            "mypy,pyright,ty,zuban",
            """\
            from typing import no_type_check as unchecked

            @unchecked
            def g(x: None = tasks.add_task(send, "a")) -> None:  # OK
                print(x)
            """,
        ),
    ],
)
def test_no_checker_meets_what_it_does_not_look_at(tmp_path: Path, name: str, source: str) -> None:
    code, report = verify(tmp_path, {"a.py": source}, "--checkers", name)
    assert code
    assert len(report["runs"]) == name.count(",") + 1
    for run in report["runs"]:
        outcomes = [verdict["outcome"] for verdict in run["verdicts"] if verdict["claim"]]
        assert outcomes in (["not looked at"], []), run["checker"]
        assert outcomes or run["failure"], run["checker"]


def test_a_claim_of_another_platform_is_elsewhere(tmp_path: Path) -> None:
    source = 'if sys.platform == "win32":\n    tasks.add_task(send, "a")  # E: missing-argument\n'
    options = ("--checkers", "mypy,pyright,ty,pyrefly,zuban", "--platform", "linux", "--platform", "win32")
    code, report = verify(tmp_path, {"a.py": source}, *options)
    assert code == 0
    for run in report["runs"]:
        expected = "met" if run["platform"] == "win32" else "elsewhere"
        assert [verdict["outcome"] for verdict in run["verdicts"]] == [expected], run["checker"]


@pytest.mark.parametrize(
    "statement",
    [
        "tasks.add_task(send, undefined_name)",
        'tasks.add_task(send, len(1) and "a")',
        '[tasks.add_task(send, "a"), tasks.add_task(send, 1, 1)]',
        '(tasks.add_task(send, "a"), tasks.missing)',
    ],
)
def test_a_second_mistake_is_not_covered_by_a_claim(tmp_path: Path, statement: str) -> None:
    code, report = verify(tmp_path, {"a.py": f"{statement}  # E: missing-argument\n"})
    assert code == 1
    for run in report["runs"]:
        assert [verdict["outcome"] for verdict in run["verdicts"]] == ["wrong kind"], run["checker"]


def test_a_file_that_ends_early_costs_nothing(tmp_path: Path) -> None:
    right = 'tasks.add_task(send, "a", 1)  # OK\n'
    files = {"a.py": f"{right}sys.exit()\n", "b.py": "sys.exit()\n", "c.py": right}
    assert verify(tmp_path, files, "--checkers", "all", "--gating", "all")[0] == 0
