"""Python files as they stand: typing's conformance tests, and tests whose ignore comments are claims."""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import suppress

from bgtasks.checkers import NAMES
from bgtasks.claims.comments import find_remarks
from bgtasks.claims.grammar import find_claim
from bgtasks.claims.ignores import IGNORE, read_ignores, silence
from bgtasks.claims.model import Reject
from bgtasks.claims.slips import find_slip
from bgtasks.convert.inline import hides_all, read_options
from bgtasks.convert.model import Converted

# With an explanation behind a colon, which is for people.
CONFORMANCE = re.compile(r"#\s*(?P<claim>E\?|E(?:\[[^\]]*\])?)(?::.*|\s.*|)$")
CHECKERS = frozenset(NAMES)
# What may stand before the first line of code.
BEFORE = {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}
ACCEPTED = re.compile(r"#\s*OK\b")


def read_python(path: str, text: str) -> Iterator[Converted]:
    """Yield a file as a test: what is said behind `# E:` is for people, and what is ignored is claimed."""
    lines = text.split("\n")
    untold: list[str] = []
    settings: dict[str, dict[str, object]] = {}
    apart = ""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, tokenize.TokenError) as error:
        tokens = []
        untold.append(f"anything, since it is not Python: {error}")
    begins = next((token.start[0] for token in tokens if token.type not in BEFORE), 0)
    # Where errors are claimed, what is ignored is of no account.
    conforms = any(CONFORMANCE.search(token.string) for token in tokens if token.type == tokenize.COMMENT)
    for token in tokens:
        if token.type == tokenize.STRING and IGNORE.search(token.string):
            first, last = token.start[0], token.end[0]
            lines[first - 1 : last] = [silence(line) for line in lines[first - 1 : last]]
    for comment in tokens:
        if comment.type != tokenize.COMMENT:
            continue
        line, column = comment.start
        new = convert(comment.string, alone=not comment.line[:column].strip(), conforms=conforms)
        if new != comment.string:
            before = lines[line - 1][:column]
            lines[line - 1] = f"{before}{new}".rstrip()
        if IGNORE.search(comment.string):
            why, found, left = read_rest(comment, first=line < begins)
            apart = apart or why
            settings |= {name: settings.get(name, {}) | table for name, table in found.items()}
            untold += [left] * bool(left)
    yield Converted(path, {path: "\n".join(lines)}, tuple(untold), apart=apart, settings=settings)


def read_rest(
    comment: tokenize.TokenInfo, *, first: bool
) -> tuple[str, Mapping[str, dict[str, object]], str]:
    """Return what a comment means besides: what sets its file apart, settings, or what no claim says."""
    said = f"the comment {comment.string!r} in line {comment.start[0]}"
    if hides_all(comment.string, first=first):
        return f"{said}, obeyed", {}, ""
    if read_ignores(comment.string) is None:
        found = read_options(comment.string)
        return "", found, "" if found else said
    alone = not comment.line[: comment.start[1]].strip()
    return "", {}, f"{said}, which stands behind no code" if alone else ""


def convert(comment: str, *, alone: bool, conforms: bool) -> str:
    """Return a comment with what it claims in our words."""
    if found := CONFORMANCE.search(comment):
        return f"{silence(comment[: found.start()])}# {found['claim']}"
    ignored = None if alone else read_ignores(comment)
    if ignored:
        return "# E?" if conforms else f"# {spell(ignored)}"
    comment = silence(comment)
    if ACCEPTED.search(comment) or find_claim(comment):
        return re.sub(r"#\s*(OK|E|revealed)\b", r"# (\1)", comment)
    return comment


def spell(ignored: Reject) -> str:
    """Return what is ignored as a claim."""
    named = [
        f"{checker}[{', '.join(reason.rule for reason in reasons)}]"
        for checker, reasons in ignored.own
        if reasons
    ]
    head = "E?" if ignored.optional else "E"
    return f"{head}: {' '.join(named)}" if named else head


def set_slips_apart(text: str) -> str:
    """Return `text` with brackets around each comment that would be taken for a claim with a slip in it."""
    lines = text.split("\n")
    with suppress(SyntaxError, tokenize.TokenError):  # no Python, so nobody reads its claims
        for comment in find_remarks(text):
            if not comment.alone and not find_claim(comment.text) and find_slip(comment.text, CHECKERS):
                before = lines[comment.line - 1][: comment.column]
                lines[comment.line - 1] = f"{before}# ({comment.text.lstrip('# ')})"
    return "\n".join(lines)
