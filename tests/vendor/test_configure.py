from collections.abc import Sequence
from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.vendor.configure import advise, configured, read_configuration
from bgtasks.vendor.insert import insert, refuse_contradictions, write_config
from bgtasks.vendor.model import Advice
from bgtasks.vendor.words import advice_lines

OURS = "$MYPY_CONFIG_FILE_DIR/typings/.mypy"
ZUBAN = '[tool.zuban]\nmypy_path = ["typings"]\n'


def ask(root: Path, *checkers: str, folder: str = "typings", **files: str) -> list[Advice]:
    for name, text in files.items():
        (root / {"pyproject": "pyproject.toml"}.get(name, name.replace("__", "."))).write_text(text)
    return advise(read_configuration(root, Path(folder), checkers))


def said(advices: Sequence[Advice]) -> list[tuple[str, str, object, bool]]:
    return [
        (advice.file, ".".join((*advice.table, advice.key)), advice.value, bool(advice.problem))
        for advice in advices
    ]


@pytest.mark.parametrize(
    ("checker", "expected"),
    [
        ("mypy", [("pyproject.toml", "tool.mypy.mypy_path", OURS, False)]),
        ("pyright", []),
        ("basedpyright", []),
        ("pyrefly", [("pyproject.toml", "tool.pyrefly.search-path", ["typings"], False)]),
        ("ty", [("pyproject.toml", "tool.ty.environment.extra-paths", ["typings"], False)]),
        ("zuban", [("pyproject.toml", "tool.zuban.mypy_path", ["typings"], False)]),
    ],
)
def test_what_a_checker_needs(tmp_path: Path, checker: str, expected: object) -> None:
    assert said(ask(tmp_path, checker)) == expected


@pytest.mark.parametrize(
    ("checker", "key"),
    [
        ("pyright", "tool.pyright.stubPath"),
        ("basedpyright", "tool.basedpyright.stubPath"),
        ("pyrefly", "tool.pyrefly.search-path"),
    ],
)
def test_what_a_checker_needs_for_another_folder(tmp_path: Path, checker: str, key: str) -> None:
    [(file, told, _, problem)] = said(ask(tmp_path, checker, folder="stubs/own"))
    assert (file, told, problem) == ("pyproject.toml", key, False)


@pytest.mark.parametrize(
    ("checker", "files"),
    [
        ("mypy", {"pyproject": f'[tool.mypy]\nmypy_path = "src:{OURS}"\n'}),
        ("mypy", {"pyproject": f'[tool.mypy]\nmypy_path = ["src", " {OURS}"]\n'}),
        ("mypy", {"mypy__ini": f"[mypy]\nmypy_path = src, {OURS}\n"}),
        ("mypy", {"setup__cfg": f"[mypy]\nmypy_path = {OURS}\n"}),
        ("pyright", {"pyproject": '[tool.pyright]\nstubPath = "./typings/"\n'}),
        ("pyrefly", {"pyproject": "[tool.pyrefly]\n"}),
        ("pyrefly", {"pyrefly__toml": ""}),
        ("pyrefly", {"pyproject": "[tool.mypy]\n"}),
        ("pyrefly", {"mypy__ini": ""}),
        ("pyrefly", {"pyrightconfig__json": ""}),
        ("ty", {"pyproject": '[tool.ty.environment]\nextra-paths = ["src", "./typings"]\n'}),
        ("ty", {"ty__toml": '[environment]\nextra-paths = ["typings"]\n'}),
        ("zuban", {"pyproject": ZUBAN}),
    ],
)
def test_what_stands_is_enough(tmp_path: Path, checker: str, files: dict[str, str]) -> None:
    assert ask(tmp_path, checker, **files) == []


