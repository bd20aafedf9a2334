"""What mypy is expected to say, as its own tests and those of pytest-mypy-plugins write it."""

import re

from bgtasks.claims.ignores import read_ignores, silence
from bgtasks.claims.model import quote
from bgtasks.convert.model import Draft

# An error, a warning or a note that is expected of the line that it stands on; with an R, by a pattern.
EXPECTED = re.compile(
    r"\s*#\s*(?P<severity>[ENW])(?P<pattern>R?)(?::\d+)?:\s?(?P<message>.*?)"
    r"(?=\s+#\s*[ENW]R?(?::\d+)?:|\s*\\?$)"
)
# What a pattern says that is no plain text, once its escapes are gone.
PATTERN = re.compile(r"[][.*+?^$(){}|]")
ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
# The module of the program, which has the name of its case here.
MAIN = re.compile(r"(?<![\w.])(?:__main__|main)\.(?=[\w<])")
CODED = re.compile(r"(?P<message>.*?)(?:\s+\[(?P<code>[a-z-]+)\])?\s*")
REVEALED = re.compile(r'Revealed type is ["\'](?P<type>.*)["\']')
# main:3: error: "int" has no attribute "lower"  [attr-defined]
OUTPUT = re.compile(
    r"(?P<file>[^:]+):(?P<line>\d+)(?::\d+)?: (?P<severity>error|note|warning): (?P<message>.*)"
)
SEVERITIES = {"E": "error", "W": "warning", "N": "note"}


def read_comments(text: str, *, pattern: bool = False) -> Draft:
    """
    Return a draft of `text` without what it expects of mypy, and that as claims.

    With `pattern` all that is expected is a regular expression.
    """
    draft = Draft([])
    bound = 0
    for number, written in enumerate(text.split("\n"), 1):
        # What is ignored may be said.
        line = silence(written)
        if line != written and read_ignores(written):
            draft.claim(number, "E?")
        first = EXPECTED.search(line)
        if first is None:
            draft.lines.append(line)
            continue
        code = line[: first.start()].rstrip()
        # A line of its own carries on what is expected of the line before.
        bound = number if code.strip() else bound or number
        draft.lines.append(code)
        for found in EXPECTED.finditer(line, first.start()):
            expect(
                draft,
                bound,
                SEVERITIES[found["severity"]],
                found["message"].removesuffix("\\"),
                pattern=pattern or bool(found["pattern"]),
            )
    return draft


def expect(draft: Draft, line: int, severity: str, message: str, *, pattern: bool = False) -> None:
    """
    Have a draft claim that mypy says `message` of a line; of a note, only what is revealed.

    Of a `pattern` only what is plain text is claimed, or else the code.
    """
    plain = unescape(message) if pattern else message
    if severity == "note":
        if plain is not None and (found := REVEALED.fullmatch(plain.strip())):
            draft.claim(line, f"revealed: mypy{quote(MAIN.sub('', found['type']))}")
        else:
            draft.untold.append(f"the note {message.strip()!r}")
        return
    # The code at the end of a pattern is plain, even where its message is not.
    match = CODED.fullmatch((ESCAPED.sub(r"\1", message) if plain is None else plain).strip())
    assert match is not None
    if plain is None:
        draft.untold.append(f"the pattern {message.strip()!r}, but for its code")
    code = f"[{match['code']}]" if match["code"] else ""
    said = quote(max(MAIN.split(match["message"]), key=len)) if plain is not None and match["message"] else ""
    draft.claim(line, f"E: mypy{code}{said}" if code or said else "E")


def unescape(pattern: str) -> str | None:
    """Return the text that a regular expression means, None where it means several."""
    return None if PATTERN.search(ESCAPED.sub("", pattern)) else ESCAPED.sub(r"\1", pattern)


def read_output(drafts: dict[str, Draft], output: str, untold: list[str], *, pattern: bool = False) -> None:
    """Have the drafts claim what mypy is expected to print; `untold` gets a line for what none can."""
    for line in output.splitlines():
        if not line.strip():
            continue
        found = OUTPUT.fullmatch(line.strip())
        draft = drafts.get(found["file"].removesuffix(".py")) if found else None
        if found and draft:
            expect(draft, int(found["line"]), found["severity"], found["message"], pattern=pattern)
        else:
            untold.append(f"the note {line.strip()!r}, which is of no line")
