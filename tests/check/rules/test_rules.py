"""All rules together: what is reported in which order, and that each has its page."""

import json
import re
import runpy
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.check.rules import RULES, find_violations
from examples import codes_of, endpoint, find, parse
from places import ROOT, TESTS


def test_a_task_is_followed_through_a_function_of_another_file(tmp_path: Path) -> None:
    helper = parse("def later(tasks: BackgroundTasks, func, *args): tasks.add_task(func, *args)", "helper")
    use = parse("from helper import later\n" + endpoint("later(tasks, lambda: notify(1))"), "use")
    files = [tmp_path / "helper.py", tmp_path / "use.py"]
    modules = [
        Module(file, module.name, module.source, module.tree)
        for file, module in zip(files, (helper, use), strict=True)
    ]
    for module in modules:
        module.path.write_text(module.source)

    [finding] = find_violations(read_app(modules))

    assert (finding.rule.code, finding.place.path) == ("BGT303", tmp_path / "use.py")


def test_findings_are_told_from_the_top_down_and_once() -> None:
    findings = find(endpoint("tasks.add_task(rows)\ntasks.add_task(notify(1))\nraise ValueError"))

    assert [finding.rule.code for finding in findings] == ["BGT203", "BGT301", "BGT203", "BGT305"]
    assert len({(each.place, each.rule) for each in findings}) == len(findings)


def test_no_nesting_is_too_deep() -> None:
    chain = "".join(f"elif x == {number}:\n  y()\n" for number in range(500))
    branches = "".join(f"if x{number}:\n  tasks.add_task(send, {number})\n" for number in range(20))
    total = " + ".join(["x"] * 900)

    found = find(
        endpoint(f"tasks.add_task(send)\nif x:\n  y()\n{chain}{branches}z = {total}\nraise ValueError")
    )

    assert found == []


def test_names_that_are_bound_in_circles_end() -> None:
    steps = "".join(f"a{n} = a{(n + 1) % 9}.x\n" * 9 + f"b{n} = " + "b0 or " * 9 + "b1\n" for n in range(9))

    assert codes_of(steps + "def f(tasks: BackgroundTasks): tasks.add_task(a0, b0)\nb0.add_task(a1)") == []


@pytest.mark.parametrize("code", RULES)
def test_each_rule_has_its_page(code: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {code}: {RULES[code].name}\n")
    for part in ("## What happens at run time", "## Instead", "## What is left alone"):
        assert part in page


def test_the_index_lists_the_rules_in_order_each_with_its_summary() -> None:
    index = (
        (ROOT / "docs" / "rules" / "README.md")
        .read_text(encoding="utf-8")
        .split("## What type checkers say")[0]
    )

    assert re.findall(r"^\| \[(\w+)\]\(\1.md\) \| (\S+) \| (.*) \|$", index, re.MULTILINE) == [
        (rule.code, rule.name, rule.summary) for rule in RULES.values()
    ]


@pytest.mark.parametrize("code", RULES)
def test_the_wrong_code_of_a_page_is_reported_and_the_right_code_is_not(code: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")
    before, instead = page.split("## Instead")
    wrong, *more = (part.split("```")[0] for part in before.split("```python\n")[1:])
    right = instead.split("```python\n")[1].split("```")[0]

    assert {tuple(set(codes_of(each))) for each in [wrong, *more]} == {(code,)}
    assert codes_of(right) == []


def test_the_pages_say_how_often_each_code_was_met() -> None:
    count = runpy.run_path(str(TESTS / "recorded" / "apps" / "count.py"))
    met = json.loads((TESTS / "recorded" / "apps" / "met.json").read_text())
    folder = ROOT / "docs" / "rules"

    assert count["tabulate"](met) in (folder / "README.md").read_text(encoding="utf-8")
    for code in count["JUDGED"]:
        page = (folder / f"{code}.md").read_text(encoding="utf-8")
        assert page.endswith(f"{count['SECTION']}{count['describe'](code, met)}\n"), code


def test_what_nobody_has_judged_is_not_counted() -> None:
    count = runpy.run_path(str(TESTS / "recorded" / "apps" / "count.py"))["count"]
    finding = {"code": "BGT201", "path": "a.py", "line": 3, "call": None}
    report = {
        "findings": [finding, {**finding, "line": 4, "call": {"line": 3}}],
        "off_by_default": {"counts": {"BGT151": 2}},
        "coverage": {"call_sites": [{"grade": "fully typed"}, {"grade": "task is Any"}]},
    }

    with pytest.raises(SystemExit, match=r"no verdict on shop\|a.py\|3\|BGT201"):
        count("shop", report, {})
    assert count("shop", report, {"shop|a.py|3|BGT201": "real"}) == {
        "sites": 2,
        "typed": 1,
        "found": {"BGT201": {"real": 2}},
        "off": {"BGT151": 2},
    }
