"""pytest-mypy-plugins' YAML: a list of cases with a main program, files and the output of mypy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from bgtasks.convert.messages import read_comments, read_output
from bgtasks.convert.model import Converted, Draft
from bgtasks.convert.options import read_ini
from bgtasks.documents import from_yaml
from bgtasks.errors import BgtasksError

UNTOLD = ("skip", "expect_fail", "env", "start", "monkeypatch", "typeshed", "disable_cache")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def read_mypy_plugins(text: str) -> Iterator[Converted]:
    """Yield the tests of a file, one for each set of parameters. Raises `BgtasksError` for what is none."""
    try:
        found = from_yaml(text)
    except ValueError as error:
        raise BgtasksError(f"no YAML: {error}"[:200]) from None
    if not isinstance(found, list):
        raise BgtasksError("no list of cases, as pytest-mypy-plugins has them")
    for item in cast("list[object]", found):
        case: Mapping[str, Any] = cast("Mapping[str, Any]", item) if isinstance(item, Mapping) else {}
        if not isinstance(case.get("case"), str):
            raise BgtasksError("an item that is no case, with a name and a main program")
        # One that is always skipped expects nothing.
        if case.get("skip") is not True:
            yield from read_case(case)


def read_case(case: Mapping[str, Any]) -> Iterator[Converted]:
    name = re.sub(r"\W", "_", case["case"])
    untold = [f"the key {key}: {case[key]}" for key in UNTOLD if case.get(key)]
    settings = read_ini(str(case.get("mypy_config") or ""), untold)
    sets = tables(case, "parametrized") or [{}]
    for number, values in enumerate(sets, 1):
        title = f"{name}_{number}" if len(sets) > 1 else name
        yield replace(read_one(title, fill(case, values), list(untold)), settings=settings)


def read_one(name: str, case: Mapping[str, Any], untold: list[str]) -> Converted:
    pattern = bool(case.get("regex"))
    drafts: dict[str, Draft] = {"main": read_comments(str(case.get("main", "")), pattern=pattern)}
    files = {str(file.get("path", "")): str(file.get("content") or "") for file in tables(case, "files")}
    for path, content in files.items():
        if path.endswith(".py"):
            drafts[path.removesuffix(".py")] = read_comments(content, pattern=pattern)
    read_output(drafts, str(case.get("out") or ""), untold, pattern=pattern)
    untold += [line for draft in drafts.values() for line in draft.untold]
    texts = {
        path: drafts[path.removesuffix(".py")].text() if path.endswith(".py") else content
        for path, content in files.items()
    }
    return Converted(name, {f"{name}.py": drafts["main"].text(), **texts}, tuple(untold), alone=bool(files))


def tables(case: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the tables that are listed under a key. Raises `BgtasksError` for what is none."""
    found: object = case.get(key) or []
    listed = cast("list[object]", found) if isinstance(found, list) else [found]
    if not all(isinstance(one, Mapping) for one in listed):
        raise BgtasksError(f"{case['case']}: {key} is no list of tables")
    return cast("list[Mapping[str, Any]]", listed)


def fill(value: Any, values: Mapping[str, Any]) -> Any:
    """Return a value with the parameters of a test in it."""
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), value)
    if isinstance(value, list):
        return [fill(item, values) for item in cast("list[object]", value)]
    if isinstance(value, Mapping):
        return {key: fill(item, values) for key, item in cast("Mapping[str, Any]", value).items()}
    return value
