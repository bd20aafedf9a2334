"""What the oracle says of a claim: decided, undecidable and why, or contradicted."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .notes import FOR_CHECKERS, NONE, NOT_EXECUTED, NOT_REACHED, NOT_RUN, SHAPELESS, STOPPED
from .rewrite import REJECTED

if TYPE_CHECKING:
    from .hearing import Heard, Hearing
    from .rewrite import Claim

SHAPES = frozenset(
    {
        "missing-argument",
        "too-many-positional",
        "unknown-keyword",
        "multiple-values",
        "positional-only-as-keyword",
        "not-callable",
    }
)


def conclude(hearing: "Hearing", *, stopped: bool = False) -> list[dict[str, Any]]:
    """Return a verdict for each claim of a hearing, in the order of their lines."""
    return [
        {"line": line, **verdict(hearing, claim, hearing.heard[line], stopped=stopped)}
        for line, claim in sorted(hearing.claims.items())
    ]


def verdict(hearing: "Hearing", claim: "Claim", heard: "Heard", *, stopped: bool) -> dict[str, Any]:
    if not (heard.passed or heard.failures):
        missed = NOT_REACHED if claim.line in hearing.held else NOT_EXECUTED
        return answer("undecidable", STOPPED if stopped else missed)
    if claim.kind is None:
        return accept(hearing, claim, heard)
    if heard.failures:
        return answer("decided", firm=True)
    if claim.kind == REJECTED:
        return answer("undecidable", FOR_CHECKERS)
    if why := excuse(claim.kind, heard.notes):
        return answer("undecidable", why)
    return answer("contradicted", f"Python accepts it, and {claim.kind} is claimed")


def accept(hearing: "Hearing", claim: "Claim", heard: "Heard") -> dict[str, Any]:
    if not heard.failures:
        return answer("decided", firm=excuse("missing-argument", heard.notes) is None)
    kind, text = heard.failures[0]
    if kind == "argument-type" and uses_any(hearing, claim):
        return answer("undecidable", "Any")
    return answer("contradicted", f"Python refuses it, {kind}: {text}")


def answer(decision: str, why: str = "", *, firm: bool = False) -> dict[str, Any]:
    return {"verdict": decision, "why": why, "firm": firm}


def excuse(kind: str, notes: Iterable[str]) -> str | None:
    """Return what Python erases of that on which a claim of this kind rests."""
    if kind in SHAPES:
        return next((note for note in notes if note in SHAPELESS), None)
    if kind == "pitfall":
        return next((note for note in notes if note in {NOT_RUN, NONE}), None)
    return next((note for note in notes if note not in {NOT_RUN, NONE}), None)


def uses_any(hearing: "Hearing", claim: "Claim") -> bool:
    """Tell whether a claimed statement names what is declared as Any, which fits everything."""
    anything = {name for name, hint in hearing.declarations.items() if hint is Any}
    lines = hearing.source.split("\n")[claim.first - 1 : claim.last]
    return any(name in anything for name in re.findall(r"\w+", "\n".join(lines)))
