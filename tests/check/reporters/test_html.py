"""The HTML report of a check in a real browser."""

from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.check.codes import CODES
from bgtasks.check.model import Grade
from bgtasks.check.pages import address_of
from bgtasks.check.reporters import FORMATS
from browser import Chromium, Page
from check.reporters.test_reporters import EVERYTHING, FINDINGS, KNOWN, NOTHING, PATH, place

PARTS = ["Not checked", "Findings", "Known", "Coverage", "Not fully checked", "What the codes mean", "Notes"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a report lies that has a finding of each code, so that every page of a rule is in it."""
    findings = tuple(replace(FINDINGS[0], rule=rule) for rule in CODES.values())
    wide = tuple((name, Grade.ANY) for name in ("mypy", "pyright", "basedpyright"))
    report = replace(
        EVERYTHING,
        findings=(*FINDINGS, *findings),
        coverage=tuple(replace(one, grades=wide) for one in EVERYTHING.coverage),
    )
    path = tmp_path_factory.mktemp("report") / "check.html"
    path.write_text(FORMATS["html"](report), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "carets"), [(1280, True), (390, False)])
def test_the_page_fits_and_is_quiet(
    chromium: Chromium, address: str, width: int, scheme: str, *, carets: bool
) -> None:
    page = Page(chromium, address, width=width, height=844, scheme=scheme, scripts=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = "[...document.querySelectorAll('#counts, #missing, article mark')]"
    assert page.evaluate(f"{inside}.every(one => one.getBoundingClientRect().right <= {width})")
    assert page.evaluate("document.querySelector('.carets').checkVisibility()") is carets
    assert page.events("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded") == []
    asked = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [address]


def test_one_code_at_a_time_is_shown(chromium: Chromium, address: str) -> None:
    page = Page(chromium, address, width=1280, height=844, scheme="light", scripts=True)
    shown = "[...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).length"
    total = page.evaluate(shown)
    assert total == len(FINDINGS) + len(CODES)
    page.evaluate(
        "(() => { const select = document.querySelector('select'); select.value = 'BGT101';"
        " select.dispatchEvent(new Event('change')); })()"
    )
    assert page.evaluate(shown) == 2
    assert page.evaluate("document.querySelector('output').textContent") == f"2 of {total}"


def test_what_is_known_is_folded_and_can_be_unfolded(chromium: Chromium, address: str) -> None:
    page = Page(chromium, address, width=390, height=844, scheme="light", scripts=False)
    seen = "document.querySelector('details article').checkVisibility()"
    assert page.evaluate("document.querySelector('details > summary').textContent") == "1 known problem"
    assert not page.evaluate(seen)
    page.evaluate("document.querySelector('details > summary').click()")
    assert page.evaluate(seen)
    assert KNOWN[0].message in page.evaluate("document.querySelector('details article').textContent")


def test_it_can_be_read_without_scripts_and_without_eyes(chromium: Chromium, address: str) -> None:
    page = Page(chromium, address, width=390, height=844, scheme="light", scripts=False)
    nodes = [one for one in page.tree() if not one["ignored"]]
    roles = [node["role"]["value"] for node in nodes]
    assert "combobox" not in roles
    assert {"table", "columnheader", "rowheader", "navigation", "main", "article"} <= set(roles)
    names = [node["name"]["value"] for node in nodes if node["role"]["value"] == "heading"]
    assert [name for name in names if name in PARTS] == PARTS
    assert any(name.startswith(f"{PATH.as_posix()}:1:1 BGT109") for name in names)


def test_a_caret_stands_below_each_letter_of_an_argument(chromium: Chromium, tmp_path: Path) -> None:
    finding = replace(FINDINGS[0], place=place(1, 8, 1, 9))
    path = tmp_path / "check.html"
    path.write_text(FORMATS["html"](replace(EVERYTHING, findings=(finding,))), encoding="utf-8")
    page = Page(chromium, path.as_uri(), width=1280, height=844, scheme="light", scripts=True)
    lines = page.evaluate("document.querySelector('article pre').textContent").splitlines()
    assert lines == ["1 add(f, 1)", "         ^"]
    assert page.evaluate("document.querySelector('mark').textContent") == "1"


def test_a_code_leads_to_its_page_here_and_on_the_site() -> None:
    html = FORMATS["html"](EVERYTHING)
    assert 'href="#BGT109"' in html
    assert 'id="BGT201"' in html  # the code of what is known
    assert 'id="BGT109"' in html
    assert f'href="{address_of("BGT109")}"' in html


def test_it_says_where_coverage_was_not_measured() -> None:
    assert "Coverage: 33.3 %, 1 of 3 call sites" in FORMATS["html"](EVERYTHING)
    bare = replace(EVERYTHING, coverage=())
    assert "Coverage was not measured: no checker answered." in FORMATS["html"](bare)
    assert "Coverage was not measured: no checker was asked." in FORMATS["html"](replace(bare, runs=()))
    assert "Coverage" not in FORMATS["html"](NOTHING)


def test_what_was_said_stays_text() -> None:
    html = FORMATS["html"](EVERYTHING)
    assert html.count("<script>") == html.count("</script>") == 1
    assert "<b>" not in html
