"""pyright: one JSON document; the call-shape kinds differ in the message text only."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bgtasks.checkers.meaning import MALFORMED, say
from bgtasks.documents import from_json
from bgtasks.errors import RunError
from bgtasks.model import CALL_KINDS, Checker, Diagnostic, Kind, Sandbox

# Strict, but for the rules about what is never used, which tests of types cannot help breaking, and
# those about a lambda's parameters, whose types no signature with a ParamSpec can tell pyright.
OFF = (
    "reportMissingModuleSource",
    "reportPrivateUsage",
    "reportUnknownArgumentType",
    "reportUnknownLambdaType",
    "reportUnusedClass",
    "reportUnusedExpression",
    "reportUnusedFunction",
    "reportUnusedImport",
    "reportUnusedVariable",
)
CONFIG = json.dumps(
    {
        "include": ["project"],
        "exclude": [],
        "extraPaths": ["project"],
        "typeCheckingMode": "strict",
        "enableTypeIgnoreComments": False,
        **dict.fromkeys(OFF, False),
    },
    indent=2,
)

PLATFORMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}

BY_RULE = {
    "reportArgumentType": {Kind.ARGUMENT_TYPE},
    "reportAssignmentType": {Kind.ASSIGNMENT},
    "reportAttributeAccessIssue": {Kind.UNKNOWN_ATTRIBUTE},
    "reportFunctionMemberAccess": {Kind.UNKNOWN_ATTRIBUTE},
    "reportIncompatibleMethodOverride": {Kind.OVERRIDE},
    "reportIncompatibleVariableOverride": {Kind.OVERRIDE},
    "reportOptionalMemberAccess": {Kind.UNKNOWN_ATTRIBUTE},
    "reportReturnType": {Kind.ASSIGNMENT},
    "reportOptionalCall": {Kind.NOT_CALLABLE},
}
BY_MESSAGE = (
    (r"^Arguments? missing for parameter", {Kind.MISSING_ARGUMENT}),
    (r"^Expected \d+ more positional", {Kind.MISSING_ARGUMENT, Kind.POSITIONAL_ONLY_AS_KEYWORD}),
    # *args: P.args or **kwargs: P.kwargs was not handed on as it stands; pyright does not say why.
    (r"^Arguments for ParamSpec", CALL_KINDS),
    (r"^Expected \d+ positional argument", {Kind.TOO_MANY_POSITIONAL}),
    (r"No parameter named", {Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD}),
    (r"^Multiple parameters have name|is already assigned", {Kind.MULTIPLE_VALUES}),
    (r"^No overloads? for", {Kind.NO_OVERLOAD}),
    (r"is not callable", {Kind.NOT_CALLABLE}),
    (r"is not awaitable", {Kind.PITFALL}),
    # The default of a parameter, and the value of an attribute that there is.
    (r"^Expression of type .* cannot be assigned to parameter", {Kind.ASSIGNMENT}),
    (
        r"^(Cannot assign to attribute|Type .*is not assignable to attribute).*\n.*is not assignable to",
        {Kind.ASSIGNMENT},
    ),
)
# A callable as a whole does not fit what other arguments ask for, or no overload does.
BLAMES = (
    r'^Argument of type .* assigned to parameter "(?P<parameter>\w+)" .*in function "(?P<function>\w+)"',
    r'^No overloads? for "(?P<function>\w+)"',
)

SAID = {"error", "warning"}
REVEALED = re.compile(r'Type of "(.*)" is "(.*)"', re.DOTALL)


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    return [
        f"--project={sandbox.folder / 'pyrightconfig.json'}",
        f"--pythonpath={sandbox.python}",
        f"--pythonversion={python_version}",
        *([f"--pythonplatform={PLATFORMS[sandbox.platform]}"] if sandbox.platform else []),
        "--outputjson",
    ]


def read(output: str) -> list[Diagnostic]:
    """Read the document of `pyright --outputjson`. Raises `RunError` for anything else."""
    try:
        entries = from_json(output)["generalDiagnostics"]
        return [diagnostic(entry) for entry in entries if entry["severity"] in SAID or reveals(entry)]
    except MALFORMED as error:
        raise RunError(f"printed what is not its JSON: {error}") from error


def reveals(entry: dict[str, Any]) -> bool:
    return entry["severity"] == "information" and REVEALED.fullmatch(entry["message"]) is not None


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    message, rule = entry["message"], entry.get("rule", "")
    start = entry["range"]["start"]
    place = entry["file"], start["line"] + 1, start["character"] + 1
    revealed = REVEALED.fullmatch(message) if entry["severity"] == "information" else None
    return say(
        place,
        rule,
        message,
        BY_RULE,
        BY_MESSAGE,
        blames=BLAMES,
        revealed=revealed and revealed[2],
        last=entry["range"].get("end", start)["line"] + 1,
    )


def on_path(config: str, folders: Sequence[Path]) -> str:
    """Return a configuration by which imports start from `folders`, too."""
    settings = from_json(config)
    return json.dumps(settings | {"extraPaths": [*settings["extraPaths"], *map(str, folders)]}, indent=2)


PYRIGHT = Checker("pyright", "verify", {"pyrightconfig.json": CONFIG}, arguments, read, on_path)
