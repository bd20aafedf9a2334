"""The report as JSON, in the form that check.schema.json describes."""

import json
from importlib.resources import files
from typing import Any

from bgtasks.check.codes import CODES, MEMBERS
from bgtasks.check.model import Coverage, Finding, Place
from bgtasks.check.report import CheckReport, Runtime
from bgtasks.check.reporters.words import excerpt, show_hidden
from bgtasks.files import relative
from bgtasks.model import Run
from bgtasks.surroundings.frameworks import Framework
from bgtasks.surroundings.missing import Missing

VERSION = 2


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
        "rules": {
            code: {"name": rule.name, "summary": rule.summary, "on": rule.on} for code, rule in CODES.items()
        },
        "groups": {code: sorted(members) for code, members in MEMBERS.items()},
        "findings": [finding_data(finding, report) for finding in report.findings],
        "ignored": report.ignored,
        "known": len(report.known),
        "off_by_default": {
            "counts": dict(report.hidden),
            "shown_by": show_hidden(report) or None,
        },
        "coverage": {
            "percentage": report.percentage,
            "minimum": report.min_coverage,
            "unsettled": len(report.unsettled),
            "unsettled_calls": [{**place_data(one.place), "reason": one.reason} for one in report.unsettled],
            "call_sites": [coverage_data(one) for one in report.coverage],
        },
        "services": [runtime_data(runtime) for runtime in report.runtimes],
        "missing_imports": [missing_data(missing) for missing in report.missing],
    }


def runtime_data(runtime: Runtime) -> dict[str, Any]:
    return {
        "folder": relative(runtime.folder).as_posix(),
        "python": runtime.python.as_posix(),
        "python_version": runtime.python_version,
        "fastapi": framework_data(runtime.frameworks.fastapi),
        "starlette": framework_data(runtime.frameworks.starlette),
    }


def framework_data(framework: Framework) -> dict[str, Any]:
    return {
        "version": str(framework.version) if framework.version else None,
        "allowed": str(framework.allowed),
        "source": framework.source,
    }


def missing_data(missing: Missing) -> dict[str, Any]:
    return {
        "module": missing.module,
        "path": missing.path.as_posix(),
        "line": missing.line,
        "cause": missing.cause.name.lower().replace("_", "-"),
        "folder": relative(missing.folder).as_posix() if missing.folder else None,
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
    return {"path": place.path.as_posix(), **span_data(place)}


def span_data(place: Place) -> dict[str, Any]:
    return {
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
        "call": span_data(finding.call) if finding.call else None,
        "source": [line for _, line in excerpt(report, finding.place)],
    }


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    return {
        **place_data(coverage.place),
        "grade": coverage.grade.value,
        "reason": coverage.reason,
        "grades": {name: grade.value for name, grade in coverage.grades},
    }
