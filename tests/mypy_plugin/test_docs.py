import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest
from markdown_it import MarkdownIt

from places import ROOT

PAGE = ROOT / "docs" / "mypy-plugin.md"

# What the page leaves out of its examples.
PRELUDE = """\
import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from starlette.background import BackgroundTask, BackgroundTasks
from starlette.responses import Response


class Session:
    def __init__(self, user: int) -> None: ...


def send(to: str, body: str = "") -> int:
    return len(to + body)


async def notify(user: int) -> None: ...


def rows(count: int) -> Iterator[int]:
    yield count


@contextmanager
def session(user: int) -> Iterator[Session]:
    yield Session(user)


async def endpoint(tasks: BackgroundTasks) -> None:
"""


def examples() -> Iterator[tuple[str, list[str]]]:
    """Yield each piece of Python on the page, with the messages that stand below it."""
    code, messages, quoted = "", list[str](), False
    for token in MarkdownIt().parse(PAGE.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info == "python":
            if code:
                yield code, messages
            code, messages = token.content, []
        elif token.type.startswith("blockquote"):
            quoted = token.type == "blockquote_open"
        elif token.type == "inline" and quoted:
            messages.append(" ".join(token.content.split()))
    yield code, messages


@pytest.mark.checker
def test_mypy_says_of_each_example_what_the_page_says(tmp_path: Path) -> None:
    found = list(examples())
    for number, (code, _) in enumerate(found):
        (tmp_path / f"example_{number}.py").write_text(PRELUDE + indent(code, "    "))
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\nplugins = bgtasks.mypy_plugin\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    for number, (code, messages) in enumerate(found):
        said = re.findall(rf"(?m)^example_{number}\.py:\d+: (.*)$", done.stdout)
        # The comments in the first example say what is said with the plugin; the others are quotes.
        commented = [line.removeprefix("# with:").strip() for line in code.splitlines() if "# with:" in line]
        expected = [f"error: {each}" for each in commented]
        expected += [f"error: {message}  [background-task]" for message in messages]
        assert sorted(set(said)) == sorted(expected), code
    assert sum(bool(messages) for _, messages in found) == 8
    assert sum(not messages for _, messages in found) == 9
