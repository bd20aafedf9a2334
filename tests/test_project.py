"""What is said of the project in several places is the same in each."""

import re
from pathlib import Path
from typing import Any

import pytest

import bgtasks
from bgtasks.documents import from_toml

ROOT = Path(__file__).parents[1]
TABLES: dict[str, Any] = from_toml((ROOT / "pyproject.toml").read_bytes())
PROJECT = TABLES["project"]
URLS = PROJECT["urls"]
HOME = re.compile(r"https://(?:github\.com/[\w-]+|[\w-]+\.github\.io)/(?:typed-)?bgtasks\b")
PLACEHOLDER = re.compile(r"OWNER|\bTAG\b|\bREVISION\b")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / ".github").rglob("*.yml"),
    *(
        ROOT / name
        for name in ("pyproject.toml", "mkdocs.yml", "action.yml", "stubs/pyproject.toml", "stubs/README.md")
    ),
]


def test_the_projects_home_is_one() -> None:
    homes = {URLS["Source"], URLS["Documentation"].rstrip("/")}
    elsewhere = {
        (page.relative_to(ROOT).as_posix(), home)
        for page in PAGES
        for home in HOME.findall(page.read_text(encoding="utf-8"))
        if home not in homes
    }
    assert not elsewhere
    assert all(url.startswith(tuple(homes)) for url in URLS.values())


def test_no_reader_has_to_guess_what_stands_for_what() -> None:
    guessed = [page.name for page in PAGES if PLACEHOLDER.search(page.read_text(encoding="utf-8"))]
    assert not guessed


def test_hooks_are_pinned_to_this_version() -> None:
    pinned = {
        rev
        for page in PAGES
        for rev in re.findall(r"repo: \S+bgtasks\b.*\n *rev: (\S+)", page.read_text(encoding="utf-8"))
    }
    assert pinned == {f"v{PROJECT['version']}"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_sessions_that_there_are(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    named = set(re.findall(r"nox -s (\w+)", text))
    for names in re.findall(r"session: \[(.*)\]", text):
        named |= set(names.split(", "))
    source = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    assert named <= set(re.findall(r"^@nox\.session.*\ndef (\w+)", source, re.MULTILINE))
    assert named or ".ci/run" in text


def test_the_version_is_that_of_the_distribution() -> None:
    assert bgtasks.__version__ == PROJECT["version"]
    assert "__version__" in dir(bgtasks)
