"""Options that a comment sets for its file, as the settings of a suite."""

import re
from collections.abc import Mapping

from bgtasks.convert.options import boolean

# # pyright: strict, reportDeprecated=true
PYRIGHT = re.compile(r"#\s*pyright:\s*(?P<options>[\w=, ]+)")
MODES = {"strict", "standard", "basic"}
# # mypy: disallow-any-generics, disable-error-code="misc, type-arg"
MYPY = re.compile(r"#\s*mypy:\s*(?P<options>.+)")
WORD = re.compile(r'(?:[^,"]|"[^"]*")+')
LISTS = {"disable_error_code", "enable_error_code", "always_true", "always_false"}
# Before all code it is for all of a file.
IGNORED = re.compile(r"#\s*type:\s*ignore\b.*")
ERRORS = re.compile(r"#\s*mypy:.*\bignore[-_]errors\b(?!\s*=\s*[Ff]alse)")


def hides_all(comment: str, *, first: bool) -> bool:
    """Tell whether a comment has a checker ignore all of its file; `first` is one before all code."""
    return ERRORS.search(comment) is not None or (first and IGNORED.fullmatch(comment) is not None)


def read_options(comment: str) -> Mapping[str, dict[str, object]]:
    """Return what a comment sets for its file, by checker; nothing where it says something else besides."""
    comment = comment.strip()
    if found := PYRIGHT.fullmatch(comment):
        table = read_pyright(found["options"])
        return {"pyright": table} if table else {}
    if found := MYPY.fullmatch(comment):
        table = read_mypy(found["options"])
        return {"mypy": table} if table else {}
    return {}


def read_pyright(options: str) -> dict[str, object]:
    table: dict[str, object] = {}
    for word in options.split(","):
        name, _, value = (part.strip() for part in word.partition("="))
        if name in MODES and not value:
            table["typeCheckingMode"] = name
        elif name.startswith("report") and value:
            table[name] = boolean(value)
        else:
            return {}
    return table


def read_mypy(options: str) -> dict[str, object]:
    table: dict[str, object] = {}
    for word in WORD.findall(options):
        name, given, value = (part.strip() for part in word.partition("="))
        if not re.fullmatch(r"[\w-]+", name):
            return {}
        name, value = name.replace("-", "_"), value.strip('"')
        listed = [one.strip() for one in value.split(",")] if name in LISTS else boolean(value)
        table[name] = listed if given else True
    return table
