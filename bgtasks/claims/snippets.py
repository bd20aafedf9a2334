"""The Python in a Markdown document: fenced blocks, those of a section together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PYTHON = {"python", "py", "python3"}
# As in "python{1,2}" and "{.python}", where lines are to stand out.
LANGUAGE = re.compile(r"[\s{.]*([\w-]+)")
SKIP = re.compile(r"<!--\s*bgtasks:\s*skip\s*-->")


@dataclass(frozen=True, slots=True)
class Snippet:
    """
    A fenced block: its first line, counted from 1, its language and its text.

    `section` is the heading that it stands under, with those above, and `before` the text between it
    and the block before.
    """

    section: tuple[str, ...]
    line: int
    language: str
    source: str
    before: str


def find_snippets(text: str) -> Iterator[Snippet]:
    """Yield the fenced blocks of a document, but for those behind `<!-- bgtasks: skip -->`."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - most suites are not documents

    headings: list[str] = []
    before: list[str] = []
    tokens = MarkdownIt("commonmark").parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            headings = [*headings[: int(token.tag[1]) - 1], following.content]
            before = []
        elif token.type in {"inline", "html_block"}:
            before.append(token.content)
        elif token.type == "fence" and token.map:
            if not (before and SKIP.search(before[-1])):
                language = LANGUAGE.match(token.info.lower())
                yield Snippet(
                    tuple(headings),
                    token.map[0] + 2,
                    language[1] if language else "",
                    token.content,
                    "\n".join(before),
                )
            before = []


def is_python(snippet: Snippet) -> bool:
    return snippet.language in PYTHON


def join_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each section with Python in it, by a name that is one of a module, every line where it is."""
    sections: dict[tuple[str, ...], list[str]] = {}
    for snippet in find_snippets(text):
        if is_python(snippet):
            lines = sections.setdefault(snippet.section, [])
            lines += [""] * (snippet.line - 1 - len(lines))
            lines += snippet.source.rstrip("\n").split("\n")
    names: set[str] = set()
    for section, lines in sections.items():
        name = slug(section[-1] if section else "top")
        while name in names:
            name += "_"
        names.add(name)
        yield name, "\n".join(lines) + "\n"


def slug(heading: str) -> str:
    """Return a heading as the name of a module."""
    return "_".join(re.findall(r"[a-z0-9]+", heading.lower())) or "section"
