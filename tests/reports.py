"""A report with one of everything, for the tests of the formats."""

from pathlib import Path

from bgtasks.claims.model import Accept, Case, Claim, Gap, Outcome, Span, Verdict, reject
from bgtasks.model import Diagnostic, Kind, Run, Target
from bgtasks.verify.model import Report, Result

PATH = Path("typetests/ünï.py")
MARKUP = '</script><b>"a" | `b` & c</b>, 100%: [x](y) ##[error]z ::error::\x1b[0m \N{SNOWMAN}'
LONG = "first line\n  second line\n" + "and so on " * 200
SOURCE = """\
go(1)  # E: argument-type  !mypy<3 python/mypy#17461
go("a")  # OK
go(
    2,  # E: missing-argument
)
go()  # E: no-overload  !mypy see <https://x.example/a?b|c>
go(3)
go(4, 5)  # E: too-many-positional
"""


def claim(first: int, line: int, last: int, kind: Kind | None, *gaps: Gap) -> Claim:
    return Claim(line, Span(first, last), reject(kind) if kind else Accept(), gaps)


CLAIMS = (
    claim(1, 1, 1, Kind.ARGUMENT_TYPE, Gap("mypy", "<3", "python/mypy#17461")),
    claim(2, 2, 2, None),
    claim(3, 4, 5, Kind.MISSING_ARGUMENT),
    claim(6, 6, 6, Kind.NO_OVERLOAD, Gap("mypy", "", "see <https://x.example/a?b|c>")),
    claim(8, 8, 8, Kind.TOO_MANY_POSITIONAL),
)
CASE = Case(
    PATH,
    PATH,
    SOURCE,
    tuple(sorted((*(one.span for one in CLAIMS), Span(7, 7)), key=lambda span: span.first)),
    CLAIMS,
)
TARGET = Target("lib", "Pool")


def said(line: int, rule: str, message: str, *kinds: Kind) -> tuple[Diagnostic, ...]:
    return (Diagnostic(PATH, line, rule, message, frozenset(kinds)),)


def verdicts() -> tuple[Verdict, ...]:
    """Return every outcome once, and what was said of a statement without a claim."""
    first, second, third, fourth, fifth = CLAIMS
    return (
        Verdict(PATH, 1, first, Outcome.GAP),
        Verdict(PATH, 2, second, Outcome.UNEXPECTED, said(2, "call-arg", MARKUP, Kind.MISSING_ARGUMENT)),
        Verdict(PATH, 4, third, Outcome.MISSED),
        Verdict(PATH, 6, fourth, Outcome.CLOSED_GAP, said(6, "call-overload", "none fits", Kind.NO_OVERLOAD)),
        Verdict(PATH, 8, fifth, Outcome.WRONG_KIND, said(8, "", LONG, Kind.ARGUMENT_TYPE)),
        Verdict(PATH, 7, None, Outcome.UNEXPECTED, said(7, "misc", "uncalled")),
    )


MET = tuple(Verdict(PATH, one.line, one, Outcome.MET) for one in CLAIMS)
RED = Result(Run("mypy", "2.4.1", "3.13", 1.25), verdicts())
ASIDE = Result(Run("ty", "0.0.105", "3.13", 0.5), verdicts()[1:3], gates=False)
PLUGGED = Result(
    Run("mypy+plugin", "2.4.1", "3.13", 1.5),
    (
        *(Verdict(PATH, one.line, one, Outcome.MET) for one in CLAIMS[:2]),
        *(Verdict(PATH, one.line, one, Outcome.MISSED) for one in CLAIMS[2:]),
    ),
)
GREEN = Result(Run("pyright", "1.1.414", "3.13", 2), MET)
FAILED = Result(Run("zuban", "", "3.13", 0, failure="is not installed: 100%, <b>\npip install x"))
ERROR = "typetests/broken.py:3: syntax error <here>"

EVERYTHING = Report(TARGET, (CASE,), (RED, GREEN, ASIDE, FAILED), (ERROR,))
ALL_MET = Report(TARGET, (CASE,), (GREEN,))
INFORMATION = Report(TARGET, (CASE,), (GREEN, ASIDE))
# With the plugin the first two claims are met too, and the fourth no more.
BOUGHT = Report(TARGET, (CASE,), (RED, PLUGGED, GREEN))
NOTHING = Report(TARGET, (), ())
