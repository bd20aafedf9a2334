"""BGT313: what breaks the rule, and what is left alone."""

from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.rules import find_violations
from bgtasks.check.rules.raised_in_task import RULE
from examples import codes_of, endpoint

BEFORE = """
class NotFound(HTTPException): ...
def fail(n): raise HTTPException(400)
def perhaps(n):
    if n: raise NotFound(404)
async def later(n):
    await unknown(n)
    raise HTTPException(400)
def deep(n): perhaps(n)
async def deeper(n): await later(n)
@app.get("/")
async def view(n): raise HTTPException(400)
class Service:
    def run(self, n): raise HTTPException(400)
def other(n): raise ValueError
def caught(n):
    try:
        raise HTTPException(400)
    except HTTPException:
        print(n)
def caught_deep(n):
    try:
        perhaps(n)
    except Exception:
        print(n)
def never_awaited(n): later(n)
def inner(n):
    def never(): raise HTTPException(400)
    send(never)
def again(n): again(n)
"""
INVALID = ("fail", "perhaps", "later", "deep", "deeper", "view", "Service().run")
VALID = ("other", "caught", "caught_deep", "never_awaited", "inner", "again", "send")


@pytest.mark.parametrize("name", INVALID)
def test_what_breaks_the_rule_is_reported(name: str) -> None:
    assert codes_of(BEFORE + endpoint(f"tasks.add_task({name}, 1)")) == [RULE.code]


@pytest.mark.parametrize("name", VALID)
def test_what_is_not_shown_to_fail_is_left_alone(name: str) -> None:
    assert codes_of(BEFORE + endpoint(f"tasks.add_task({name}, 1)")) == []


def test_a_partial_runs_what_it_is_made_of() -> None:
    assert codes_of(BEFORE + endpoint("tasks.add_task(functools.partial(fail, 1))")) == [RULE.code]


def test_another_file_is_named_by_its_path_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "pyproject.toml": "",
        "shop/mail/__init__.py": "",
        "shop/mail/jobs.py": "from fastapi import HTTPException\ndef fail(n): raise HTTPException(400)\n",
        "shop/main.py": (
            "from fastapi import BackgroundTasks\nfrom shop.mail.jobs import fail\n"
            "async def order(tasks: BackgroundTasks): tasks.add_task(fail, 1)\n"
        ),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    modules, _ = find_modules([Path("shop/main.py")])
    [finding] = find_violations(read_app(modules, bases=(tmp_path,)))

    assert finding.message.startswith("line 2 of shop/mail/jobs.py raises HTTPException, ")
