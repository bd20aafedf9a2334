"""Suites of one project, each under options of its own: by the command, and by pytest."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bgtasks.verify.reporters.json import schema

pytestmark = pytest.mark.checker

SETTINGS = """\
[tool.bgtasks]
cases = ["t"]
checkers = ["zuban"]

[tool.bgtasks.suites.untyped]
cases = ["t/untyped"]
zuban = { disallow_untyped_defs = false, check_untyped_defs = true }
"""
STRICT = "import sys\ndef f(a): return a  # E\nprint(sys.path)  # OK\n"
UNTYPED = "def g(a):  # OK\n    return a\nlen(1)  # E: argument-type\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "t" / "untyped").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "t" / "strict.py").write_text(STRICT)
    (tmp_path / "t" / "untyped" / "case.py").write_text(UNTYPED)
    return tmp_path


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_each_suite_is_checked_under_its_own_options(project: Path) -> None:
    done = run("bgtasks", "verify", "--output", "json=r.json", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "claims met, for type tests in the suite untyped" in done.stdout
    reports: list[dict[str, Any]] = [
        json.loads((project / name).read_text()) for name in ("r.json", "r-untyped.json")
    ]
    assert [report.get("suite") for report in reports] == [None, "untyped"]
    assert [[case["path"] for case in report["cases"]] for report in reports] == [
        ["t/strict.py"],
        ["t/untyped/case.py"],
    ]
    validator: Any = import_module("jsonschema").Draft202012Validator(schema())
    for report in reports:
        validator.validate(report)


def test_a_suite_that_is_red_makes_all_red(project: Path) -> None:
    (project / "t" / "untyped" / "case.py").write_text(UNTYPED.replace("argument-type", "missing-argument"))
    assert run("bgtasks", "verify", cwd=project).returncode == 1
    assert run("bgtasks", "verify", "t/strict.py", cwd=project).returncode == 0
    assert run("bgtasks", "verify", "t/untyped", cwd=project).returncode == 1


def test_a_keyword_needs_to_be_found_in_one_suite(project: Path) -> None:
    found = run("bgtasks", "verify", "-k", "len(", cwd=project)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Green: 1 claim in 1 file" in found.stdout
    lost = run("bgtasks", "verify", "-k", "nowhere", cwd=project)
    assert (lost.returncode, lost.stderr) == (
        2,
        "bgtasks: -k nowhere: found in no claim, its place or its statement\n",
    )


def test_a_claim_is_explained_by_its_suite(project: Path) -> None:
    done = run("bgtasks", "verify", "--explain", "t/untyped/case.py:1", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("t/untyped/case.py:1 claims OK\n")


def test_pytest_asks_for_each_suite_under_its_own_options(project: Path) -> None:
    done = run("pytest", "--bgtasks", "-rA", "-p", "no:cacheprovider", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = [line for line in done.stdout.splitlines() if line.startswith("PASSED")]
    assert passed == [
        "PASSED t/strict.py::2[zuban]",
        "PASSED t/strict.py::3[zuban]",
        "PASSED t/strict.py::silent[zuban]",
        "PASSED t/untyped/case.py::1[zuban-untyped]",
        "PASSED t/untyped/case.py::3[zuban-untyped]",
        "PASSED t/untyped/case.py::silent[zuban-untyped]",
    ]