@pytest.mark.parametrize(
    ("checkers", "files", "file", "problem"),
    [
        (
            ["mypy"],
            {"pyproject": '[tool.mypy]\nmypy_path = "src"\n'},
            "pyproject.toml",
            "'src' stands there",
        ),
        (["mypy"], {"mypy__ini": "[mypy]\n"}, "mypy.ini", "mypy.ini comes before pyproject.toml"),
        (["mypy"], {"setup__cfg": "[mypy]\n"}, "setup.cfg", "setup.cfg comes before pyproject.toml"),
        (
            ["pyright"],
            {"pyproject": '[tool.pyright]\nstubPath = "src"\n'},
            "pyproject.toml",
            "'src' stands there",
        ),
        (
            ["pyright"],
            {"pyrightconfig__json": '{\n  "stubPath": "src" // mine\n}'},
            "pyrightconfig.json",
            "'src' stands there",
        ),
        (
            ["pyright"],
            {"pyrightconfig__json": '{"$schema": "https://example.org", "stubPath": "src",}'},
            "pyrightconfig.json",
            "'src' stands there",
        ),
        (
            ["basedpyright"],
            {"pyproject": "[tool.pyright]\n[tool.basedpyright]\n"},
            "pyproject.toml",
            "basedpyright refuses to start where [tool.pyright] stands too; keep one of them",
        ),
        (
            ["ty"],
            {"ty__toml": "", "pyproject": '[tool.ty.environment]\nextra-paths = ["typings"]\n'},
            "ty.toml",
            "ty.toml comes before pyproject.toml",
        ),
        (
            ["zuban"],
            {"pyproject": '[tool.zuban]\nmypy_path = ["src"]\n'},
            "pyproject.toml",
            "['src'] stands there",
        ),
        (
            ["mypy", "zuban"],
            {"pyproject": f'[tool.mypy]\nmypy_path = "{OURS}"\n{ZUBAN}'},
            "pyproject.toml",
            "without the space at its beginning Zuban would follow it, and lose all else",
        ),
        (
            ["mypy", "zuban"],
            {"setup__cfg": f"[mypy]\nmypy_path = {OURS}\n", "pyproject": ZUBAN},
            "mypy.ini",
            "Zuban would follow the mypy_path of setup.cfg, and lose all else; move the section to mypy.ini",
        ),
    ],
)
def test_a_contradiction_is_one_clear_line(
    tmp_path: Path, checkers: list[str], files: dict[str, str], file: str, problem: str
) -> None:
    [advice] = ask(tmp_path, *checkers, **files)
    assert (advice.file, advice.problem) == (file, problem)
    with pytest.raises(BgtasksError, match=r"nothing was written; leave --write-config out") as refused:
        refuse_contradictions([advice])
    assert "\n" not in str(refused.value)
    assert problem in str(refused.value)


def test_pyright_gets_no_table_that_basedpyright_refuses(tmp_path: Path) -> None:
    [advice, _] = ask(
        tmp_path, "pyright", "basedpyright", folder="stubs/own", pyproject="[tool.basedpyright]\n"
    )
    assert advice.problem is not None
    shared = said(ask(tmp_path, "pyright", "basedpyright", folder="stubs/own", pyproject=""))
    assert shared == [("pyproject.toml", "tool.pyright.stubPath", "stubs/own", False)] * 2


def test_mypy_and_zuban_are_kept_apart(tmp_path: Path) -> None:
    assert said(ask(tmp_path, "mypy", "zuban", pyproject=ZUBAN)) == [
        ("pyproject.toml", "tool.mypy.mypy_path", [f" {OURS}"], False)
    ]
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nmypy_path = {OURS}\n")
    assert said(ask(tmp_path, "mypy", "zuban")) == [("pyproject.toml", "tool.mypy.", None, False)]


def test_the_text_is_what_has_to_stand_there(tmp_path: Path) -> None:
    advices = ask(tmp_path, "mypy", "ty", mypy__ini="[mypy]\n")
    assert list(advice_lines(advices)) == [
        "mypy needs in mypy.ini, by hand: mypy.ini comes before pyproject.toml",
        "    [mypy]",
        f"    mypy_path = {OURS}",
        "ty needs in pyproject.toml",
        "    [tool.ty.environment]",
        '    extra-paths = ["typings"]',
    ]


