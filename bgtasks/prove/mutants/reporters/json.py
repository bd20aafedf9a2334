"""The report as JSON, in the form that mutate.schema.json describes."""

import json
from importlib.resources import files
from typing import Any

from bgtasks.claims.model import Verdict
from bgtasks.prove.mutants.model import Judgement, Mutant, MutationReport, Score

VERSION = 1


def render(report: MutationReport) -> str:
    return json.dumps(data(report), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of what `render` returns."""
    text = files("bgtasks.prove.mutants.reporters").joinpath("mutate.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def data(report: MutationReport) -> dict[str, Any]:
    numbers = {mutant: number for number, mutant in enumerate(report.mutants)}
    return {
        "schema": VERSION,
        "exit_code": report.exit_code,
        "stale": list(report.stale),
        "mutants": [mutant_data(mutant) for mutant in report.mutants],
        "checkers": [
            score_data(score)
            | {"mutants": [judgement_data(one, numbers[one.mutant]) for one in score.judgements]}
            for score in report.scores
        ],
    }


def mutant_data(mutant: Mutant) -> dict[str, Any]:
    return {
        "name": mutant.address,
        "path": mutant.path.as_posix(),
        "line": mutant.line,
        "mutator": mutant.mutator,
        "before": mutant.before,
        "after": mutant.after,
    }


def score_data(score: Score) -> dict[str, Any]:
    return {
        "checker": score.checker,
        "version": score.version,
        "failure": score.failure,
        "score": None if score.percentage is None else round(score.percentage, 2),
        "counts": {
            fate.value: count for fate, count in sorted(score.counts.items(), key=lambda one: one[0].value)
        },
    }


def judgement_data(judgement: Judgement, number: int) -> dict[str, Any]:
    return {
        "mutant": number,
        "fate": judgement.fate.value,
        "by": verdict_data(judgement.verdict) if judgement.verdict else None,
        "said": judgement.said,
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    return {
        "path": verdict.path.as_posix(),
        "line": verdict.line,
        "claim": str(verdict.claim) if verdict.claim else None,
        "outcome": verdict.outcome.value,
        "messages": [str(diagnostic) for diagnostic in verdict.diagnostics],
    }
