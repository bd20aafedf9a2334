"""What other people's type tests become."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Converted:
    """
    A test as cases: their text by the path that they get.

    `untold` says what it means that no claim can. `alone` are tests that are no part of a suite with
    others, as their files would be in each other's way; `apart` names what they need that is not here.
    `settings` are those of the suite that the test has to be in.
    """

    name: str
    files: dict[str, str]
    untold: tuple[str, ...] = ()
    alone: bool = False
    apart: str = ""
    settings: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(slots=True)
class Draft:
    """
    The text of a case, line by line, with claims to be put behind its lines.

    `untold` gets a line for what is expected of a line and no claim says.
    """

    lines: list[str]
    claims: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    untold: list[str] = field(default_factory=list[str])

    def claim(self, line: int, claim: str) -> None:
        """Claim something of a line, counted from 1; once is enough."""
        found = self.claims.setdefault(line, [])
        if claim not in found:
            found.append(claim)

    def text(self) -> str:
        """Return the text with its claims."""
        lines = list(self.lines)
        for line, claims in self.claims.items():
            if 0 < line <= len(lines):
                lines[line - 1] = f"{lines[line - 1].rstrip()}  # {join(claims)}"
        return "\n".join(lines).rstrip() + "\n"


def join(claims: list[str]) -> str:
    """Return several claims of a line as one: rejections by several reasons, or else what is revealed."""
    rejections = [claim.removeprefix("E: ") for claim in claims if claim.startswith("E") and claim != "E?"]
    if not rejections:
        return claims[-1]
    reasons = [reason for reason in rejections if reason != "E"]
    return f"E: {' '.join(reasons)}" if reasons else "E"
