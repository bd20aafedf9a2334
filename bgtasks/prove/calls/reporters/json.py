"""Findings as JSON: every disagreement, in either form."""

import json
from typing import Any

from bgtasks.prove.calls.findings import Findings
from bgtasks.prove.calls.judging import Answers
from bgtasks.prove.calls.model import Form
from bgtasks.prove.calls.reporters.words import show


def render(findings: Findings) -> str:
    return json.dumps(data(findings), indent=2) + "\n"


def data(findings: Findings) -> dict[str, Any]:
    return {
        "target": str(findings.target),
        "seed": findings.seed,
        "calls": len(findings.calls),
        "exit_code": findings.exit_code,
        "runs": [run_data(findings, answers) for answers in findings.answers],
        "unequal": [{"checker": checker, "call": number} for checker, number in findings.unequal],
        "causes": [
            {
                "construct": cause.call.construct.name,
                "claim": cause.call.kind.value if cause.call.kind else "OK",
                "source": show(findings, cause.call),
                "checkers": [{"checker": name, "lost": is_lost} for name, is_lost in cause.checkers],
            }
            for cause in findings.causes
        ],
    }


def run_data(findings: Findings, answers: Answers) -> dict[str, Any]:
    return {
        "checker": answers.run.checker,
        "version": answers.run.version,
        "failure": answers.run.failure,
        "disagreements": [
            {
                "call": number,
                "construct": call.construct.name,
                "claim": call.kind.value if call.kind else "OK",
                "target": answers.is_wrong(number, call, Form.TARGET),
                "direct": answers.is_wrong(number, call, Form.DIRECT),
                "source": show(findings, call, number),
            }
            for number, call in enumerate(findings.calls)
            if answers.said and any(answers.is_wrong(number, call, form) for form in Form)
        ],
    }
