"""ty: a JSON list of GitLab's kind, the only one of its formats that is JSON and names the rule."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bgtasks.checkers.meaning import MALFORMED, say
from bgtasks.documents import from_json
from bgtasks.errors import RunError
from bgtasks.model import Checker, Diagnostic, Kind, Sandbox

# Every rule, but for those about style, about what Any may be assigned to, which is everything, and
# about a pyproject.toml, which a sandbox has none of.
OFF = (
    "missing-direct-dependency",
    "missing-override-decorator",
    "redundant-condition-strict",
    "truthiness-test-of-none-union",
    "unsound-assignment",
    "unsound-return",
    "unsound-yield",
)
# What ty says of OFF itself: of a rule that this version has not yet, or has by another name.
OF_OURS = {"unknown-rule", "renamed-rule"}
# Every other checker takes reveal_type without an import.
BUILTIN = {"undefined-reveal"}
# Folders that ty passes over unless told not to, as far as a case can lie in one.
SKIPPED = ("__pypackages__", "_build", "dist", "venv")
CONFIG = "\n".join(
    (
        "[rules]",
        'all = "error"',
        *(f'{rule} = "ignore"' for rule in OFF),
        "[src]",
        "respect-ignore-files = false",
        f"exclude = {[f'!**/{folder}/' for folder in SKIPPED]}",
        "[analysis]",
        "respect-type-ignore-comments = false",
        "",
    )
)

# Where there are two names for a rule, the second is that of ty before 0.0.105.
BY_RULE = {
    "invalid-argument-type": {Kind.ARGUMENT_TYPE},
    "missing-typed-dict-key": {Kind.ARGUMENT_TYPE},
    "missing-argument": {Kind.MISSING_ARGUMENT},
    "too-many-positional-arguments": {Kind.TOO_MANY_POSITIONAL},
    "unknown-argument": {Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD},
    "positional-only-parameter-as-kwarg": {Kind.POSITIONAL_ONLY_AS_KEYWORD},
    "parameter-already-assigned": {Kind.MULTIPLE_VALUES},
    "no-matching-overload": {Kind.NO_OVERLOAD},
    "not-callable": {Kind.NOT_CALLABLE},
    "call-non-callable": {Kind.NOT_CALLABLE},
    "missing-attribute": {Kind.UNKNOWN_ATTRIBUTE},
    "unresolved-attribute": {Kind.UNKNOWN_ATTRIBUTE},
    "missing-union-attribute": {Kind.UNKNOWN_ATTRIBUTE},
    "incompatible-method-override": {Kind.OVERRIDE},
    "invalid-method-override": {Kind.OVERRIDE},
    "incompatible-attribute-override": {Kind.OVERRIDE},
    "invalid-attribute-override": {Kind.OVERRIDE},
    "lost-keyword-for-regular-parameter": {Kind.OVERRIDE},
    "invalid-assignment": {Kind.ASSIGNMENT},
    "invalid-explicit-return": {Kind.ASSIGNMENT},
    "invalid-return-type": {Kind.ASSIGNMENT},
    "invalid-yield": {Kind.ASSIGNMENT},
    "invalid-parameter-default": {Kind.ASSIGNMENT},
    "invalid-await": {Kind.PITFALL},
}
BLAMES = (
    r"^No overload of [a-z ]*`(?P<function>[\w.]+)`",
    # A callable as a whole does not fit what its arguments ask for; ty does not say why.
    r"^Argument to [a-z ]*`(?P<function>[\w.]+)` is incorrect: Expected `\(.* -> ",
)

REVEALED = re.compile(r"Revealed (?:type: `|protocol interface: `|MRO: )(.*?)`?", re.DOTALL)


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    return [
        "check",
        f"--project={sandbox.project}",
        f"--config-file={sandbox.folder / 'ty.toml'}",
        f"--python={sandbox.python}",
        f"--python-version={python_version}",
        *([f"--python-platform={sandbox.platform}"] if sandbox.platform else []),
        "--output-format=gitlab",
        "--no-progress",
        "--color=never",
    ]


def read(output: str) -> list[Diagnostic]:
    """Read the list of `ty check --output-format gitlab`. Raises `RunError` for anything else."""
    try:
        return [
            diagnostic(entry) for entry in from_json(output) if entry["check_name"] not in OF_OURS | BUILTIN
        ]
    except MALFORMED as error:
        raise RunError(f"printed what is not its JSON: {error}") from error


def diagnostic(entry: dict[str, Any]) -> Diagnostic:
    rule, location = entry["check_name"], entry["location"]
    message = entry["description"].removeprefix(f"{rule}: ")
    begin = location["positions"]["begin"]
    place = location["path"], begin["line"], begin.get("column", 0)
    revealed = REVEALED.fullmatch(message) if rule == "revealed-type" else None
    return say(place, rule, message, BY_RULE, (), blames=BLAMES, revealed=revealed and revealed[1])


def on_path(config: str, folders: Sequence[Path]) -> str:
    """Return a configuration by which imports start from `folders`, too."""
    # TOML has no pairs of surrogates, as JSON writes what is beyond the first 65,536 characters.
    paths = json.dumps([str(folder) for folder in folders], ensure_ascii=False)
    return f"{config}[environment]\nextra-paths = {paths}\n"


TY = Checker("ty", "checkers", {"ty.toml": CONFIG}, arguments, read, on_path)
