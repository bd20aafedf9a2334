import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.model import Accept, Case, Claim, Gap, Outcome, Span, Verdict
from bgtasks.model import Run
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters import FORMATS
from bgtasks.verify.reporters.html import bearer, css
from browser import Chromium, Page, stand_out
from reports import ALL_MET, BOUGHT, CASE, EVERYTHING, GREEN, NOTHING, PATH, PLUGGED, RED, TARGET

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
SEVEN = replace(
    BOUGHT,
    results=(
        RED,
        PLUGGED,
        *(
            replace(GREEN, run=Run(name, "10.11.12", "3.13", 25.3))
            for name in ("pyright", "basedpyright", "pyrefly", "ty", "zuban")
        ),
    ),
)
SHOWN = "[...document.querySelectorAll('#claims tr[data-kind]')].filter(row => !row.hidden).length"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.html")
        path.write_text(FORMATS["html"](EVERYTHING), encoding="utf-8")
        yield path.as_uri()


def open_page(
    chromium: Chromium,
    address: str,
    size: str = "desktop",
    scheme: str = "light",
    *,
    scripts: bool = True,
) -> Page:
    width, height = SIZES[size]
    return Page(chromium, address, width=width, height=height, scheme=scheme, scripts=scripts)


def choose(page: Page, name: str, value: str) -> None:
    page.evaluate(
        f"""(() => {{
            const select = document.forms[0].elements[{name!r}];
            select.value = {value!r};
            select.dispatchEvent(new Event("change", {{bubbles: true}}));
        }})()"""
    )


@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_quiet_and_fits(chromium: Chromium, address: str, size: str, scheme: str) -> None:
    page = open_page(chromium, address, size, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.evaluate("getComputedStyle(document.documentElement).overflowX") == "visible"
    assert page.events("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded") == []
    asked = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [address]


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_colours_follow_the_scheme_and_can_be_read(chromium: Chromium, address: str, size: str) -> None:
    looks = {}
    for scheme in SCHEMES:
        page = open_page(chromium, address, size, scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        looks[scheme] = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        for selector in (
            "td.met",
            "td.gap",
            "td.bad",
            "td.aside",
            "i",
            "a",
            "pre",
            "select",
            "th small",
            ".sum",
        ):
            assert contrast(page, selector) >= 4.5, f"{selector} in {scheme}"
    assert looks["light"] != looks["dark"]


def contrast(page: Page, selector: str) -> float:
    """Return how the colour of an element stands out from what lies behind it."""
    colours = page.evaluate(
        f"""(() => {{
            const element = document.querySelector({selector!r});
            let behind = element;
            const page = (one) => getComputedStyle(one).backgroundColor;
            while (page(behind) === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
            return [getComputedStyle(element).color, page(behind)];
        }})()"""
    )
    return stand_out(*colours)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("outcome", "missed", 1),
        ("outcome", "wrong", 5),
        ("outcome", "gap", 1),
        ("kind", "OK", 1),
        ("kind", "without a claim", 1),
        ("run", "2", 6),
    ],
)
def test_a_filter_leaves_the_rows_that_fit(
    chromium: Chromium, address: str, name: str, value: str, shown: int
) -> None:
    page = open_page(chromium, address)
    assert page.evaluate(SHOWN) == 6
    choose(page, name, value)
    assert page.evaluate(SHOWN) == shown
    assert page.evaluate("document.querySelector('output').textContent") == f"{shown} of 6 statements"
    choose(page, name, "")
    assert page.evaluate(SHOWN) == 6


@pytest.mark.browser
def test_filters_work_together_and_stay_in_the_address(chromium: Chromium, address: str) -> None:
    page = open_page(chromium, address)
    choose(page, "run", "3")
    choose(page, "outcome", "wrong")
    assert page.evaluate(SHOWN) == 2
    assert page.evaluate("location.hash") == "#run=3&outcome=wrong"
    visible = "[...document.querySelectorAll('.claims thead th')].filter(one => one.checkVisibility())"
    assert page.evaluate(f"{visible}.map(one => one.textContent).join()").startswith("statement and claim,ty")
    assert page.evaluate(f"{visible}.length") == 2
    again = open_page(chromium, page.evaluate("location.href"))
    assert again.evaluate(SHOWN) == 2


