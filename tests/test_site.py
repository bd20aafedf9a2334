"""The site, as `nox -s docs` has built it just before."""

import html
import os
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import unquote, urldefrag, urljoin

import httpx
import pytest

from bgtasks import BackgroundTasks
from browser import Chromium, Page, find_chromium, open_chromium, stand_out

SITE = os.environ.get("SITE")
# What does not stand in this repository is asked for only where that is wanted: `nox -s docs -- --external`.
EXTERNAL = "EXTERNAL" in os.environ
HERE = "http://site.test/"
# These will be there once the project is.
OURS = ("https://github.com/typed-bgtasks/", "https://typed-bgtasks.github.io/")
# What a newcomer must find without a search.
REACHED = {
    *("", "check", "verify", "ci", "rules", "claims", "mypy-plugin", "vendoring", "guarantees", "speed"),
    *("architecture", "changelog", "reference", "editors", "warnings", "stability", "upstream"),
}
# What is read: text, links, tables, code with its colours, the lists of pages and of headings.
READ = (
    "article :is(p, li, h1, h2, h3, td, th, a, code, pre span):not(.headerlink), "
    ".md-nav__link, .md-header__title"
)
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


def test_the_reference_has_what_an_endpoint_is_annotated_with() -> None:
    assert "BackgroundTasksDep" in text_of("reference")
    assert "The annotation by which a parameter of an endpoint receives" in text_of("reference")


def test_code_in_a_table_stands_as_it_is_written() -> None:
    assert "kind | kind is one of two" in text_of("claims")


def test_a_code_has_its_page_where_reports_lead() -> None:
    assert "BGT201" in text_of("rules/BGT201")


def pages() -> list[str]:
    root = Path(SITE or "")
    return sorted(path.parent.relative_to(root).as_posix() for path in root.glob("**/index.html"))


def address(page: str) -> str:
    return HERE if page in {"", "."} else f"{HERE}{page}/"


def links(page: str) -> list[str]:
    """Return where a page leads, each address whole."""
    source = Path(SITE or "", page, "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<(?:a|link|script|img)\b[^>]*?\s(?:href|src)=\"([^\"]*)\"", source)
    return [urljoin(address(page), html.unescape(one)) for one in found]


def test_every_link_within_the_site_leads_to_what_is_there() -> None:
    ids: dict[Path, set[str]] = {}
    lost: list[tuple[str, str]] = []
    for page in pages():
        for link in links(page):
            target, fragment = urldefrag(link)
            if not target.startswith(HERE):
                continue
            path = Path(SITE or "", unquote(target.removeprefix(HERE)))
            path = path / "index.html" if path.is_dir() else path
            if path.is_file() and fragment and path not in ids:
                ids[path] = set(re.findall(r"\bid=\"([^\"]*)\"", path.read_text(encoding="utf-8")))
            if not path.is_file() or (fragment and unquote(fragment) not in ids[path]):
                lost.append((page, link))
    assert lost == []


def test_all_that_a_newcomer_needs_is_reached_from_the_first_page() -> None:
    source = Path(SITE or "", "index.html").read_text(encoding="utf-8")
    [shown] = re.findall(r"<nav class=\"md-nav md-nav--primary\".*?</nav>\s*</div>", source, re.DOTALL)
    found = {urldefrag(urljoin(HERE, link))[0] for link in re.findall(r"href=\"([^\"]*)\"", shown)}
    assert {address(page) for page in REACHED} - found == set()
    rules = {urldefrag(link)[0] for link in links("rules")}
    assert {address(page) for page in pages() if page.startswith("rules/")} - rules == set()


@pytest.mark.skipif(not EXTERNAL, reason="`nox -s docs -- --external` asks for what lies elsewhere")
def test_every_link_out_of_the_site_leads_to_what_is_there() -> None:
    asked = {
        urldefrag(link)[0]: page
        for page in pages()
        for link in links(page)
        if link.startswith("http") and not link.startswith((HERE, *OURS))
    }
    lost: dict[str, str] = {}
    with httpx.Client(follow_redirects=True, timeout=20) as client:
        for link, page in asked.items():
            # A host that wants no programs says so with 403 or 429, and is there.
            if (answer := answer_of(client, link)) not in {"200", "403", "429"}:
                lost[link] = f"{page}: {answer}"
    print(f"{len(asked)} links, {len(lost)} lost")  # noqa: T201 - what a person runs this for
    assert not lost, "\n".join(f"{link} of {why}" for link, why in lost.items())


def answer_of(client: httpx.Client, link: str) -> str:
    try:
        return str(client.get(link).status_code)
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base calls it
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    handler = partial(Quiet, directory=SITE)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}/"
        served.shutdown()


@pytest.mark.browser
def test_every_page_fits_can_be_read_and_asks_nobody_else(chromium: Chromium, server: str) -> None:
    faults: list[str] = []
    for name in pages():
        page = Page(
            chromium,
            address(name).replace(HERE, server),
            width=1280,
            height=900,
            scheme="light",
            scripts=True,
        )
        faults += [f"{name}: {fault}" for fault in look_at(page)]
        asked = [event["request"]["url"] for event in page.events("Network.requestWillBeSent")]
        faults += [
            f"{name} asks for {url}" for url in asked if not url.startswith((server, "data:", "blob:"))
        ]
        said = page.events("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        faults += [f"{name} says {event}" for event in said]
        page.close()
    assert not faults, "\n".join(faults)


def look_at(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page, on a desk and on a phone, light and dark."""
    for width in (1280, 390):
        page.resize(width, 900)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"{wide} wide on {width}"
    for scheme in ("default", "slate"):
        pale = page.evaluate(COLOURS.replace("SCHEME", scheme).replace("READ", READ))
        for ink, ground, text in pale:
            if stand_out(ink, ground) < 4.5:
                yield f"{text!r} in {ink} on {ground}"


# Each pair of colours that text is read in, once.
COLOURS = """(() => {
    document.body.dataset.mdColorScheme = "SCHEME";
    // Else it would read colours that are on their way.
    document.head.append(document.createElement("style"));
    document.head.lastChild.textContent = "* { transition: none !important; }";
    const found = new Map();
    for (const one of document.querySelectorAll("READ")) {
        if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        let behind = one;
        const ground = (element) => getComputedStyle(element).backgroundColor;
        while (behind && /, 0\\)$/.test(ground(behind))) behind = behind.parentElement;
        const pair = [getComputedStyle(one).color, behind ? ground(behind) : "rgb(255, 255, 255)"];
        if (!found.has(pair.join())) found.set(pair.join(), [...pair, one.textContent.trim().slice(0, 40)]);
    }
    return [...found.values()];
})()"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_follows_the_system_and_its_charts_follow_the_site(server: str, scheme: str) -> None:
    """A browser of its own, since the site remembers what was chosen."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("no Chromium on PATH; apt-get install chromium")
    with open_chromium(executable) as browser:
        page = Page(browser, f"{server}speed/", width=390, height=844, scheme=scheme, scripts=True)
        other = {"light": "slate", "dark": "default"}[scheme]
        ink = "getComputedStyle(document.querySelector('.bgtasks-chart text')).fill"
        ground = "getComputedStyle(document.body).backgroundColor"
        first = page.evaluate(f"[{ink}, {ground}]")
        assert stand_out(*first) >= 7
        assert page.evaluate("document.querySelectorAll('svg.bgtasks-chart[role=img]').length") == 3
        page.evaluate(f"document.body.dataset.mdColorScheme = '{other}'")
        second = page.evaluate(f"[{ink}, {ground}]")
        assert stand_out(*second) >= 7
        assert first != second
