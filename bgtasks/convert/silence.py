"""Tests that only have to be accepted: an OK says so, where nothing else is claimed."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from pathlib import Path, PurePosixPath

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case
from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError

CLAIMED = re.compile(r"#\s*(?:E|OK|revealed)\b|\bassert_type\(")
SIMPLE = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def claim_silence(files: MutableMapping[PurePosixPath, str]) -> None:
    """Claim a statement of each suite to be OK, if nothing is claimed in it; the rest has to be silent."""
    suites: defaultdict[tuple[str, ...], list[PurePosixPath]] = defaultdict(list)
    for place in files:
        if place.parts[0] != "apart":
            suites[place.parts[: 1 if place.parts[0] == "cases" else 2]].append(place)
    for places in suites.values():
        if not any(CLAIMED.search(files[place]) for place in places):
            found = ((place, accepted(files[place])) for place in places if place.suffix == ".py")
            place, text = next((pair for pair in found if pair[1]), (places[0], ""))
            files[place] = text or files[place]


def accepted(text: str) -> str:
    """Return a text with OK behind the first statement of which it says something, "" without one."""
    for candidate in candidates(text):
        try:
            read_case(Path("case.py"), Path("case.py"), candidate, frozenset(NAMES))
        except BgtasksError:
            continue
        return candidate
    return ""


def candidates(text: str) -> Iterator[str]:
    lines = text.split("\n")
    try:
        body = from_python(text).body
    except (SyntaxError, ValueError):
        return
    for node in body:
        line = lines[node.lineno - 1]
        if isinstance(node, SIMPLE) and node.lineno == node.end_lineno and "#" not in line:
            before, after = lines[: node.lineno - 1], lines[node.lineno :]
            yield "\n".join([*before, f"{line.rstrip()}  # OK", *after])
