"""The report as JUnit XML: a test for each finding, one for each call site without, one for the coverage."""

import io
from collections.abc import Iterator

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import covered, message, summary
from bgtasks.report.words import label, printable

NAME = "bgtasks check"


def render(report: CheckReport) -> str:
    root = JUnitXml(NAME)
    suite = TestSuite(NAME)
    suite.add_property("exit-code", str(report.exit_code))
    suite.add_property("summary", printable(summary(report)))
    suite.add_testcases(list(tests(report)))
    root.add_testsuite(suite)
    xml = io.BytesIO()
    root.write(xml)  # pyright: ignore[reportUnknownMemberType] - it leaves its IO open
    return xml.getvalue().decode() + "\n"


def tests(report: CheckReport) -> Iterator[TestCase]:
    for error in report.errors:
        yield broken("files", "read", error)
    for run in report.runs:
        if run.failure is not None:
            yield broken(run.checker, "run", f"{label(run)}: {run.failure}")
    found = set[tuple[str, int]]()
    for finding in report.findings:
        path = finding.place.path.as_posix()
        found.add((path, finding.place.line))
        test = TestCase(f"line {finding.place.line}: {finding.rule.code}", printable(path))
        test.result = Failure(printable(message(finding)), finding.rule.name)
        yield test
    for one in report.coverage:
        path, line = one.place.path.as_posix(), one.place.line
        if (path, line) not in found:
            yield TestCase(f"line {line}, column {one.place.column}", printable(path))
    if report.percentage is not None:
        test = TestCase("coverage", NAME)
        if not report.covered:
            test.result = Failure(covered(report), "coverage")
        yield test


def broken(classname: str, name: str, why: str) -> TestCase:
    test = TestCase(name, classname)
    test.result = Error(printable(why))
    return test
