"""What a claim's comment says, by the grammar that typetests/README.md describes."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from bgtasks.claims.model import PLAIN, Accept, Expected, Gap, Reason, Reject, Revealed
from bgtasks.errors import BgtasksError
from bgtasks.model import Kind

# A further comment may follow behind white space, as a linter's often does.
CLAIM = re.compile(
    r"#\s*(?P<verb>OK\b|revealed:|E\?|E:|E\[(?P<tag>[^\]\s]+)\]:?|E(?=\s*$|\s+[!#]))"
    r"(?P<rest>.*?)(?:\s#\s.*)?$"
)
GAP = re.compile(r"(?:^|\s+)!(?P<checkers>[a-z+]+(?:,[a-z+]+)*)(?P<versions>[<>=!~][^\s]*)?(?=\s|$)")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
# mypy[arg-type,call-arg]"part of the message"
OWN = re.compile(
    r'(?P<checker>[a-z]+(?:\+[a-z]+)?)(?:\[(?P<rules>[\w, -]+)\])?(?P<words>"(?:[^"\\]|\\.)*")?(?=\s|$)'
)
SPELLING = re.compile(r'(?:^|(?<=\s))(?P<checker>[a-z]+(?:\+[a-z]+)?)(?P<words>"(?:[^"\\]|\\.)*")(?=\s|$)')
WORD = re.compile(r"[a-z-]+(?=[\s|]|$)")
OPEN = "?"


@dataclass(frozen=True, slots=True)
class Comment:
    """
    What a comment claims, `expected` None where that is still to be written.

    `text` is that part of it, from `column` on.
    """

    expected: Expected | None
    gaps: tuple[Gap, ...]
    column: int
    text: str


# A suite says the same thing again and again.
@lru_cache(4096)
def find_claim(comment: str) -> re.Match[str] | None:
    """Return where `comment` claims something, all masked that stands in quotes."""
    if '"' in comment:
        comment = QUOTED.sub(lambda quoted: f'"{"q" * (len(quoted[0]) - 2)}"', comment)
    return CLAIM.search(comment)


@lru_cache(4096)
def read_comment(comment: str, found: re.Match[str], checkers: frozenset[str]) -> Comment:
    """
    Read what `comment` claims where a claim was found in it.

    `checkers` are the names that may stand in it. Raises `BgtasksError` with what is wrong.
    """
    start, end = found.span("rest")
    marks = list(GAP.finditer(found.string, start, end))
    stop = marks[0].start() if marks else end
    ends = [*(mark.start() for mark in marks[1:]), end]
    gaps = tuple(
        gap
        for mark, after in zip(marks, ends, strict=False)
        for gap in read_gaps(
            mark["checkers"], mark["versions"] or "", comment[mark.end() : after].strip(), checkers
        )
    )
    text = comment[start:stop].strip()
    expected = read_expected(found["verb"], found["tag"] or "", text, checkers)
    column = found.start("verb")
    return Comment(expected, gaps, column, comment[column:stop].rstrip())


def read_expected(verb: str, tag: str, text: str, checkers: AbstractSet[str]) -> Expected | None:
    if verb in {"OK", "E?"}:
        if re.search(r"(?:^|\s)![a-z]", text):
            raise BgtasksError(f"unknown words behind {verb}: {text!r}; a gap is written '!checker link'")
        if verb == "E?" and find_own(text.removeprefix(":").lstrip()):
            return Reject(own=read_reasons(text.removeprefix(":").lstrip(), checkers)[1], optional=True)
        return Accept() if verb == "OK" else Reject(optional=True)
    if text == OPEN:
        return None
    if verb == "revealed:":
        return read_revealed(text, checkers)
    reasons, own = read_reasons(text, checkers)
    if verb.endswith(":") and not (reasons or own):
        raise BgtasksError("no kind behind E:; write one, or '# E' alone for any")
    return Reject(reasons, own, tag=tag.rstrip("+"), several=tag.endswith("+"))


def read_reasons(
    text: str, checkers: AbstractSet[str]
) -> tuple[tuple[Reason, ...], tuple[tuple[str, tuple[Reason, ...]], ...]]:
    """Read `kind | kind`, `"part of the message"` and what is said of single checkers."""
    common: list[Reason] = []
    own: dict[str, tuple[Reason, ...]] = {}
    rest = text
    while rest:
        if found := QUOTED.match(rest):
            common.append(Reason(words=unquote(found[0])))
        elif found := find_own(rest):
            require_known(found["checker"], checkers)
            rules = [rule.strip() for rule in (found["rules"] or "").split(",")]
            words = unquote(found["words"] or '""')
            said = own.get(found["checker"], ())
            own[found["checker"]] = (*said, *(Reason(None, rule, words) for rule in rules))
        elif found := WORD.match(rest):
            common.append(Reason(read_kind(found[0], text)))
        else:
            raise unknown(text)
        rest = rest[found.end() :].lstrip()
        if rest.startswith("|"):
            rest = rest[1:].lstrip() or "|"
        elif rest and not find_own(rest):
            raise unknown(text)
    return tuple(common), tuple(own.items())


def find_own(text: str) -> re.Match[str] | None:
    found = OWN.match(text)
    return found if found and (found["rules"] or found["words"]) else None


def read_kind(word: str, text: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise unknown(text) from None


def unknown(text: str) -> BgtasksError:
    kinds = ", ".join(kind.value for kind in Kind)
    return BgtasksError(
        f"unknown kind {text!r}; the kinds are {kinds}; "
        'others are written mypy[arg-type] or "part of the message"'
    )


def read_revealed(text: str, checkers: AbstractSet[str]) -> Revealed:
    """Read the spelling of a type, and those of single checkers behind it."""
    own = list(SPELLING.finditer(text))
    for found in own:
        require_known(found["checker"], checkers)
    spelled = text[: own[0].start()].strip() if own else text
    if not (spelled or own):
        raise BgtasksError("no type behind revealed:; have it written by bgtasks verify --update, for a ?")
    return Revealed(spelled, tuple((found["checker"], unquote(found["words"])) for found in own))


def unquote(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1])


def require_known(name: str, checkers: AbstractSet[str]) -> None:
    if name not in checkers:
        raise BgtasksError(f"unknown checker {name!r}; known are {', '.join(sorted(checkers))}")


def read_gaps(names: str, versions: str, reason: str, checkers: AbstractSet[str]) -> Iterator[Gap]:
    for name in names.split(","):
        if name not in checkers and name != PLAIN:
            known = ", ".join(sorted(checkers))
            raise BgtasksError(f"gap for an unknown checker {name!r}; known are {known}, and {PLAIN}")
        if versions and (name == PLAIN or name != names):
            raise BgtasksError(
                f"the gap for {names} has versions, {versions!r}, but of which checker; name that"
            )
        if not reason:
            raise BgtasksError(
                f"the gap for {names} has no link; write '!{names} owner/repo#123', or a reason"
            )
        if versions:
            require_readable(name, versions)
        yield Gap(name, versions, reason)


def require_readable(name: str, versions: str) -> None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few gaps have versions

    try:
        SpecifierSet(versions)
    except InvalidSpecifier:
        raise BgtasksError(
            f"the gap for {name} has unreadable versions {versions!r}; write '<1.12'"
        ) from None
