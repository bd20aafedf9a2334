import io
import tokenize
from pathlib import Path

import pytest

from bgtasks.claims.comments import FORMATTED, Remark, find_remarks
from places import ROOT

SOURCES = sorted([*(ROOT / "bgtasks").rglob("*.py"), *(ROOT / "typetests").rglob("*.py")])


def tokens(source: str) -> list[Remark]:
    return [
        Remark(*token.start, token.string, not token.line[: token.start[1]].strip())
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = 1  # one\n# two\n\n    # three\n", id="comments"),
        pytest.param("x = '#' + \"#\"  # it's one\ny = '\"'  # two", id="quotes"),
        pytest.param(r"x = '\'#'  # one" + "\n" + r"y = r'\'#'  # two", id="escapes"),
        pytest.param("x = 'a\\\n# no comment'  # one\n", id="a string over two lines"),
        pytest.param('x = """\n# none, "" \\""" either\n"""  # one', id="three quotes"),
        pytest.param("x = '''# none\n''''a'  # one", id="a string behind a string"),
        pytest.param("x = ''  # one\ny = \"\"  # two", id="empty strings"),
        pytest.param("x = 'ä€𝄞'  # behind what is not ASCII", id="not ASCII"),
        pytest.param("x = f'{y}#'  # one", id="formatted"),
        pytest.param("x = rb'#'  # one\ny = B\"#\"  # two", id="prefixes"),
    ],
)
def test_comments_are_those_that_python_reads(source: str) -> None:
    found = list(find_remarks(source))
    assert found == tokens(source)
    assert all(one.text.startswith("#") for one in found)
    assert found


@pytest.mark.parametrize(
    ("source", "formatted"),
    [
        pytest.param("x = {'of': self.f, 'it': rb'x'}", False, id="names"),
        pytest.param("x = Rf'{y}'", True, id="raw"),
        pytest.param("x = (t'')", True, id="template"),
    ],
)
def test_what_may_hold_a_comment_in_a_string(source: str, *, formatted: bool) -> None:
    assert bool(FORMATTED.search(source)) is formatted


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_real_sources(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert list(find_remarks(source)) == tokens(source)
