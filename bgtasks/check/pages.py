"""The page of each code, which is installed with the package."""

import re
from difflib import get_close_matches
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

from bgtasks.check.codes import ALL
from bgtasks.check.model import Rule
from bgtasks.errors import BgtasksError

LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")


def find_rule(text: str) -> Rule:
    """Return the rule with a code or a name. Raises `BgtasksError` where there is none."""
    wanted = text.strip()
    near = find_near(wanted)
    if near and wanted.lower() in {near.code.lower(), near.name}:
        return near
    hint = f"did you mean {near.code}, {near.name}?" if near else "`bgtasks rule` lists them all"
    raise BgtasksError(f"{text!r} is no code of a rule; {hint}")


def find_near(text: str) -> Rule | None:
    """Return the rule whose code or name is, or is nearest to, `text`; None where none is near."""
    known = {code.lower(): rule for code, rule in ALL.items()} | {rule.name: rule for rule in ALL.values()}
    near = get_close_matches(text.lower(), known, 1)
    return known[near[0]] if near else None


def read_page(code: str) -> str:
    """Return the page of a code, as Markdown without links to what is not there beside it."""
    text: str = page_of(code).read_text("utf-8")
    return LINK.sub(r"\1", text)


def address_of(code: str) -> str | None:
    """Return where the page of a code is to be read; None where that is no file, as in a zipped package."""
    for label, _, address in (text.partition(", ") for text in project_addresses()):
        if label == "Documentation":
            return f"{address.rstrip('/')}/rules/{code}"
    page = page_of(code)
    return page.resolve().as_uri() if isinstance(page, Path) and page.is_file() else None


def project_addresses() -> list[str]:
    return metadata.metadata("typed-bgtasks").get_all("Project-URL") or []


def page_of(code: str) -> Any:
    """Return the file of a page, which is a path unless the package is zipped."""
    package = files("bgtasks")
    folder = package / "_rules"
    if not folder.is_dir():
        folder = package / ".." / "docs" / "rules"
    return folder / f"{code}.md"
