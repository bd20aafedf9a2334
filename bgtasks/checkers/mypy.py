"""mypy: one JSON object a line, notes folded into the hint of the error before them."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bgtasks.checkers.meaning import MALFORMED, say
from bgtasks.documents import from_json
from bgtasks.errors import RunError, advise_install
from bgtasks.model import CALL_KINDS, Checker, Diagnostic, Kind, Sandbox

# unreachable: a claim in code that is never reached proves nothing.
CONFIG = """\
[mypy]
mypy_path = $MYPY_CONFIG_FILE_DIR/project
strict = True
warn_unreachable = True
"""

BY_CODE = {
    "arg-type": {Kind.ARGUMENT_TYPE},
    "assignment": {Kind.ASSIGNMENT},
    "attr-defined": {Kind.UNKNOWN_ATTRIBUTE},
    "background-task": {Kind.PITFALL},  # of our own plugin
    "func-returns-value": {Kind.ASSIGNMENT, Kind.NOT_CALLABLE, Kind.PITFALL},
    "call-overload": {Kind.NO_OVERLOAD},
    "dict-item": {Kind.ARGUMENT_TYPE},
    "list-item": {Kind.ARGUMENT_TYPE},
    "override": {Kind.OVERRIDE},
    "return-value": {Kind.ASSIGNMENT},
    "typeddict-item": {Kind.ARGUMENT_TYPE},
    "type-var": {Kind.ARGUMENT_TYPE},
    "union-attr": {Kind.UNKNOWN_ATTRIBUTE},
}
BY_MESSAGE = (
    (r"Missing (positional|named) argument|Too few arguments", {Kind.MISSING_ARGUMENT}),
    (r"Too many (positional )?arguments", {Kind.TOO_MANY_POSITIONAL}),
    (
        r"Unexpected keyword argument|Extra argument .* from \*\*args",
        {Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD},
    ),
    # Of a misspelt keyword it does not say besides that the right one is missing.
    (r"Unexpected keyword argument .* did you mean", {Kind.MISSING_ARGUMENT}),
    (r"gets multiple values for keyword argument", {Kind.MULTIPLE_VALUES}),
    (r"not callable", {Kind.NOT_CALLABLE}),
    (r'Incompatible types in "await"', {Kind.PITFALL}),
    (r'Incompatible types in "yield', {Kind.ASSIGNMENT}),
    (r"Cannot infer (value of type parameter|type argument)", {Kind.ARGUMENT_TYPE}),
    (r"base class .* defined the type as", {Kind.OVERRIDE}),
    (r"Cannot infer type of lambda", CALL_KINDS),
)
# A callable as a whole does not fit what other arguments ask for, or no overload does.
BLAMES = (
    r'Argument "?(?P<parameter>\w+)"? to "(?P<function>\w+)".*; expected "(Callable\[|def )',
    r'No overload variant of "(?P<function>\w+)"',
)

# What mypy says of the options that it was given, whatever the form of its output.
ASIDE = "Warning: "
REVEALED = re.compile(r'Revealed type is "(.*)"')


def arguments(sandbox: Sandbox, python_version: str, profile: str = "mypy") -> list[str]:
    return [
        f"--config-file={config_of(sandbox, profile)}",
        f"--cache-dir={sandbox.cache / profile}",
        f"--python-executable={sandbox.python}",
        f"--python-version={python_version}",
        *([f"--platform={sandbox.platform}"] if sandbox.platform else []),
        "--output=json",
        "--no-error-summary",
        "--explicit-package-bases",
        "--soft-error-limit=-1",
        # Relative: what mypy keeps of an unchanged case names this path again in the next sandbox.
        os.path.relpath(sandbox.project, sandbox.cwd),
    ]


def config_of(sandbox: Sandbox, profile: str) -> Path:
    """Return the configuration of a profile: it is TOML where a user's own is."""
    own = sandbox.folder / f"{profile}.toml"
    return own if own.exists() else sandbox.folder / f"{profile}.ini"


def read(output: str) -> list[Diagnostic]:
    """Read the lines of `mypy --output=json`. Raises `RunError` for anything else."""
    try:
        lines = (line for line in output.splitlines() if line.strip() and not line.startswith(ASIDE))
        entries = [from_json(line) for line in lines]
        return [diagnostic(entry) for entry in entries if entry["severity"] == "error" or reveals(entry)]
    except MALFORMED as error:
        raise RunError(f"printed what is not its JSON: {error}") from error


def find_blocker(output: str) -> str | None:
    """Return what mypy stopped at, and the cure where that is known; None where `output` is not its JSON."""
    try:
        found = read(output)
    except RunError:
        return None
    if not found:
        return None
    blocker = found[0]
    # Error importing plugin "bgtasks.mypy_plugin": No module named 'bgtasks'
    if "No module named 'bgtasks'" in blocker.message:
        return (
            f"{blocker.message}; this mypy is in another environment than bgtasks, "
            f"so install one beside it: {advise_install('verify')}"
        )
    if "shadows library module" in blocker.message:
        return f"{blocker.path}: {blocker}; rename it"
    return f"{blocker.path.name}:{blocker.line}: {blocker}"


def reveals(entry: dict[str, Any]) -> bool:
    return REVEALED.fullmatch(entry["message"]) is not None


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    message, code = entry["message"], entry["code"] or ""
    revealed = REVEALED.fullmatch(message) if entry["severity"] == "note" else None
    hint = f"\n{entry['hint']}" if entry["hint"] else ""
    place = entry["file"], entry["line"], entry.get("column", -1) + 1
    return say(
        place,
        code,
        message,
        BY_CODE,
        BY_MESSAGE,
        more=hint,
        blames=BLAMES,
        revealed=revealed and revealed[1],
        last=entry.get("end_line") or 0,
    )


def on_path(config: str, folders: Sequence[Path]) -> str:
    """Return a configuration by which imports start from `folders`, too, where nothing is reported."""
    further = "".join(f",{folder}" for folder in folders)
    return config.replace("/project\n", f"/project{further}\nfollow_imports = silent\n", 1)


MYPY = Checker("mypy", "verify", {"mypy.ini": CONFIG}, arguments, read, on_path)
