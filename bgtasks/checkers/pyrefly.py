"""pyrefly: one JSON document; what is wrong with the number of arguments stands in the message."""

import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from bgtasks.checkers.meaning import MALFORMED, say
from bgtasks.documents import from_json
from bgtasks.errors import RunError
from bgtasks.model import CALL_KINDS, Checker, Diagnostic, Kind, Sandbox

# Strict, but for the decorator that no other checker asks for, for the types of a lambda's parameters
# and its empty list, which no signature with a ParamSpec can tell, and for the unpacking of every
# TypedDict, since any may have further items. Without heuristics: no folder is passed over, and none
# is searched uncalled.
CONFIG = """\
preset = "strict"
search-path = ["project"]
disable-search-path-heuristics = true
project-excludes = []
disable-project-excludes-heuristics = true
use-ignore-files = false
enabled-ignores = []

[errors]
implicit-any-empty-container = "ignore"
implicit-any-lambda = "ignore"
missing-override-decorator = "ignore"
open-unpacking = "ignore"
"""

BY_RULE: Mapping[str, AbstractSet[Kind]] = {
    "bad-argument-type": {Kind.ARGUMENT_TYPE},
    "bad-specialization": {Kind.ARGUMENT_TYPE},
    "bad-typed-dict-key": {Kind.ARGUMENT_TYPE},
    "missing-argument": {Kind.MISSING_ARGUMENT},
    "unexpected-positional-argument": {Kind.TOO_MANY_POSITIONAL},
    "unexpected-keyword": {Kind.POSITIONAL_ONLY_AS_KEYWORD},
    "bad-keyword-argument": {Kind.MULTIPLE_VALUES},
    "no-matching-overload": {Kind.NO_OVERLOAD},
    "not-callable": {Kind.NOT_CALLABLE},
    "missing-attribute": {Kind.UNKNOWN_ATTRIBUTE},
    "bad-override": {Kind.OVERRIDE},
    "bad-override-mutable-attribute": {Kind.OVERRIDE},
    "bad-override-param-name": {Kind.OVERRIDE},
    "bad-assignment": {Kind.ASSIGNMENT},
    "bad-return": {Kind.ASSIGNMENT},
    "invalid-yield": {Kind.ASSIGNMENT},
    "not-async": {Kind.PITFALL},
    # *args: P.args or **kwargs: P.kwargs was not handed on as it stands; pyrefly does not say why.
    "invalid-param-spec": CALL_KINDS,
}
BY_MESSAGE = (
    (r"^Missing positional argument", {Kind.MISSING_ARGUMENT}),
    (r"^Expected \d+ more positional", {Kind.MISSING_ARGUMENT, Kind.POSITIONAL_ONLY_AS_KEYWORD}),
    (r"^Expected \d+ positional argument", {Kind.TOO_MANY_POSITIONAL}),
    (r"^Unexpected keyword argument", {Kind.UNKNOWN_KEYWORD}),
    (r"to dict (key|value) type", {Kind.ARGUMENT_TYPE}),
    (r"^Default .* is not assignable to parameter", {Kind.ASSIGNMENT}),
)
# A callable as a whole does not fit what other arguments ask for, or no overload does.
BLAMES = (
    r"to parameter `(?P<parameter>\w+)` with type `\(.* -> .*` in function `(?P<function>[\w.]+)`",
    r"^No matching overload found for function `(?P<function>[\w.]+)`",
)

SAID = {"error", "warn"}
REVEALED = re.compile(r"[Rr]evealed type: (.*)", re.DOTALL)


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    return [
        "check",
        f"--config={sandbox.folder / 'pyrefly.toml'}",
        f"--python-interpreter-path={sandbox.python}",
        f"--python-version={python_version}",
        *([f"--python-platform={sandbox.platform}"] if sandbox.platform else []),
        "--output-format=json",
        "--min-severity=info",
        "--summary=none",
        str(sandbox.project),
    ]


def read(output: str) -> list[Diagnostic]:
    """Read the document of `pyrefly check --output-format json`. Raises `RunError` for anything else."""
    try:
        entries = from_json(output)["errors"]
        return [
            diagnostic(entry)
            for entry in entries
            if (entry["severity"] in SAID and not is_builtin(entry)) or reveals(entry)
        ]
    except MALFORMED as error:
        raise RunError(f"printed what is not its JSON: {error}") from error


def is_builtin(entry: dict[str, Any]) -> bool:
    """Tell whether it only asks for an import of reveal_type, which other checkers do not."""
    return bool(entry["name"] == "unimported-directive" and "`reveal_type`" in entry["description"])


def reveals(entry: dict[str, Any]) -> bool:
    return bool(entry["name"] == "reveal-type")


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    place = entry["path"], entry["line"], entry.get("column", 0)
    revealed = REVEALED.fullmatch(entry["description"]) if reveals(entry) else None
    return say(
        place,
        entry["name"],
        entry["description"],
        BY_RULE,
        BY_MESSAGE,
        blames=BLAMES,
        revealed=revealed and revealed[1],
    )


def on_path(config: str, folders: Sequence[Path]) -> str:
    """Return a configuration by which imports start from `folders`, too."""
    # TOML has no pairs of surrogates, as JSON writes what is beyond the first 65,536 characters.
    paths = json.dumps(["project", *map(str, folders)], ensure_ascii=False)
    return config.replace('["project"]', paths, 1)


PYREFLY = Checker("pyrefly", "checkers", {"pyrefly.toml": CONFIG}, arguments, read, on_path)
