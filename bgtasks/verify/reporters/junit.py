"""The report as JUnit XML, which every CI system shows: a suite for each run, a test for each claim."""

import io
from collections.abc import Iterator

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from bgtasks.claims.model import Outcome, Verdict
from bgtasks.model import Run
from bgtasks.report.words import label, printable
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.words import CURE, claimed, messages, reasons, said


def render(report: Report) -> str:
    root = JUnitXml(printable(f"bgtasks verify {report.subject}"))
    suites = [run_suite(result) for result in report.results]
    if report.errors:
        suites.append(error_suite(report.errors))
    for suite in suites:
        suite.add_property("target", report.subject)
        suite.add_property("exit-code", str(report.exit_code))
        root.add_testsuite(suite)
    xml = io.BytesIO()
    root.write(xml)  # pyright: ignore[reportUnknownMemberType] - it leaves its IO open
    return xml.getvalue().decode() + "\n"


def run_suite(result: Result) -> TestSuite:
    run = result.run
    suite = TestSuite(printable(label(run)))
    suite.add_property("checker", run.checker)
    suite.add_property("version", run.version)
    suite.add_property("python-version", run.python_version)
    suite.add_property("gates", str(result.gates).lower())
    suite.add_testcases(list(tests(result)))
    suite.time = round(run.seconds, 3)
    return suite


def error_suite(errors: tuple[str, ...]) -> TestSuite:
    suite = TestSuite("cases that could not be read")
    suite.add_testcases([failed_test("cases", "read", error) for error in errors])
    return suite


def tests(result: Result) -> Iterator[TestCase]:
    if result.run.failure is not None:
        yield failed_test(result.run.checker, "run", result.run.failure)
    for path, why in result.run.aside:
        yield failed_test(path.as_posix(), "read", why)
    for verdict in result.verdicts:
        yield test(verdict, result)


def failed_test(classname: str, name: str, why: str) -> TestCase:
    test = TestCase(name, classname)
    test.result = Error(printable(why))
    return test


def test(verdict: Verdict, result: Result) -> TestCase:
    name = f"line {verdict.line}: {verdict.claim or 'no claim'}"
    test = TestCase(printable(name), printable(verdict.path.as_posix()))
    if verdict.outcome is not Outcome.MET:
        test.result = flaw(verdict, result.run, gates=result.gates)
    if verdict.diagnostics:
        test.system_out = printable(messages(verdict.diagnostics))
    return test


def flaw(verdict: Verdict, run: Run, *, gates: bool) -> Error | Failure | Skipped:
    """Say of a claim that it is not met: it did not pass, so what turns nothing red is skipped."""
    if verdict.outcome is Outcome.GAP:
        why = "; ".join(reasons(verdict, run))
        return Skipped(printable(f"gap: {why}"), Outcome.GAP.value)
    if verdict.outcome is Outcome.ELSEWHERE:
        return Skipped("looked at in another run", verdict.outcome.value)
    if verdict.outcome is Outcome.NOT_LOOKED_AT:
        return Error(printable(f"{claimed(verdict)}; {CURE}"), verdict.outcome.value)
    words = printable(f"{claimed(verdict)}, {said(verdict)}")
    if not gates:
        return Skipped(f"does not gate: {words}", verdict.outcome.value)
    return Failure(words, verdict.outcome.value)