@pytest.mark.browser
def test_a_number_in_the_matrix_leads_to_its_claims(chromium: Chromium, address: str) -> None:
    page = open_page(chromium, address)
    page.click("#matrix td a.gap")
    page.wait_for(f"{SHOWN} === 1")
    assert page.evaluate("location.hash") == "#run=1&kind=argument-type&outcome=gap"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "selector"), [("desktop", "summary"), ("desktop", "td"), ("phone", "summary")]
)
def test_a_click_hides_and_shows_what_was_said(
    chromium: Chromium, address: str, size: str, selector: str
) -> None:
    page = open_page(chromium, address, size)
    row = "#claims tr[data-kind=no-overload]"
    said = f"document.querySelector('{row} pre')"
    assert page.evaluate(f"{said}.textContent") == "none fits [call-overload]"
    assert page.evaluate(f"{said}.checkVisibility()")
    page.click(f"{row} {selector}")
    page.wait_for(f"!{said}.checkVisibility()")
    page.click(f"{row} {selector}")
    page.wait_for(f"{said}.checkVisibility()")


@pytest.mark.browser
def test_a_key_hides_what_was_said(chromium: Chromium, address: str) -> None:
    page = open_page(chromium, address)
    page.evaluate("document.querySelector('select[name=outcome]').focus()")
    page.press("Tab", 9)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("document.activeElement.parentElement.open")
    page.press("Enter", 13, "\r")
    page.wait_for("!document.activeElement.parentElement.open")


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_it_is_three_tables_to_a_screen_reader(chromium: Chromium, address: str, size: str) -> None:
    page = open_page(chromium, address, size)
    nodes = page.tree()
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert roles.count("table") == len(("failures", "comparison", "gaps"))
    assert {"columnheader", "rowheader", "cell", "row", "status", "navigation"} <= set(roles)
    names = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "combobox"]
    assert names == ["Checker", "Kind", "Outcome"]
    assert page.evaluate("[...document.querySelectorAll('table')].every(one => one.caption.textContent)")
    assert page.evaluate("[...document.querySelectorAll('th')].every(one => one.scope)")


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_seven_checkers_stand_side_by_side(chromium: Chromium, tmp_path: Path, size: str) -> None:
    path = tmp_path / "report.html"
    path.write_text(FORMATS["html"](SEVEN), encoding="utf-8")
    page = open_page(chromium, path.as_uri(), size)
    assert page.evaluate("document.querySelectorAll('#matrix thead th').length") == 2 + 7 + 1
    inside = "document.querySelector('.scroll')"
    assert page.evaluate(f"{inside}.scrollWidth <= {inside}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    words = "getComputedStyle(document.querySelector('#matrix .long')).position"
    assert page.evaluate(words) == ("static" if size == "desktop" else "absolute")
    beside = "document.querySelector('.claims thead').offsetHeight > 1"
    assert page.evaluate(beside) is (size == "desktop")


@pytest.mark.browser
def test_what_a_plugin_buys_is_a_column(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(FORMATS["html"](BOUGHT), encoding="utf-8")
    page = open_page(chromium, path.as_uri())
    assert page.evaluate("document.querySelector('#matrix .all').lastElementChild.textContent") == "+2 -1"
    assert page.evaluate("document.querySelector('.legend').textContent.includes('+N')")


@pytest.mark.browser
def test_a_filter_opens_what_is_folded(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(FORMATS["html"](ALL_MET), encoding="utf-8")
    page = open_page(chromium, path.as_uri())
    row = "document.querySelector('#claims tr[data-kind=OK]').checkVisibility()"
    assert not page.evaluate(row)
    choose(page, "kind", "OK")
    assert page.evaluate(row)
    choose(page, "kind", "")
    assert not page.evaluate(row)


@pytest.mark.browser
def test_it_is_a_plain_table_without_scripts(chromium: Chromium, address: str) -> None:
    page = open_page(chromium, address, scripts=False)
    nodes = page.tree()
    names = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "cell"]
    assert {"met", "missed", "closed gap", "not checked"} <= set(names)
    assert not any(node.get("role", {}).get("value") == "combobox" for node in nodes)


@pytest.mark.browser
def test_ten_thousand_claims_are_quick_to_filter(chromium: Chromium, tmp_path: Path) -> None:
    report = many(100, 100)
    path = tmp_path / "report.html"
    path.write_text(FORMATS["html"](report), encoding="utf-8")
    page = open_page(chromium, path.as_uri())
    assert page.evaluate(SHOWN) == 10_000
    choose(page, "outcome", "missed")
    assert page.evaluate(SHOWN) == 100
    spent = page.evaluate(
        """(() => {
            const began = performance.now();
            form.outcome.value = "";
            remember();
            document.body.offsetHeight;
            return performance.now() - began;
        })()"""
    )
    assert spent < 2000


def many(files: int, claims: int) -> Report:
    """Return a report in which six runs miss the first claim of each file."""
    cases: list[Case] = []
    for index in range(files):
        path = Path(f"case_{index}.py")
        spans = tuple(Span(line, line) for line in range(1, claims + 1))
        said = tuple(Claim(span.first, span, Accept()) for span in spans)
        cases.append(Case(path, path, "go()  # OK\n" * claims, spans, said))
    verdicts = tuple(
        Verdict(case.path, claim.line, claim, Outcome.MET if claim.line > 1 else Outcome.MISSED)
        for case in cases
        for claim in case.claims
    )
    return Report(
        TARGET, tuple(cases), tuple(Result(Run(f"c{n}", "1", "3.13", 1), verdicts) for n in range(6))
    )


def test_failures_come_first_and_what_is_met_is_folded() -> None:
    outcomes = (Outcome.GAP, Outcome.MET, Outcome.MISSED, Outcome.MET, Outcome.MET)
    found = tuple(
        Verdict(PATH, claim.line, claim, outcome)
        for claim, outcome in zip(CASE.claims, outcomes, strict=True)
    )
    html = FORMATS["html"](replace(ALL_MET, results=(replace(GREEN, verdicts=found),), errors=("broken",)))
    keys = ("not-checked", "failures", "comparison", "gaps", "met")
    parts = [html.index(f'<h2 id="{key}"') for key in keys]
    assert parts == sorted(parts)
    assert [html.count(f'href="#{key}"') > 0 for key in keys] == [True] * len(keys)
    fold = html.index('<details class="fold">')
    assert parts[-2] < fold < parts[-1]
    assert html.index("<details open>") < parts[2]


def test_each_word_and_sign_is_explained() -> None:
    html = FORMATS["html"](replace(SEVEN, results=(*SEVEN.results, RED)))
    explained = "".join(re.findall(r"<dt>(.*?)</dt><dd>", html[html.index('"legend"') :]))
    shown = {verdict.outcome for verdict in RED.verdicts}
    assert all(outcome.value in explained for outcome in shown)
    assert all(sign in explained for sign in ("OK", "g", "-", "+N", "-N"))


def test_a_section_of_a_document_shows_its_own_statements() -> None:
    spans = (Span(2, 2), Span(6, 6))
    source = "\ngo()  # OK\n\n\n\ngo()  # OK"
    cases = tuple(
        Case(PATH, PATH, source, (span,), (Claim(span.first, span, Accept()),), section=name)
        for name, span in zip(("first", "second"), spans, strict=True)
    )
    found = tuple(Verdict(PATH, case.claims[0].line, case.claims[0], Outcome.MET) for case in cases)
    html = FORMATS["html"](Report(TARGET, cases, (replace(GREEN, verdicts=found),)))
    assert html.count('<tr role="row" data-kind="OK"') == 2
    assert "without a claim</th>" in html
    assert 'data-kind="without a claim"' not in html


def test_the_page_names_no_other_file() -> None:
    html = FORMATS["html"](EVERYTHING)
    assert "default-src 'none'" in html
    assert not re.search(r"\bsrc\s*=|@import|url\(", html)
    assert re.findall(r"<link[^>]*>", html) == ['<link rel="icon" href="data:,">']


def test_what_was_said_stays_text() -> None:
    html = FORMATS["html"](EVERYTHING)
    assert html.count("<script>") == html.count("</script>") == 1
    assert "<b>&#34;a&#34;" not in html
    assert "&lt;/script&gt;&lt;b&gt;&#34;a&#34;" in html
    assert "go(<i># E" not in html
    assert "    2,  <i># E: missing-argument</i>\n)</code>" in html


def test_a_gap_that_a_plugin_closes_is_shown_as_such() -> None:
    html = FORMATS["html"](BOUGHT)
    assert html.count("closed by mypy+plugin</p>") == 2
    assert "closed by" not in FORMATS["html"](EVERYTHING)


def test_a_gap_of_many_checkers_says_of_which() -> None:
    assert [bearer(Gap(name, versions, "a/b#1")) for name, versions in (("plain", ""), ("ty", "<1"))] == [
        "every checker without a plugin",
        "ty<1",
    ]


@pytest.mark.parametrize(("report", "words"), [(ALL_MET, "Green: 5 claims"), (NOTHING, "Not checked by any")])
def test_it_says_what_came_of_it(report: Report, words: str) -> None:
    assert words in FORMATS["html"](report)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("mypy", "mypy"), ("ty on 3.13", "ty on 3.13"), ('a"}</style>', r"a\22 \7d \3c \2f style\3e ")],
)
def test_a_name_cannot_end_the_style_sheet(text: str, escaped: str) -> None:
    assert css(text) == escaped