@pytest.mark.parametrize(
    ("checkers", "files", "line"),
    [
        (["mypy"], {"pyproject": '[tool.mypy]\nmypy_path = "src:lib"\n'}, f'["src", "lib", "{OURS}"]'),
        (["mypy"], {"mypy__ini": "[mypy]\nmypy_path = src\n"}, f"src, {OURS}"),
        (["ty"], {"pyproject": '[tool.ty.environment]\nextra-paths = ["src"]\n'}, '["src", "typings"]'),
    ],
    ids=["mypy", "mypy.ini", "ty"],
)
def test_what_stands_is_part_of_what_to_write(
    tmp_path: Path, checkers: list[str], files: dict[str, str], line: str
) -> None:
    *_, last = advice_lines(ask(tmp_path, *checkers, **files))
    assert last.partition(" = ")[2] == line


def test_a_configuration_shows_who_is_used(tmp_path: Path) -> None:
    assert list(configured(read_configuration(tmp_path, Path("typings"), ()))) == []
    (tmp_path / "setup.cfg").write_text("[mypy]\n")
    (tmp_path / "pyrightconfig.json").write_text("{}")
    (tmp_path / "pyproject.toml").write_text("[tool.basedpyright]\n[tool.zuban]\n[tool.ruff]\n")
    (tmp_path / "ty.toml").write_text("")
    found = list(configured(read_configuration(tmp_path, Path("typings"), ())))
    assert found == ["mypy", "pyright", "basedpyright", "ty", "zuban"]


@pytest.mark.parametrize(
    ("file", "text"), [("pyproject.toml", "[tool"), ("mypy.ini", "mypy_path"), ("ty.toml", "=")]
)
def test_a_broken_file_is_named(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(BgtasksError, match=rf"^{file}: cannot be read: .*$"):
        read_configuration(tmp_path, Path("typings"), ())


EMPTY = ""
PLAIN = '# mine\n[project]\nname   = "shop"  # why\n\n[tool.ruff]\nline-length = 100\n'
TABLE = """\
[tool.mypy]
strict = true  # yes

[[tool.mypy.overrides]]
module = 'a'

[build-system]
requires = []
"""
DOTTED = "tool.mypy.strict = true\n[project]\nname = 'shop'\n"
NESTED = """\
[tool]
mypy.strict = true

[tool.ty.src]
root = 'src'

[project]
name = 'shop'
[tool.black]
line-length = 1
"""


@pytest.mark.parametrize(
    "text", [EMPTY, PLAIN, TABLE, DOTTED, NESTED], ids=["empty", "plain", "table", "dotted", "nested"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_keys_are_added_and_nothing_else_changes(tmp_path: Path, text: str, ending: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(text.replace("\n", ending).encode())
    checkers = ("mypy", "pyrefly", "ty", "zuban")
    assert write_config(tmp_path, ask(tmp_path, *checkers))
    written = file.read_bytes().decode()
    assert ask(tmp_path, *checkers) == []
    lines = iter(written.splitlines())
    assert all(line in lines for line in text.splitlines()), "a line is gone, or has moved"
    assert written.count("\n") == written.count(ending if text else "\n")
    stamp = file.stat().st_mtime_ns
    assert not write_config(tmp_path, ask(tmp_path, *checkers))
    assert file.stat().st_mtime_ns == stamp


def test_what_cannot_be_kept_is_refused() -> None:
    advice = Advice("zuban", "pyproject.toml", ("tool", "mypy"), "mypy_path", ["typings"])
    with pytest.raises(BgtasksError, match=r"pyproject\.toml: would not keep its layout"):
        insert("[tool]\nmypy = {strict = true}\n", [advice])
    with pytest.raises(BgtasksError, match=r"pyproject\.toml: cannot be added to"):
        insert("tool = 1\n", [advice])


def test_a_key_that_stands_is_never_changed() -> None:
    text = "[tool.ty.environment]\nextra-paths = ['src']\n"
    assert (
        insert(text, [Advice("ty", "pyproject.toml", ("tool", "ty", "environment"), "extra-paths", ["a"])])
        == text
    )
