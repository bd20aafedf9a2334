"""mypy's own test data: `[case name]`, a program with `# E:` and `# N:` behind its lines, and sections."""

import re
from collections.abc import Iterator

from bgtasks.convert.messages import read_comments, read_output
from bgtasks.convert.model import Converted, Draft
from bgtasks.convert.options import read_flags

SECTION = re.compile(r"\[(?P<name>[a-z_0-9]+)(?:\s+(?P<argument>.*?))?\]\s*")
CASE = re.compile(r"\[case (?P<name>[^\]]+)\]\s*")
FIXTURES = {"builtins", "typing", "_typeshed"}
# A line that ends in a backslash goes on in the next.
FLAGS = re.compile(r"^# flags: ((?:.*\\\n)*.*)$", re.MULTILINE)


def read_mypy_data(text: str) -> Iterator[Converted]:
    """Yield the tests of a file; those that need mypy's fixtures are told apart."""
    parts = re.split(r"^(\[case [^\]]+\])\s*$", text, flags=re.MULTILINE)
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        found = CASE.fullmatch(head)
        if found:
            yield read_case(found["name"], body.removeprefix("\n"))


def read_case(title: str, body: str) -> Converted:
    name, _, marks = title.partition("-")
    name = re.sub(r"\W", "_", name)
    untold = [f"the mark {mark!r}" for mark in marks.split("-") if mark]
    main, sections = split(body)
    settings = read_flags(" ".join(FLAGS.findall(main)).replace("\\\n", " "), untold)
    main = FLAGS.sub(lambda found: "\n" * found[0].count("\n"), main)
    drafts: dict[str, Draft] = {"main": read_comments(main)}
    others: dict[str, str] = {}
    fixtures: list[str] = []
    for section, argument, content in sections:
        if section == "file":
            module = argument.removesuffix(".py").replace("/", ".")
            if argument.endswith(".py"):
                drafts[module] = read_comments(content)
            others[argument] = content
        elif section == "out":
            read_output(drafts, content, untold)
        elif section in FIXTURES:
            fixtures.append(argument)
        else:
            untold.append(f"the section [{section} {argument}]".replace(" ]", "]"))
    untold += [line for draft in drafts.values() for line in draft.untold]
    if not others:
        return Converted(
            name,
            {f"{name}.py": drafts["main"].text()},
            tuple(untold),
            apart=", ".join(fixtures),
            settings=settings,
        )
    files = {f"{name}.py": drafts["main"].text()}
    for path, content in others.items():
        draft = drafts.get(path.removesuffix(".py").replace("/", "."))
        files[path] = draft.text() if draft and path.endswith(".py") else content
    return Converted(
        name, files, tuple(untold), alone=bool(others), apart=", ".join(fixtures), settings=settings
    )


def split(body: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the program, and each section behind it with its argument."""
    main: list[str] = []
    sections: list[tuple[str, str, list[str]]] = []
    for line in body.split("\n"):
        found = SECTION.fullmatch(line)
        if found:
            sections.append((found["name"], found["argument"] or "", []))
        elif sections:
            sections[-1][2].append(line.removeprefix("\\") if line.startswith("\\[") else line)
        else:
            main.append(line.removeprefix("\\") if line.startswith("\\[") else line)
    return "\n".join(main), [(name, argument, "\n".join(lines)) for name, argument, lines in sections]
