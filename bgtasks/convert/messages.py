"""What mypy is expected to say, as its own tests and those of pytest-mypy-plugins write it."""

import re

from bgtasks.claims.model import quote
from bgtasks.convert.model import Draft

# An error, a warning or a note that is expected of the line that it stands on.
EXPECTED = re.compile(
    r"\s*#\s*(?P<severity>[ENW])(?::\d+)?:\s?(?P<message>.*?)(?=\s+#\s*[ENW](?::\d+)?:|\s*\\?$)"
)
CODED = re.compile(r"(?P<message>.*?)(?:\s+\[(?P<code>[a-z-]+)\])?\s*")
REVEALED = re.compile(r'Revealed type is ["\'](?P<type>.*)["\']')
# main:3: error: "int" has no attribute "lower"  [attr-defined]
OUTPUT = re.compile(
    r"(?P<file>[^:]+):(?P<line>\d+)(?::\d+)?: (?P<severity>error|note|warning): (?P<message>.*)"
)
SEVERITIES = {"E": "error", "W": "warning", "N": "note"}


def read_comments(text: str) -> Draft:
    """Return a draft of `text` without what it expects of mypy, and that as claims."""
    draft = Draft([])
    bound = 0
    for number, line in enumerate(text.split("\n"), 1):
        first = EXPECTED.search(line)
        if first is None:
            draft.lines.append(line)
            continue
        code = line[: first.start()].rstrip()
        # A line of its own carries on what is expected of the line before.
        bound = number if code.strip() else bound or number
        draft.lines.append(code)
        for found in EXPECTED.finditer(line, first.start()):
            expect(draft, bound, SEVERITIES[found["severity"]], found["message"].removesuffix("\\"))
    return draft


def expect(draft: Draft, line: int, severity: str, message: str, *, words: bool = True) -> None:
    """Have a draft claim that mypy says `message` of a line; of a note, only what is revealed."""
    if severity == "note":
        if found := REVEALED.fullmatch(message.strip()):
            draft.claim(line, f"revealed: mypy{quote(found['type'])}")
        return
    match = CODED.fullmatch(message.strip())
    assert match is not None
    code = f"[{match['code']}]" if match["code"] else ""
    said = quote(match["message"]) if words and match["message"] else ""
    draft.claim(line, f"E: mypy{code}{said}" if code or said else "E")


def read_output(drafts: dict[str, Draft], output: str, untold: list[str], *, words: bool = True) -> None:
    """Have the drafts claim what mypy is expected to print; `untold` gets a line for what none can."""
    for line in output.splitlines():
        if not line.strip():
            continue
        found = OUTPUT.fullmatch(line.strip())
        draft = drafts.get(found["file"].removesuffix(".py")) if found else None
        if found and draft:
            expect(draft, int(found["line"]), found["severity"], found["message"], words=words)
        else:
            untold.append(f"that mypy prints {line.strip()!r}")
