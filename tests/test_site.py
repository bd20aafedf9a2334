"""The site, as `nox -s docs` has built it just before."""

import html
import os
import re
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

from bgtasks import BackgroundTasks

SITE = os.environ.get("SITE")
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(SITE is None, reason="`nox -s docs` builds the site, and runs this then"),
]


def text_of(page: str) -> str:
    """Return what a page says, in one line."""
    source = Path(SITE or "", page, "index.html").read_text(encoding="utf-8")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", source)).split())


def documented(hint: Any) -> str:
    """Return the `Doc` of a parameter."""
    assert get_origin(hint) is Annotated
    [words] = [found.documentation for found in get_args(hint) if hasattr(found, "documentation")]
    return " ".join(words.replace("`", "").split())


def test_the_reference_says_of_func_what_the_code_says() -> None:
    hints = get_type_hints(BackgroundTasks.add_task, include_extras=True)
    assert documented(hints["func"]) in text_of("reference")


def test_the_reference_shows_the_signature() -> None:
    page = text_of("reference").replace(" ", "")
    assert "func:Callable[P,object]" in page
    assert "*args_:P.args" in page
    assert "**kwargs_:P.kwargs" in page


def test_a_code_has_its_page_where_reports_lead() -> None:
    assert "BGT201" in text_of("rules/BGT201")
