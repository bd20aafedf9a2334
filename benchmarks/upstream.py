"""
What checkers lack, as the type tests mark it.

Prints the tables of docs/upstream.md. A gap whose reason is an issue stands in the
first, all others in the second.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "typetests", ROOT / "stubs" / "typetests")
ISSUE = re.compile(r"([\w-]+/[\w-]+)#(\d+)")


@dataclass(frozen=True, slots=True)
class Lack:
    """A reason for gaps: the checkers that have it, in how many claims, and where the first stands."""

    reason: str
    checkers: tuple[str, ...]
    claims: int
    place: str


def find_lacks() -> list[Lack]:
    """Return the reasons of all gaps that are marked, the one with the most claims first."""
    checkers: dict[str, set[str]] = {}
    places: dict[str, set[tuple[str, int]]] = {}
    for folder in FOLDERS:
        for path in sorted(folder.glob("*.py")):
            case = read_case(path, path, path.read_text(encoding="utf-8"), frozenset(NAMES))
            for claim in case.claims:
                for gap in claim.gaps:
                    checkers.setdefault(gap.reason, set()).add(gap.checker)
                    place = (case.path.relative_to(ROOT).as_posix(), claim.line)
                    places.setdefault(gap.reason, set()).add(place)
    lacks = [
        Lack(reason, tuple(sorted(checkers[reason])), len(found), ":".join(map(str, min(found))))
        for reason, found in places.items()
    ]
    return sorted(lacks, key=lambda lack: (-lack.claims, lack.reason))


def rows(lacks: list[Lack], first: str) -> Iterator[str]:
    yield f"| {first} | checkers | claims | the first of them |"
    yield "|---|---|--:|---|"
    for lack in lacks:
        issue = ISSUE.fullmatch(lack.reason)
        reason = f"[{lack.reason}](https://github.com/{issue[1]}/issues/{issue[2]})" if issue else lack.reason
        yield f"| {reason} | {', '.join(lack.checkers)} | {lack.claims} | `{lack.place}` |"


def tables() -> tuple[str, str]:
    """Return both tables, in Markdown."""
    lacks = find_lacks()
    filed = [lack for lack in lacks if ISSUE.fullmatch(lack.reason)]
    others = [lack for lack in lacks if lack not in filed]
    return "\n".join(rows(filed, "issue")), "\n".join(rows(others, "what it does"))


if __name__ == "__main__":
    print("\n\n".join(tables()))
