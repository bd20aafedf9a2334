"""The rows that `python benchmarks/suites.py` prints of suites that no tool checks beside us."""

from pathlib import Path
from runpy import run_path
from typing import Any

SUITES = Path(__file__).parents[1] / "benchmarks" / "suites.py"


def run(version: str, **outcomes: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a run in its report: a claim for each outcome, in the case whose name begins it."""
    verdicts = [
        {"path": name[0], "line": int(name[1]), "claim": "OK" if len(name) == 2 else None, "outcome": outcome}
        for name, outcome in outcomes.items()
    ]
    report = {"cases": [{"path": path} for path in "abcde"]}
    return report, {"checker": "ty", "version": "1", "python_version": version, "verdicts": verdicts}


def test_a_claim_counts_by_all_runs_of_a_checker() -> None:
    runs = [
        run("3.13", a1="met", a2="elsewhere", b1="missed", b2="gap", c1="not looked at", d1x="unexpected"),
        run("3.14", a1="met", a2="met", b1="met", b2="met", c1="not looked at", d2="met"),
    ]
    row = run_path(str(SUITES))["count"]("name", runs)
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "name",
        "ty 1, 3.13, 3.14",
        "2 of 5",
        "4 of 6",
        "1",
    ]
