"""What a project asks for: requirements files, pyproject.toml, Pipfile and setup.cfg."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as IniError
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bgtasks.documents import from_toml

Table: TypeAlias = Mapping[str, Any]

# https://pip.pypa.io/en/stable/reference/requirements-file-format/
LONGEST = 2_000
CONTINUED = re.compile(r"\\\r?\n")
COMMENT = re.compile(r"(^|\s)#.*$")
INCLUDED = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s*)(?P<file>\S+)")
OPTIONS = re.compile(r"\s+--?[a-zA-Z].*$")
SEPARATOR = re.compile(r",|(?<=[0-9*])\s+(?=[<>=!~^])")
# https://python-poetry.org/docs/dependency-specification/
POETRY = re.compile(r"(?P<sign>\^|~(?!=)|)\s*(?P<version>[0-9][0-9a-zA-Z.*+!-]*)")


def read_requirements(content: bytes) -> tuple[list[Requirement], list[str]]:
    """Return what a requirements or constraints file has, and the files that it includes."""
    requirements: list[Requirement] = []
    included: list[str] = []
    # As pip does: UTF-8 but for a byte order mark, which an editor or a shell of Windows writes.
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    for raw in CONTINUED.sub(" ", text).splitlines():
        line = COMMENT.sub("", raw).strip()
        if match := INCLUDED.match(line):
            included.append(match["file"])
        elif not line.startswith("-"):
            requirements += parse(OPTIONS.sub("", line))
    return requirements, included


def read_pyproject(content: bytes) -> Iterator[Requirement]:
    """
    Yield what a pyproject.toml asks for.

    Of what its extras and groups ask for, only that which the project itself does not name.
    """
    document = from_toml(content)
    project, tool = table(document, "project"), table(document, "tool")
    poetry = table(tool, "poetry")
    main = [*parse_all(project.get("dependencies")), *parse_poetry(table(poetry, "dependencies"))]
    main += parse_all(table(tool, "uv").get("constraint-dependencies"))
    yield from main
    named = {canonicalize_name(each.name) for each in main}
    groups = table(project, "optional-dependencies"), table(document, "dependency-groups")
    more = [each for lists in groups for group in lists.values() for each in parse_all(group)]
    more += parse_poetry(table(poetry, "dev-dependencies"))
    for name in table(poetry, "group"):
        more += parse_poetry(table(table(table(poetry, "group"), name), "dependencies"))
    yield from (each for each in more if canonicalize_name(each.name) not in named)


def read_pipfile(content: bytes) -> Iterator[Requirement]:
    """Yield what a Pipfile asks for."""
    document = from_toml(content)
    yield from parse_poetry(table(document, "packages"))
    yield from parse_poetry(table(document, "dev-packages"))


def read_setup(content: bytes) -> Iterator[Requirement]:
    """Yield what a setup.cfg asks for."""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(content.decode())
    except IniError as error:
        raise ValueError(str(error)) from None
    lines = parser.get("options", "install_requires", fallback="")
    yield from read_requirements(lines.encode())[0]


PROJECTS: Mapping[str, Callable[[bytes], Iterator[Requirement]]] = MappingProxyType(
    {"pyproject.toml": read_pyproject, "Pipfile": read_pipfile, "setup.cfg": read_setup}
)
"""How what a project asks for is read; a file that cannot be read is a `ValueError`."""


def table(document: Table, key: str) -> Table:
    found = document.get(key)
    return cast("Table", found) if isinstance(found, Mapping) else {}


def parse_all(value: object) -> list[Requirement]:
    lines = cast("list[object]", value) if isinstance(value, list) else []
    return [each for line in lines if isinstance(line, str) for each in parse(line)]


def parse(line: str) -> Iterable[Requirement]:
    """Return the requirement that `line` is; none where it is none, or is no person's, which may not end."""
    try:
        return [Requirement(line)] if len(line) <= LONGEST else []
    except (InvalidRequirement, RecursionError):
        return []


def parse_poetry(dependencies: Table) -> list[Requirement]:
    """Return requirements as Poetry and Pipenv write them: by name a version, or a table with one."""
    found: list[Requirement] = []
    for name, told in dependencies.items():
        entry = cast("Table", told) if isinstance(told, Mapping) else {"version": told}
        version = entry.get("version")
        versions = translate(version) if isinstance(version, str) else ""
        marker = entry.get("markers")
        found += parse(f"{name}{versions}{f' ; {marker}' if isinstance(marker, str) else ''}")
    return found


def translate(constraint: str) -> str:
    """Return a constraint of Poetry's as PEP 440 says it; "", which is any version, where it cannot."""
    if "|" in constraint or constraint.strip() == "*":
        return ""
    return ",".join(translate_one(part.strip()) for part in SEPARATOR.split(constraint))


def translate_one(part: str) -> str:
    match = POETRY.fullmatch(part)
    if match is None:  # PEP 440 has it so
        return part
    sign, version = match["sign"], match["version"]
    numbers = [int(number) for number in version.split(".") if number.isdecimal()]
    if not sign or not numbers:
        return f"=={version}"
    if sign == "^":
        # The first number that is not zero stays, or else the last.
        kept = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        kept = min(1, len(numbers) - 1)
    end = [*numbers[:kept], numbers[kept] + 1]
    return f">={version},<{'.'.join(map(str, end))}"
