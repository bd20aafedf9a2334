import re
from pathlib import Path

import pytest

from bgtasks.check.codes import ALL
from bgtasks.check.model import Rule
from bgtasks.check.settings import READERS, CheckSettings, load_check_settings, read_codes
from bgtasks.errors import BgtasksError
from bgtasks.verify.settings import READERS as OTHERS
from bgtasks.verify.settings import load_settings
from places import ROOT

DOCS = ROOT / "docs"
EVERY_KEY = """\
[tool.bgtasks]
cases = ["typetests"]

[tool.bgtasks.check]
paths = ["src"]
python = ".venv/bin/python"
checkers = ["pyright"]
select = ["BGT1", "BGT201"]
ignore = "BGT101"
min-coverage = 80
baseline = "known.json"
timeout = 5
outputs = { sarif = "check.sarif" }
"""


def write(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder


def test_every_key_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(write(tmp_path, EVERY_KEY) / "deeper")
    root = Path("..")
    assert load_check_settings(Path(), OTHERS) == CheckSettings(
        paths=(root / "src",),
        python=root / ".venv/bin/python",
        checkers=("pyright",),
        select=("BGT1", "BGT201"),
        ignore=("BGT101",),
        min_coverage=80,
        baseline=root / "known.json",
        timeout=5,
        outputs=(("sarif", root / "check.sarif"),),
    )


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    assert load_check_settings(write(tmp_path, ""), OTHERS) == CheckSettings()


def test_verify_passes_over_the_table(tmp_path: Path) -> None:
    assert [path.name for path in load_settings(write(tmp_path, EVERY_KEY)).cases] == ["typetests"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("selct = []", "check.selct: no such key; did you mean 'select'?", id="key"),
        pytest.param("select = ['BGT9999']", "check.select: 'BGT9999' is no code", id="code"),
        pytest.param("ignore = ['']", "check.ignore: '' is no code", id="empty code"),
        pytest.param("checkers = ['mypy+plugin']", "'mypy.plugin' is no checker", id="profile"),
        pytest.param("min-coverage = 101", "101 is not a percentage", id="too much"),
        pytest.param("min-coverage = true", "True is not a percentage", id="no number"),
        pytest.param("paths = 3", "3 is not a list of strings", id="paths"),
    ],
)
def test_what_is_wrong_is_named(text: str, line: str, tmp_path: Path) -> None:
    write(tmp_path, f"[tool.bgtasks.check]\n{text}\n")
    with pytest.raises(BgtasksError, match=line):
        load_check_settings(tmp_path, OTHERS)


@pytest.mark.parametrize(
    ("select", "ignore", "selected"),
    [
        pytest.param([], [], True, id="all that is on by itself"),
        pytest.param(["BGT1"], [], True, id="selected"),
        pytest.param(["BGT2"], [], False, id="not selected"),
        pytest.param([], ["BGT102"], False, id="ignored"),
        pytest.param(["BGT102"], ["BGT1"], True, id="the longest decides"),
        pytest.param(["BGT1"], ["BGT102"], False, id="that of ignore too"),
        pytest.param(["BGT102"], ["BGT102"], False, id="of equals it is ignored"),
    ],
)
def test_a_code_is_selected_by_what_it_begins_with(
    select: list[str], ignore: list[str], selected: bool
) -> None:
    settings = CheckSettings(select=tuple(select), ignore=tuple(ignore))
    assert settings.selects("BGT102") == selected


@pytest.mark.parametrize(
    ("select", "ignore", "reported", "hidden"),
    [
        pytest.param([], [], False, True, id="off by itself"),
        pytest.param(["BGT151"], [], True, False, id="by its code"),
        pytest.param(["BGT1"], [], True, False, id="by what it begins with"),
        pytest.param(["BGT"], ["BGT15"], False, False, id="all but"),
        pytest.param(["BGT100"], [], True, False, id="by its group"),
        pytest.param([], ["BGT151"], False, False, id="ignored, so not counted"),
        pytest.param(["BGT2"], [], False, False, id="not asked for, so not counted"),
    ],
)
def test_what_is_off_by_itself_is_on_where_it_is_selected(
    select: list[str], ignore: list[str], reported: bool, hidden: bool
) -> None:
    settings = CheckSettings(select=tuple(select), ignore=tuple(ignore))
    assert settings.selects("BGT151", "BGT100") == reported
    assert settings.hides("BGT151", "BGT100") == hidden


@pytest.mark.parametrize(
    ("select", "ignore", "selected"),
    [
        pytest.param(["BGT100"], [], True, id="the group"),
        pytest.param([], ["BGT100"], False, id="not the group"),
        pytest.param(["BGT100"], ["BGT102"], False, id="the group without this"),
        pytest.param(["BGT102"], ["BGT100"], True, id="this of the group"),
        pytest.param(["BGT1"], ["BGT100"], False, id="the group is more than what it begins with"),
        pytest.param(["BGT100"], ["BGT10"], True, id="also where that is ignored"),
        pytest.param(["BGT103"], [], False, id="another of the group"),
    ],
)
def test_a_group_stands_for_what_was_once_its(select: list[str], ignore: list[str], selected: bool) -> None:
    settings = CheckSettings(select=tuple(select), ignore=tuple(ignore))
    assert settings.selects("BGT102", "BGT100") == selected
    assert settings.selects("BGT301", "BGT100") == ("BGT100" in select)


@pytest.mark.parametrize(
    ("ignore", "asked"), [(["BGT101"], True), (["BGT109"], False), (["BGT100"], False), (["BGT151"], True)]
)
def test_a_group_is_asked_for_where_all_of_it_is(ignore: list[str], asked: bool) -> None:
    assert ("BGT100" in CheckSettings(ignore=tuple(ignore)).asked) == asked


def test_every_code_is_known_by_its_name_alone() -> None:
    assert read_codes(list(ALL)) == tuple(ALL)
    assert len({rule.name for rule in ALL.values()}) == len(ALL)


def test_the_documentation_shows_every_key_and_each_is_read(tmp_path: Path) -> None:
    text = (DOCS / "check.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    settings = load_check_settings(write(tmp_path, block), OTHERS)
    assert settings.min_coverage == 90
    assert set(re.findall(r"^(?:# )?([a-z-]+) =", block, re.MULTILINE)) == set(READERS)


@pytest.mark.parametrize("rule", ALL.values(), ids=list(ALL))
def test_every_code_has_a_page(rule: Rule) -> None:
    page = (DOCS / "rules" / f"{rule.code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule.code}: {rule.name}\n")
    listed = (DOCS / "rules" / "README.md").read_text(encoding="utf-8")
    assert f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.summary} |" in listed
    assert rule.on != ("Off by default." in page.split("## ")[0])
