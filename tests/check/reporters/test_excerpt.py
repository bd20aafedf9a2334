from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.check.model import Place
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.excerpt import mark

PATH = Path("app.py")
SOURCE = """\
if go:
\tadd(f, "ä", 1)
    add(
        f,
      "a",
    )  # late
"""
REPORT = CheckReport((), (), (), files=1, sources={PATH: SOURCE})


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        pytest.param((2, 14, 2, 15), ['add(f, "ä", 1)', "            ^"], id="behind a tab"),
        pytest.param((4, 9, 4, 10), ["f,", "^"], id="an argument alone"),
        pytest.param(
            (3, 5, 6, 6),
            ["add(", "^^^^", "    f,", "    ^^", '  "a",', "  ^^^^", ")  # late", "^"],
            id="several lines",
        ),
        pytest.param((9, 1, 9, 4), ["", ""], id="no such line"),
    ],
)
def test_what_is_marked_is_pointed_at(place: tuple[int, int, int, int], shown: list[str]) -> None:
    lines = mark(REPORT, Place(PATH, *place))
    texts = [(line.before + line.marked + line.behind, line.carets) for line in lines]
    assert [part.rstrip() for pair in texts for part in pair] == shown
    assert lines[0].number == place[0]


def test_only_the_first_lines_are_shown() -> None:
    long = replace(REPORT, sources={PATH: "\n".join(["add(", *["    1,"] * 9, ")"])})
    assert [line.number for line in mark(long, Place(PATH, 1, 1, 11, 2))] == [1, 2, 3, 4]
