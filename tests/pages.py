"""The pages that people read: the blocks of code in them, and the commands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from places import ROOT

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / folder / "README.md" for folder in ("benchmarks", "stubs", "typetests")),
    )
)
PROGRAMS = ("bgtasks", "eval", "nox", "pip", "pytest", "python", "python3", "uvx")
SHELL = {"sh", "console"}


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """One command, in a block or between backticks, and the words of it."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line} {self.text}"

    @property
    def words(self) -> list[str]:
        """The words that a shell makes of it."""
        return shlex.split(self.text, comments=True)


def tokens(page: str) -> list[Token]:
    return MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8"))


def blocks(*pages: str) -> Iterator[Block]:
    """Yield every block of code, page by page."""
    for page in pages or PAGES:
        for token in tokens(page):
            if token.type in {"fence", "code_block"}:
                yield Block(page, (token.map or [0])[0] + 1, token.info.strip(), token.content)


def commands(*pages: str) -> Iterator[Command]:
    """Yield every command; what `&&` joins are several, and a `cd` is none."""
    for block in blocks(*pages):
        if block.language in SHELL:
            lines = block.text.splitlines()
            typed = [line.removeprefix("$ ") for line in lines if block.language == "sh" or line[:2] == "$ "]
            for line in typed:
                for part in line.split(" && "):
                    if part.startswith("cd "):
                        continue
                    yield Command(block.page, block.line, re.sub(r"\s+# .*", "", part).strip())
    for span in spans(*pages):
        if span.text.split(" ")[0] in PROGRAMS and " " in span.text:
            yield span


def spans(*pages: str) -> Iterator[Command]:
    """Yield all that stands between backticks, page by page."""
    for page in pages or PAGES:
        for token in tokens(page):
            for child in token.children or ():
                if child.type == "code_inline":
                    yield Command(page, (token.map or [0])[0] + 1, " ".join(child.content.split()))
