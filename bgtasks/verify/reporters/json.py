"""The report as JSON, in the form that report.schema.json describes."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from bgtasks.claims.model import Asserted, Case, Claim, Verdict
from bgtasks.model import Kind
from bgtasks.verify.model import Judgement, Report, Result
from bgtasks.verify.reporters.gains import Gain, gains
from bgtasks.verify.reporters.words import statement

VERSION = 2


def render(report: Report) -> str:
    return json.dumps(data(report), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of what `render` returns."""
    loaded: dict[str, Any] = json.loads(
        files("bgtasks").joinpath("reporters", "report.schema.json").read_text("utf-8")
    )
    return loaded


def data(report: Report) -> dict[str, Any]:
    oracle = {"oracle": oracle_data(report.oracle)} if report.oracle else {}
    return {
        "schema": VERSION,
        "target": str(report.target) if report.target else None,
        "exit_code": report.exit_code,
        "errors": list(report.errors),
        "cases": [case_data(case) for case in report.cases],
        "runs": [run_data(result) for result in report.results],
        "gains": [gain_data(gain) for gain in gains(report.results)],
        **oracle,
        **({"suite": report.suite} if report.suite else {}),
    }


def oracle_data(oracle: Judgement) -> dict[str, Any]:
    return {
        "aside": [{"path": path.as_posix(), "reason": why} for path, why in oracle.aside],
        "answers": [
            {
                "path": answer.path.as_posix(),
                "line": answer.claim.line,
                "claim": str(answer.claim),
                "decision": answer.decision.value,
                "firm": answer.firm,
                "reason": answer.why,
            }
            for answer in oracle.answers
        ],
    }


def case_data(case: Case) -> dict[str, Any]:
    lines = case.source.split("\n")
    data = {"path": case.path.as_posix(), "claims": [claim_data(lines, claim) for claim in case.claims]}
    return data | ({"notes": list(case.notes)} if case.notes else {})


def claim_data(lines: Sequence[str], claim: Claim) -> dict[str, Any]:
    types: dict[str, Any] = {}
    if isinstance(claim.expected, Asserted):
        types["types"] = [{"expression": value, "type": expected} for value, expected in claim.expected.pairs]
    return types | {
        "line": claim.line,
        "first": claim.span.first,
        "last": claim.span.last,
        "source": statement(lines, claim.span),
        "claim": str(claim),
        "gaps": [
            {"checker": gap.checker, "versions": gap.versions, "reason": gap.reason} for gap in claim.gaps
        ],
    }


def run_data(result: Result) -> dict[str, Any]:
    return {
        "checker": result.run.checker,
        "version": result.run.version,
        "python_version": result.run.python_version,
        "seconds": round(result.run.seconds, 3),
        "platform": result.run.platform or None,
        "gates": result.gates,
        "failure": result.run.failure,
        "aside": [{"path": path.as_posix(), "reason": why} for path, why in result.run.aside],
        "verdicts": [verdict_data(verdict) for verdict in result.verdicts],
        **({"options": result.run.options} if result.run.options else {}),
    }


def gain_data(gain: Gain) -> dict[str, Any]:
    return {
        "checker": gain.run.checker,
        "over": gain.plain.checker,
        "python_version": gain.run.python_version,
        "won": [place_data(verdict) for verdict in gain.won],
        "lost": [place_data(verdict) for verdict in gain.lost],
    }


def place_data(verdict: Verdict) -> dict[str, Any]:
    return {"path": verdict.path.as_posix(), "line": verdict.line, "claim": str(verdict.claim)}


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    return {
        "path": verdict.path.as_posix(),
        "line": verdict.line,
        "claim": str(verdict.claim) if verdict.claim else None,
        "outcome": verdict.outcome.value,
        "diagnostics": [
            {
                "line": diagnostic.line,
                "rule": diagnostic.rule,
                "message": diagnostic.message,
                "kinds": [kind.value for kind in Kind if kind in diagnostic.kinds],
                **({} if diagnostic.revealed is None else {"revealed": diagnostic.revealed}),
            }
            for diagnostic in verdict.diagnostics
        ],
    }
