"""The HTML report of a check in a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bgtasks.check.reporters import FORMATS
from browser import Chromium, Page, find_chromium, open_chromium
from check.reporters.test_reporters import EVERYTHING

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    executable = find_chromium()
    if executable is None:
        why = "no Chromium on PATH; apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with open_chromium(executable) as browser:
        yield browser


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_page_fits_is_quiet_and_shows_one_code_at_a_time(
    chromium: Chromium, width: int, scheme: str, tmp_path: Path
) -> None:
    path = tmp_path / "check.html"
    path.write_text(FORMATS["html"](EVERYTHING), encoding="utf-8")
    page = Page(chromium, path.as_uri(), width=width, height=844, scheme=scheme, scripts=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = "[...document.querySelectorAll('article')].filter((one) => one.offsetHeight).length"
    assert page.evaluate(shown) == len(EVERYTHING.findings)
    page.evaluate(
        "(() => { const select = document.querySelector('select'); select.value = 'BGT101';"
        " select.dispatchEvent(new Event('change')); })()"
    )
    assert page.evaluate(shown) == 1
    assert page.evaluate("document.querySelector('output').textContent") == f"1 of {len(EVERYTHING.findings)}"
    assert page.events("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded") == []
    asked = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
