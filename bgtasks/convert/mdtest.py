"""ty's suites in Markdown (mdtest): a section is a test, its blocks are files, comments say what ty says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bgtasks.claims.grammar import find_claim
from bgtasks.claims.ignores import IGNORE
from bgtasks.claims.model import quote
from bgtasks.claims.snippets import Snippet, find_snippets, is_python, slug
from bgtasks.convert.model import Converted, Draft
from bgtasks.convert.options import read_toml
from bgtasks.documents import from_python

# # error: 8 [invalid-assignment] "Object of type"
ASSERTION = re.compile(
    r"#\s*(?:error:\s*(?:\d+\s*)?(?:\[(?P<rule>[\w-]+)\])?\s*(?P<words>\".*?\"(?=\s*(?:#|$))|`[^`]*`)?"
    r"|snapshot(?::\s*(?P<shown>[\w-]+))?(?=\s*(?:#|$))|revealed:\s*(?P<type>.+?))"
    r"\s*(?=\s#|$)"
)
# `file.py`:
NAMED = re.compile(r"`(?P<path>[\w./-]+)`:\s*$")


def read_mdtest(text: str) -> Iterator[Converted]:
    """Yield the tests of a document."""
    sections: dict[tuple[str, ...], list[Snippet]] = {}
    options: dict[tuple[str, ...], str] = {}
    for snippet in find_snippets(text):
        if is_python(snippet) or snippet.language == "pyi":
            sections.setdefault(snippet.section, []).append(snippet)
        elif snippet.language == "toml":
            options[snippet.section] = snippet.source
    names: set[str] = set()
    for section, snippets in sections.items():
        name = slug("_".join(section))
        while name in names:
            name += "_"
        names.add(name)
        untold: list[str] = []
        settings: Mapping[str, object] = {}
        # The options of a section are those of all in it, but for one that has its own.
        for depth in range(len(section) + 1):
            if section[:depth] in options:
                settings = read_toml(options[section[:depth]], untold)
        yield replace(read_section(name, snippets, untold), settings=settings)


def read_section(name: str, snippets: list[Snippet], untold: list[str]) -> Converted:
    files: dict[str, list[str]] = {}
    for snippet in snippets:
        found = NAMED.search(snippet.before)
        path = (
            found["path"].lstrip("/") if found else f"{name}.{'pyi' if snippet.language == 'pyi' else 'py'}"
        )
        files.setdefault(path, []).extend(snippet.source.rstrip("\n").split("\n"))
    texts = {path: read_assertions("\n".join(lines), untold) for path, lines in files.items()}
    obstacles = [obstacle for obstacle in map(find_obstacle, texts.values()) if obstacle]
    return Converted(
        name,
        texts,
        tuple(untold),
        alone=len(texts) > 1 or f"{name}.py" not in texts,
        apart=", ".join(dict.fromkeys(obstacles)),
    )


def find_obstacle(text: str) -> str:
    """Return what keeps a text from being a case, "" where nothing does."""
    if IGNORE.search(text):
        return "comments that ignore, obeyed"
    try:
        from_python(text)
    except (SyntaxError, ValueError):
        return "what is no Python"
    return ""


def read_assertions(text: str, untold: list[str]) -> str:
    """
    Return `text` with its assertions as claims; one on a line of its own is for the next line of code.

    `untold` gets a line for each type that is revealed beside an error.
    """
    draft = Draft([])
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        first = ASSERTION.search(line)
        code = line[: first.start()].rstrip() if first else line
        claims = [claim_of(found) for found in ASSERTION.finditer(line)] if first else []
        draft.lines.append(code)
        if find_claim(code):
            draft.lines[-1] = re.sub(r"#\s*(OK|E|revealed)\b", r"# (\1)", code)
        if first and not code.strip():
            waiting += claims
            continue
        if code.strip() and not code.lstrip().startswith("#"):
            claims = waiting + claims
            waiting = []
        for claim in claims:
            draft.claim(number, claim)
        if len({claim[0] for claim in claims}) > 1:
            untold += [f"the type {claim!r}, beside an error" for claim in claims if claim[0] == "r"]
    return draft.text()


def claim_of(found: re.Match[str]) -> str:
    if found["type"]:
        return f"revealed: ty{quote(found['type'].strip())}"
    named = found["rule"] or found["shown"]
    rule = f"[{named}]" if named else ""
    words = quote(found["words"][1:-1]) if found["words"] else ""
    return f"E: ty{rule}{words}" if rule or words else "E"
