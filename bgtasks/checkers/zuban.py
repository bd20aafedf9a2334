"""zuban: the messages of mypy, as text, a line each."""

import re

from bgtasks.checkers import mypy
from bgtasks.checkers.meaning import say
from bgtasks.errors import RunError
from bgtasks.model import CALL_KINDS, Checker, Diagnostic, Kind, Sandbox

# ../project/case.py:7:6:7:8: error: Argument 1 to "take" has incompatible type "str"  [arg-type]
LINE = re.compile(
    r"(?P<path>.+?):(?P<line>[0-9]{1,9}):(?P<column>[0-9]{1,9})(:[0-9]+){2}: (?P<severity>error|note): "
    r"(?P<message>.*?)(  \[(?P<code>[a-z-]+)\])?"
)

BY_MESSAGE = (
    *mypy.BY_MESSAGE,
    # Of a misspelt keyword it does not say besides that the right one is missing.
    (r"Unexpected keyword argument", {Kind.MISSING_ARGUMENT}),
    # What a positional argument has taken of a ParamSpec is not there for a keyword any more.
    (r"Unexpected keyword argument|Extra argument .* from \*\*args", {Kind.MULTIPLE_VALUES}),
    # Of a call's result that does not fit, its first argument is blamed.
    (r'incompatible type "Callable\[(.+), [^"]+\]"; expected "Callable\[\1, ', {Kind.ASSIGNMENT}),
    # The task as a whole does not fit what its arguments ask for; zuban does not say why.
    (r"Incompatible callable argument with type vars|ParamSpec arguments must be", CALL_KINDS),
)


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    return [
        "check",
        "--mode=default",
        f"--config-file={sandbox.folder / 'zuban.ini'}",
        f"--python-executable={sandbox.python}",
        f"--python-version={python_version}",
        *([f"--platform={sandbox.platform}"] if sandbox.platform else []),
        "--show-error-end",
        "--show-error-codes",
        "--no-pretty",
        "--no-error-summary",
        str(sandbox.project),
    ]


def read(output: str) -> list[Diagnostic]:
    """Read the lines of `zuban check`. Raises `RunError` for anything else."""
    diagnostics: list[Diagnostic] = []
    for line in output.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            raise RunError(f"printed what is not its text: {line[:300]!r}")
        revealed = mypy.REVEALED.fullmatch(match["message"])
        if match["severity"] == "error" or revealed:
            diagnostics.append(diagnostic(match, revealed and revealed[1]))
    return diagnostics


def diagnostic(match: re.Match[str], revealed: str | None) -> Diagnostic:
    place = match["path"], int(match["line"]), int(match["column"])
    return say(
        place,
        match["code"] or "",
        match["message"],
        mypy.BY_CODE,
        BY_MESSAGE,
        blames=mypy.BLAMES,
        revealed=revealed,
    )


ZUBAN = Checker("zuban", "checkers", {"zuban.ini": mypy.CONFIG}, arguments, read, mypy.on_path)
