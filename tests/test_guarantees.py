"""docs/guarantees.md names tests that are there."""

import ast
import re

import pytest

from places import ROOT

PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
HELD_BY = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


@pytest.mark.parametrize(("file", "name"), HELD_BY)
def test_what_holds_a_promise_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    assert any(test.startswith("test_") for test in tests)
    assert not name or name in tests


def test_every_promise_is_held() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and not re.match(r"\|[-\s|]+$", line)]
    promises = [row for row in rows if "| Held by |" not in row]

    assert len(promises) > 10
    assert [row for row in promises if "`tests/" not in row] == []
