"""
The report as SARIF 2.1.0, which code scanning takes in.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bgtasks.check.codes import CODES
from bgtasks.check.files.baseline import Known, key_of
from bgtasks.check.model import Finding, Rule
from bgtasks.check.pages import address_of, read_page
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import excerpt, message, summary
from bgtasks.report.places import in_repository
from bgtasks.report.words import label, printable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
INDEX = {code: index for index, code in enumerate(CODES)}


def render(report: CheckReport) -> str:
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run(report)]}, indent=2) + "\n"


def run(report: CheckReport) -> dict[str, Any]:
    rules = [descriptor(rule) for rule in CODES.values()]
    problems = [*report.errors, *(f"{label(run)}: {run.failure}" for run in report.failures)]
    return {
        "tool": {"driver": {"name": "bgtasks", "version": metadata.version("typed-bgtasks"), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not problems,
                "exitCode": report.exit_code,
                "exitCodeDescription": printable(summary(report)),
                "toolExecutionNotifications": [
                    *(notification(line, "error") for line in problems),
                    *(notification(line, "note") for line in report.notes),
                ],
            }
        ],
        "results": list(results(report)),
    }


def descriptor(rule: Rule) -> dict[str, Any]:
    page, address = read_page(rule.code), address_of(rule.code)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": page, "markdown": page},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": "error", "enabled": rule.on},
    }


def notification(line: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": printable(line)}}


def results(report: CheckReport) -> Iterator[dict[str, Any]]:
    seen: Counter[Known] = Counter()
    for finding in report.findings:
        path = in_repository(finding.place.path)
        known = key_of(finding, report.sources, Path(), finding.was)._replace(path=path.as_posix())
        seen[known] += 1
        yield {
            "ruleId": finding.rule.code,
            "ruleIndex": INDEX[finding.rule.code],
            "level": "error",
            "message": {"text": printable(message(finding))},
            "locations": [{"physicalLocation": location(finding, report)}],
            "partialFingerprints": {"bgtasks/v1": fingerprint(known, seen[known])},
        }


def location(finding: Finding, report: CheckReport) -> dict[str, Any]:
    place = finding.place
    lines = [line for _, line in excerpt(report, place)]
    return {
        "artifactLocation": artifact(place.path),
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
            "snippet": {"text": printable("\n".join(lines))},
        },
    }


def artifact(path: Path) -> dict[str, str]:
    known = in_repository(path)
    if known.is_absolute():
        return {"uri": known.as_uri()}
    return {"uri": quote(known.as_posix()), "uriBaseId": ROOT}


def fingerprint(known: Known, number: int) -> str:
    """Return what tells a finding from all others, wherever its lines move."""
    return hashlib.sha256("\0".join((*known, str(number))).encode()).hexdigest()
