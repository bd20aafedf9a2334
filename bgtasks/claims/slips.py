"""Comments that are nearly a claim, which would otherwise be passed over in silence."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from bgtasks.claims.grammar import GAP, QUOTED, find_own
from bgtasks.claims.model import PLAIN, REVEALED
from bgtasks.model import Kind

KINDS = [kind.value for kind in Kind]
# So like one another are a word and what it was meant to be.
CLOSE = 0.8
# A comment may stand behind another, such as a linter's.
PART = re.compile(r"(?:^|\s)#+\s*(.*?)\s*(?=\s#\s|$)")
# Of 82,000 comments behind code, in libraries and in type tests, these find none that is prose, such as
# "Error handling comes later", "E.g. this", "E is mc²" or "error: see #12".
ACCEPT = re.compile(r"ok(?:ay)?\s*([:;].*)?", re.IGNORECASE)
REVEAL = re.compile(r"(?P<verb>[a-z]+)(?:\s*[:=]\s*(?P<type>.*)|\s+(?P<word>(?!type$)\S+))", re.IGNORECASE)
REJECT = re.compile(r"(?P<verb>errors?|err|e{1,2})(?!\w)(?P<mark>[\s:;,.-]*)(?P<rest>.*)", re.IGNORECASE)
SHORT = 2
OPTION = re.compile(r"(?:\?|\[[^\]\s]+\])(?:\s*:.*)?")
WORD = re.compile(r"[a-z-]+(?:\s*\|\s*[a-z-]+)*|\?")
RULE = re.compile(r"\[[\w-]+\](?: \".*\")?")
FIRST = re.compile(r"[a-z]+-[a-z-]+")
# As in another suite's grammar, or with no verb.
KIND = re.compile(r"(?:\w+\s*[:;=,.-]+)?\s*(?P<kinds>[a-z]+-[a-z-]+(?:\s*[|,]\s*[a-z-]+)*)")


@lru_cache(4096)
def find_slip(comment: str, checkers: AbstractSet[str]) -> tuple[str, str] | None:
    """Return what of a comment that claims nothing is nearly a claim, and what it should be."""
    for part in PART.findall(comment):
        marks = (mark for mark in GAP.finditer(part) if {*mark["checkers"].split(",")} <= {*checkers, PLAIN})
        end = next((mark.start() for mark in marks), len(part))
        claim = mend(part[:end].rstrip(), checkers) or ("E: kind" if end < len(part) else "")
        if claim:
            return f"# {part}", f"# {claim}  {part[end:].strip()}".rstrip()
    return None


def mend(said: str, checkers: AbstractSet[str]) -> str:
    """Return the claim that was meant by what was said, "" where none was."""
    if found := ACCEPT.fullmatch(said):
        return f"OK{found[1] or ''}"
    if (found := REVEAL.fullmatch(said)) and is_reveal(found["verb"]):
        return f"{REVEALED}: {found['type'] or found['word'] or '?'}"
    reasons = read_kinds(found["kinds"], 1) if (found := KIND.fullmatch(said)) else ""
    if found := REJECT.fullmatch(said):
        verb, mark, rest = found.groups()
        short = len(verb) <= SHORT
        if not rest or (short and not mark.strip() and OPTION.fullmatch(rest)):
            return f"E{rest}"
        reasons = reasons or read_reasons(rest, checkers, short=short)
        if short and not reasons:
            plain = (WORD if mark.strip() else QUOTED).fullmatch(rest) or (verb == "E" and ":" in mark)
            reasons = rest if plain else ""
    return f"E: {reasons}" if reasons else ""


def read_reasons(text: str, checkers: AbstractSet[str], *, short: bool) -> str:
    """Return what is clearly a reason to reject; behind a `short` verb a kind may have blanks in it."""
    if kinds := read_kinds(re.sub(r"[\s_]+(?=\w)", "-", text) if short else text, CLOSE):
        return kinds
    if (first := FIRST.match(text)) and first[0] in KINDS:
        return first[0]
    if RULE.fullmatch(text):  # as in ty's own suites
        return f"ty{''.join(text.split(' ', 1))}"
    own = find_own(text)
    return text if own and own["checker"] in checkers else ""


def is_reveal(verb: str) -> bool:
    said = verb.lower()
    return said.startswith("reveal") or (said.startswith("rev") and find_close(said, [REVEALED], CLOSE) != "")


def read_kinds(text: str, like: float) -> str:
    """Return the kinds that are written in `text`, or that its words are `like`, "" where one is none."""
    kinds = [find_close(word.strip(" -"), KINDS, like) for word in re.split(r"[|,]", text.lower())]
    return " | ".join(kinds) if all(kinds) else ""


def find_close(word: str, words: Sequence[str], like: float) -> str:
    """Return that of `words` which a word is most `like`, "" where there is none; prose has blanks."""
    from difflib import get_close_matches  # noqa: PLC0415 - most suites have no such word

    return "" if " " in word else "".join(get_close_matches(word, words, 1, like))
