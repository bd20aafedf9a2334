from pathlib import Path

import pytest

from bgtasks.convert.write import convert, write
from bgtasks.errors import BgtasksError
from bgtasks.verify.settings import load_settings

DATA = """\
[case testA]
f(1)  # E: no
[case testB]
[builtins fixtures/x.pyi]
[case testC]
[file m.py]
x = 1
[case testD]
# flags: --disallow-any-generics
f(2)
[case testE]
# flags: --disallow-any-generics
f(3)
[case testF]
# flags: --python-version 3.12
f(3)
"""
SETTINGS = """\
[tool.bgtasks]
cases = ["cases"]
checkers = ["mypy"]

[tool.bgtasks.config]
mypy = "mypy.ini"

[tool.bgtasks.suites.testC]
cases = ["suites/testC"]

[tool.bgtasks.suites.options-1]
cases = ["suites/options-1"]

[tool.bgtasks.suites.options-1.mypy]
disallow_any_generics = true

[tool.bgtasks.suites.options-2]
cases = ["suites/options-2"]
python-versions = ["3.12"]
"""


def test_tests_go_where_they_can_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.test").write_text(DATA)
    (tmp_path / "in" / "deep" / "b.py").write_text("f(1)  # E: no\n")
    made = convert([tmp_path / "in"])
    write(made, tmp_path / "out")
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in tmp_path.glob("out/**/*.py*"))
    assert written == [
        "apart/testB.py",
        "cases/deep/b.py",
        "cases/testA.py",
        "suites/options-1/testD.py",
        "suites/options-1/testE.py",
        "suites/options-2/testF.py",
        "suites/testC/m.py",
        "suites/testC/testC.py",
    ]
    assert made.apart == 1
    assert (tmp_path / "out" / "pyproject.toml").read_text() == SETTINGS
    assert (tmp_path / "out" / "mypy.ini").read_text() == "[mypy]\n"
    monkeypatch.chdir(tmp_path / "out")
    assert [suite.name for suite in load_settings(Path()).suites] == ["testC", "options-1", "options-2"]


def test_a_file_with_options_finds_the_others(tmp_path: Path) -> None:
    for name, head in (("a.py", "# pyright: basic\nimport b\n"), ("b.py", "")):
        (tmp_path / name).write_text(f"{head}f(1)  # E\n")
    write(convert([tmp_path / "a.py", tmp_path / "b.py"]), tmp_path / "out")
    assert 'paths = ["cases"]' in (tmp_path / "out" / "pyproject.toml").read_text()
    write(convert([tmp_path / "a.py"]), tmp_path / "alone")
    assert "paths" not in (tmp_path / "alone" / "pyproject.toml").read_text()


def test_two_tests_of_one_name_are_two_files(tmp_path: Path) -> None:
    for name, line in (("a.test", "f(1)"), ("b.test", "g(1)")):
        (tmp_path / name).write_text(f"[case testA]\n{line}\n")
    assert [str(place) for place in convert([tmp_path]).files] == ["cases/testA.py", "cases/testA_.py"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yml", "x: 1", "a.yml: no list of cases"),
        ("a.txt", "", "a.txt: of no known form; known are files in .test"),
        ("a.test", "[case testA]\n[file ../x.py]\n", "a.test: testA: ../x.py leads out of the folder"),
        ("a.test", "nothing", "no test in "),
    ],
)
def test_what_cannot_be_converted_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BgtasksError, match=message):
        convert([tmp_path / name])


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("f(1)  # E\n")
    with pytest.raises(BgtasksError, match="is not empty; name a new folder with --to"):
        write(convert([tmp_path / "a.py"]), tmp_path)
    with pytest.raises(BgtasksError, match="nowhere: no such file or folder"):
        convert([tmp_path / "nowhere"])


YAML = "- case: one\n  main: x\n"
LONG = "x" * 300


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yml", f"{YAML}  files: &a [*a]\n", "has more in it than can be read"),
        ("a.yml", f"{YAML}  env: &a [{'x, ' * 2_000}]\n  more: [{'*a, ' * 2_000}]\n", "has more in it than"),
        ("a.yml", "[" * 9_999, "nested too deeply"),
        ("a.yml", f"{YAML}  files: text\n", "one: files is no list of tables"),
        ("a.yml", f"{YAML}  files: [{{content: x}}]\n", "one: '' is no name of a file"),
        ("a.yml", f"{YAML}  files: [{{path: 'm.py'}}, {{path: 'm.py/n.py'}}]\n", "new: cannot be written"),
        ("a.yml", f"{YAML}  parametrized: 5\n", "one: parametrized is no list of tables"),
        ("a.yml", '- case: one\n  main: "\\ud800"\n', "new: cannot be written"),
        ("a.test", "[case a]\n[file b\0.py]\n", "is no name of a file"),
        ("a.test", "[case a]\n[file .]\n", "is no name of a file"),
        ("a.test", f"[case a]\nx = 1\n[case {LONG}]\n", "new: cannot be written: File name too long"),
        ("a.md", f"`{LONG}.py`:\n\n```py\nx = 1\n```\n", "new: cannot be written: File name too long"),
    ],
)
def test_what_cannot_be_converted_is_one_line_and_leaves_nothing(
    name: str, text: str, line: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BgtasksError, match=line):
        write(convert([tmp_path / name]), tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("f(1)  # E: no\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    write(convert([tmp_path / "a.py"]), Path())
    assert sorted(path.name for path in Path().iterdir()) == ["cases", "pyproject.toml"]


@pytest.mark.parametrize("value", ["5", "[1]", "'ab'", "{python-platform = ['linux']}"])
def test_options_of_an_odd_shape_are_told(value: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"```toml\nenvironment = {value}\n```\n\n```py\nx = 1\n```\n")
    [line] = convert([tmp_path / "a.md"]).untold
    assert "the option" in line
