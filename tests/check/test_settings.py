import re
from pathlib import Path

import pytest

from bgtasks.check.codes import CODES
from bgtasks.check.model import Rule
from bgtasks.check.settings import READERS, CheckSettings, load_check_settings, read_codes
from bgtasks.errors import BgtasksError
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
    assert load_check_settings(Path()) == CheckSettings(
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
    assert load_check_settings(write(tmp_path, "")) == CheckSettings()


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
        load_check_settings(tmp_path)


@pytest.mark.parametrize(
    ("select", "ignore", "selected"),
    [
        pytest.param([], [], True, id="all"),
        pytest.param(["BGT1"], [], True, id="selected"),
        pytest.param(["BGT2"], [], False, id="not selected"),
        pytest.param([], ["BGT100"], False, id="ignored"),
        pytest.param(["BGT100"], ["BGT1"], True, id="the longest decides"),
        pytest.param(["BGT1"], ["BGT100"], False, id="that of ignore too"),
        pytest.param(["BGT100"], ["BGT100"], False, id="of equals it is ignored"),
    ],
)
def test_a_code_is_selected_by_what_it_begins_with(
    select: list[str], ignore: list[str], selected: bool
) -> None:
    settings = CheckSettings(select=tuple(select) or ("BGT",), ignore=tuple(ignore))
    assert settings.selects("BGT100") == selected


def test_every_code_is_known_by_its_name_alone() -> None:
    assert read_codes(list(CODES)) == tuple(CODES)
    assert len({rule.name for rule in CODES.values()}) == len(CODES)


def test_the_documentation_shows_every_key_and_each_is_read(tmp_path: Path) -> None:
    text = (DOCS / "check.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    settings = load_check_settings(write(tmp_path, block))
    assert settings.min_coverage == 90
    assert set(re.findall(r"^([a-z-]+) =", block, re.MULTILINE)) == set(READERS)


@pytest.mark.parametrize("rule", CODES.values(), ids=list(CODES))
def test_every_code_has_a_page(rule: Rule) -> None:
    page = (DOCS / "rules" / f"{rule.code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule.code}: {rule.name}\n")
    listed = (DOCS / "rules" / "README.md").read_text(encoding="utf-8")
    assert f"| [{rule.code}]({rule.code}.md) | {rule.name} |" in listed
