from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.checkers.options import Options
from bgtasks.errors import BgtasksError
from bgtasks.model import Target
from bgtasks.settings import read_outputs
from bgtasks.verify.settings import Settings, load_settings, read_any_checkers, read_target, read_versions

FULL = """
[tool.bgtasks]
cases = ["typetests", "more.py"]
target = "pools:Pool"
stubs = "stubs"
python = ".venv/bin/python"
checkers = ["mypy", "ty"]
gating = ["mypy"]
python-versions = ["3.10", "3.14"]
timeout = 60
outputs = { json = "report.json" }
paths = ["."]
ignores-are-claims = true
config = { mypy = "pyproject.toml" }
ty = { rules = { all = "warn" } }

[tool.bgtasks.suites.loose]
cases = "typetests/loose"
checkers = "mypy"
mypy = { strict = false }
"""


def test_every_setting_is_read_relative_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(FULL)
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    up = Path("..")
    read = load_settings(Path())
    common = Settings(
        cases=(up / "typetests", up / "more.py"),
        target=Target("pools", "Pool"),
        stubs=up / "stubs",
        python=up / ".venv" / "bin" / "python",
        checkers=("mypy", "ty"),
        gating=frozenset({"mypy"}),
        python_versions=("3.10", "3.14"),
        timeout=60,
        outputs=(("json", up / "report.json"),),
        paths=(up,),
        ignores_are_claims=True,
        config=(("mypy", up / "pyproject.toml"),),
        ty={"rules": {"all": "warn"}},
    )
    loose = replace(
        common,
        name="loose",
        cases=(up / "typetests" / "loose",),
        checkers=("mypy",),
        mypy={"strict": False},
    )
    assert read == replace(common, suites=(loose,))


def test_what_is_asked_of_a_checker_is_its_file_and_its_table() -> None:
    settings = Settings(config=(("mypy", Path("mypy.ini")),), pyright={"strict": []})
    assert settings.options == {
        "mypy": Options(Path("mypy.ini"), {}),
        "pyright": Options(None, {"strict": []}),
    }


@pytest.mark.parametrize("text", ["", "[tool.other]\nx = 1", "[tool.bgtasks]"])
def test_without_settings_there_are_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path()) == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[tool.bgtasks", "pyproject.toml: cannot be read: ", id="no TOML"),
        pytest.param("[tool]\nbgtasks = 1", "pyproject.toml: tool.bgtasks: 1 is not a table", id="no table"),
        pytest.param(
            "[tool.bgtasks]\ncheckrs = []",
            "tool.bgtasks.checkrs: no such key; did you mean 'checkers'?",
            id="key",
        ),
        pytest.param(
            "[tool.bgtasks]\npython_versions = []", "did you mean 'python-versions'?", id="underscore"
        ),
        pytest.param(
            "[tool.bgtasks]\ncases = 1", "tool.bgtasks.cases: 1 is not a list of strings", id="list"
        ),
        pytest.param("[tool.bgtasks]\ncases = [1]", "tool.bgtasks.cases: 1 is not a string", id="item"),
        pytest.param("[tool.bgtasks]\ntarget = 1", "tool.bgtasks.target: 1 is not a string", id="string"),
        pytest.param("[tool.bgtasks]\ntarget = 'a'", "'a' is not of the form module:Class", id="target"),
        pytest.param("[tool.bgtasks]\ncheckers = ['mipy']", "'mipy' is no checker; known are", id="checker"),
        pytest.param("[tool.bgtasks]\ncheckers = []", "names no checker", id="no checker"),
        pytest.param("[tool.bgtasks]\npython-versions = ['3']", "'3' is not a Python version", id="version"),
        pytest.param(
            "[tool.bgtasks]\npython-versions = ['3.99']",
            "there is no Python '3.99' that is known; the newest is 3.16",
            id="version of the future",
        ),
        pytest.param("[tool.bgtasks.chek]", "chek: no such key; did you mean 'check'?", id="table"),
        pytest.param("[tool.bgtasks.suites]\na = 1", "suites: 1 is not a table", id="suite"),
        pytest.param("[tool.bgtasks.suites.a]\nty = {}", "suites: a names no cases", id="suite of nothing"),
        pytest.param(
            "[tool.bgtasks.suites.'a b']\ncases = 'x'", "'a b' is no name of a suite", id="name of a suite"
        ),
        pytest.param(
            "[tool.bgtasks.suites.a]\ncases = 'x'\ncheckrs = 1",
            "suites: a.checkrs: no such key; did you mean 'checkers'?",
            id="key of a suite",
        ),
        pytest.param("[tool.bgtasks]\npaths = ['x']", "tool.bgtasks.paths: x is no folder", id="path"),
        pytest.param(
            "[tool.bgtasks]\nignores-are-claims = 1",
            "1 is neither true nor false",
            id="neither true nor false",
        ),
        pytest.param("[tool.bgtasks]\nmypy = 1", "tool.bgtasks.mypy: 1 is not a table", id="options"),
        pytest.param(
            "[tool.bgtasks.config]\nmypy = 'x.ini'", "x.ini: no such file; name the configuration", id="file"
        ),
        pytest.param("[tool.bgtasks.config]\nmipy = 'x'", "'mipy' is no checker; known are", id="whose file"),
        pytest.param("[tool.bgtasks]\ntimeout = 0", "0 is not a number of seconds above 0", id="zero"),
        pytest.param("[tool.bgtasks]\ntimeout = true", "True is not a number of seconds", id="true"),
        pytest.param("[tool.bgtasks]\noutputs = 'json'", "'json' is not a table", id="outputs"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BgtasksError) as error:
        load_settings(Path())
    assert str(error.value).startswith("pyproject.toml: ")
    assert message in str(error.value)


def test_all_stands_for_every_checker() -> None:
    assert read_any_checkers(["all"]) == (
        "mypy",
        "mypy+plugin",
        "pyright",
        "basedpyright",
        "pyrefly",
        "ty",
        "zuban",
    )
    assert read_any_checkers(["ty", "mypy", "ty"]) == ("ty", "mypy")


def test_a_target_may_lie_deep() -> None:
    assert read_target("a.b_c:D1") == Target("a.b_c", "D1")


@pytest.mark.parametrize("text", ["", "a", "a:", ":b", "a:b:c", "a-b:c", "1:a", "a..b:c", "a b:c"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(BgtasksError, match="is not of the form module:Class"):
        read_target(text)


def test_versions_and_outputs_keep_their_order() -> None:
    assert read_versions(["3.14", "3.10", "3.14"]) == ("3.14", "3.10")
    assert read_outputs(["json=a=b.json", "html=-"]) == (("json", Path("a=b.json")), ("html", Path("-")))


@pytest.mark.parametrize("text", ["json", "json=", "=a"])
def test_what_is_no_output_is_refused(text: str) -> None:
    with pytest.raises(BgtasksError, match="is not of the form format=path"):
        read_outputs([text])
