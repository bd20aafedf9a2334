import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from bgtasks.check import pages
from bgtasks.check.codes import ALL
from bgtasks.check.pages import address_of, find_rule, read_page
from bgtasks.errors import BgtasksError


@pytest.mark.parametrize("code", ALL)
def test_a_page_has_no_link_to_what_is_not_beside_it(code: str) -> None:
    page = read_page(code)
    assert page.startswith(f"# {code}: {ALL[code].name}\n")
    assert not re.search(r"\]\((?!https:)", page)


@pytest.mark.parametrize("text", ["BGT204", "bgt204", "dropped-by-response"])
def test_a_rule_is_found_by_its_code_or_its_name(text: str) -> None:
    assert find_rule(text) is ALL["BGT204"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("BGT24", "'BGT24' is no code of a rule; did you mean BGT214, shared-tasks?"),
        (
            "droped-by-response",
            "'droped-by-response' is no code of a rule; did you mean BGT204, dropped-by-response?",
        ),
        ("", "'' is no code of a rule; `bgtasks rule` lists them all"),
        ("E501", "'E501' is no code of a rule; `bgtasks rule` lists them all"),
    ],
)
def test_of_what_is_none_the_nearest_is_named(text: str, line: str) -> None:
    with pytest.raises(BgtasksError, match=f"^{re.escape(line)}$"):
        find_rule(text)


def test_a_page_is_where_the_project_says_or_else_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "project_addresses", list[str])
    address = address_of("BGT204")
    assert address is not None
    assert Path(unquote(urlparse(address).path)).read_text(encoding="utf-8").startswith("# BGT204")

    told = ["Source, https://example.org/source", "Documentation, https://example.org/docs/"]
    monkeypatch.setattr(pages, "project_addresses", lambda: told)
    assert address_of("BGT204") == "https://example.org/docs/rules/BGT204"
