import json
from pathlib import Path

import pytest

from bgtasks.check.files.baseline import apply_baseline, read_baseline, write_baseline
from bgtasks.check.model import Finding, Place, Rule
from bgtasks.errors import BgtasksError

WRONG = Rule("BGT102", "missing-argument", "")
OTHER = Rule("BGT201", "never-attached", "")


def find(path: Path, source: str, text: str, rule: Rule = WRONG) -> list[Finding]:
    """Return a finding for each line of `source` with `text` in it."""
    numbered = enumerate(source.split("\n"), 1)
    return [Finding(rule, Place(path, line, 1, line, 9), "wrong") for line, code in numbered if text in code]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return tmp_path / "app" / "main.py"


@pytest.fixture
def baseline(tmp_path: Path, app: Path) -> Path:
    file = tmp_path / "baseline.json"
    write_baseline(file, find(app, "a(1)\nb(2)\na(1)", "a(1)"), {app: "a(1)\nb(2)\na(1)"})
    return file


def judge(file: Path, findings: list[Finding], source: str, app: Path) -> tuple[list[int], list[str]]:
    asked = {"BGT100", "BGT102", "BGT201"}
    fresh, stale = apply_baseline(
        file, read_baseline(file), findings, {app: source}, paths=[app.parent], asked=asked
    )
    return [finding.place.line for finding in fresh], [line.replace(str(file), "FILE") for line in stale]


def test_what_is_known_is_known_wherever_its_lines_move(baseline: Path, app: Path) -> None:
    source = "import x\n\n\n    a(1)\nb(2)\n  a(1)"
    assert judge(baseline, find(app, source, "a(1)"), source, app) == ([], [])


def test_one_more_of_a_kind_is_new(baseline: Path, app: Path) -> None:
    source = "a(1)\na(1)\na(1)"
    assert judge(baseline, find(app, source, "a(1)"), source, app) == ([3], [])


def test_other_code_or_another_rule_is_new(baseline: Path, app: Path) -> None:
    source = "a(1)\na(1)\na(2)"
    findings = [*find(app, source, "a(1)"), *find(app, source, "a(2)"), *find(app, source, "a(1)", OTHER)]
    assert judge(baseline, findings, source, app)[0] == [3, 1, 2]


def test_what_is_gone_is_stale(baseline: Path, app: Path) -> None:
    gone = "FILE: stale, BGT102 is gone from app/main.py"
    assert judge(baseline, [], "", app)[1] == [f"{gone} (2 times): a(1)"]
    assert judge(baseline, find(app, "a(1)", "a"), "a(1)", app)[1] == [f"{gone}: a(1)"]


def test_a_file_that_was_not_asked_about_is_not_stale(baseline: Path, app: Path) -> None:
    elsewhere = app.parents[1] / "elsewhere" / "main.py"
    assert judge(baseline, [], "", elsewhere)[1] == []


def test_what_was_not_asked_for_is_not_stale(baseline: Path, app: Path) -> None:
    _, stale = apply_baseline(
        baseline, read_baseline(baseline), [], {app: ""}, paths=[app.parent], asked={"BGT201"}
    )
    assert stale == []


def test_a_baseline_of_before_the_kinds_had_codes_knows_them(tmp_path: Path, app: Path) -> None:
    """The entry has the whole call and the code of the group; two of one fault are one now."""
    source = "a(\n    1,\n)\n"
    entry = {"path": "app/main.py", "code": "BGT100", "text": "a( 1, )", "count": 2}
    file = tmp_path / "old.json"
    file.write_text(json.dumps({"version": 1, "findings": [entry]}))
    call, argument = Place(app, 1, 1, 3, 2), Place(app, 2, 5, 2, 6)
    known = Finding(WRONG, argument, "wrong", was="BGT100", call=call)
    other = Finding(OTHER, call, "another rule")

    assert judge(file, [known], source, app) == ([], [])
    assert judge(file, [other], source, app) == (
        [1],
        ["FILE: stale, BGT100 is gone from app/main.py (2 times): a( 1, )"],
    )


def test_a_part_of_a_call_is_known_by_the_whole_call(tmp_path: Path, app: Path) -> None:
    source = "a(\n    1,\n)\n"
    file = tmp_path / "new.json"
    part = Finding(WRONG, Place(app, 2, 5, 2, 6), "wrong", was="BGT100", call=Place(app, 1, 1, 3, 2))
    write_baseline(file, [part], {app: source})

    [entry] = json.loads(file.read_text())["findings"]
    assert (entry["code"], entry["text"]) == ("BGT102", "a( 1, )")
    assert judge(file, [part], source, app) == ([], [])
    assert judge(file, [part], source.replace("a(", "b("), app)[0] == [2]


def test_it_is_the_same_whatever_the_order(baseline: Path, app: Path) -> None:
    before = baseline.read_bytes()
    source = "b(2)\n    a(1)\n\na(1)"
    write_baseline(baseline, reversed(find(app, source, "a(1)")), {app: source})
    assert baseline.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(None, "cannot be read: No such file or directory; make it with", id="missing"),
        pytest.param("", "is no baseline", id="empty"),
        pytest.param("[]", "is no baseline", id="list"),
        pytest.param('{"version": 2, "findings": []}', "is a baseline of another version", id="version"),
        pytest.param('{"version": 1, "findings": [{"path": "a"}]}', "is no baseline", id="entry"),
        pytest.param('{"version": 1, "findings": 3}', "is no baseline", id="findings"),
        pytest.param(
            '{"version": 1, "findings": [{"path": "a", "code": "b", "text": "c", "count": 1e999}]}',
            "is no baseline",
            id="endless",
        ),
    ],
)
def test_what_is_no_baseline_is_named(content: str | None, line: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BgtasksError, match=rf"baseline.json: {line}"):
        read_baseline(file)
