"""The report as JSON, in the form that check.schema.json describes."""

import json
from importlib.resources import files
from typing import Any

from bgtasks.check.codes import CODES
from bgtasks.check.model import Coverage, Finding, Place
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import excerpt
from bgtasks.model import Run

VERSION = 1


def render(report: CheckReport) -> str:
    return json.dumps(data(report), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of what `render` returns."""
    text = files("bgtasks.check.reporters").joinpath("check.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def data(report: CheckReport) -> dict[str, Any]:
    return {
        "schema": VERSION,
        "exit_code": report.exit_code,
        "python": report.python.as_posix() if report.python else None,
        "errors": list(report.errors),
        "notes": list(report.notes),
        "checkers": [run_data(run) for run in report.runs],
        "rules": {code: {"name": rule.name, "summary": rule.summary} for code, rule in CODES.items()},
        "findings": [finding_data(finding, report) for finding in report.findings],
        "ignored": report.ignored,
        "known": report.known,
        "coverage": {
            "percentage": report.percentage,
            "minimum": report.min_coverage,
            "unsettled": report.unsettled,
            "call_sites": [coverage_data(one) for one in report.coverage],
        },
    }


def run_data(run: Run) -> dict[str, Any]:
    return {
        "checker": run.checker,
        "version": run.version,
        "python_version": run.python_version,
        "seconds": round(run.seconds, 3),
        "failure": run.failure,
    }


def place_data(place: Place) -> dict[str, Any]:
    return {
        "path": place.path.as_posix(),
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def finding_data(finding: Finding, report: CheckReport) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        **place_data(finding.place),
        "message": finding.message,
        "by": list(finding.by),
        "source": [line for _, line in excerpt(report, finding.place)],
    }


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    return {
        **place_data(coverage.place),
        "grade": coverage.grade.value,
        "reason": coverage.reason,
        "grades": {name: grade.value for name, grade in coverage.grades},
    }
