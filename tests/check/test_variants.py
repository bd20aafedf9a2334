"""Of the many ways in which one mistake is written, each is seen, and what looks like it is left alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.rules import find_violations
from examples import NEWEST, pinned
from places import TESTS

APPS = TESTS / "apps" / "variants"
MARK = re.compile(r"  # (BGT\d+(?: BGT\d+)*)$")
VERSION = re.compile(r"^# FastAPI (\S+)$", re.MULTILINE)


def read_marks(path: Path) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and code of all that is to be reported at `path`."""
    for file in path.rglob("*.py") if path.is_dir() else [path]:
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            mark = MARK.search(line)
            yield from ((file, number, code) for code in (mark[1].split() if mark else ()))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(APPS.glob("[a-z]*"))])
def test_exactly_what_is_marked_is_reported(path: Path) -> None:
    modules, errors = find_modules([path])
    versions = [text for each in modules for text in VERSION.findall(each.source)]
    found = find_violations(read_app(modules, pinned(next(iter(versions), NEWEST))))

    assert errors == []
    assert {(each.place.path, each.place.line, each.rule.code) for each in found} == {*read_marks(path)}
