from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.verify.settings import Settings
from bgtasks.verify.suites import find_owners, keep_apart, part, part_at

ALL = Settings(
    cases=(Path("t"),),
    suites=(
        Settings(cases=(Path("t/strict"),), name="strict"),
        Settings(cases=(Path("t/strict"), Path("t/one.py")), name="loose"),
        Settings(cases=(Path("docs"),), name="docs"),
    ),
)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        pytest.param("t/a.py", [""], id="of all the rest"),
        pytest.param("t", [""], id="their folder"),
        pytest.param("t/strict/a.py", ["strict", "loose"], id="the innermost, of which there are two"),
        pytest.param("t/one.py", ["loose"], id="a file"),
        pytest.param("docs/x/y.md", ["docs"], id="elsewhere"),
        pytest.param("other/a.py", [""], id="nowhere"),
    ],
)
def test_the_innermost_suite_has_a_case(path: str, names: list[str]) -> None:
    assert [suite.name for suite in find_owners(ALL, Path(path))] == names


@pytest.mark.parametrize(
    ("path", "paths", "parts"),
    [
        pytest.param("t/a.py", [], {"": ["t"]}, id="named by the settings"),
        pytest.param("t/one.py", [], {"loose": ["t/strict", "t/one.py"]}, id="of a suite"),
        pytest.param("other/a.py", [], {"": ["other/a.py"]}, id="named by nobody"),
        pytest.param("other/a.py", ["other"], {"": ["other"]}, id="in what is given"),
        pytest.param("other/a.py", ["docs"], {"docs": ["docs"]}, id="elsewhere than what is given"),
    ],
)
def test_one_case_needs_no_other_name(path: str, paths: list[str], parts: dict[str, list[str]]) -> None:
    found = part_at(ALL, Path(path), list(map(Path, paths)))
    assert {suite.name: [case.as_posix() for case in suite.cases] for suite in found} == parts


@pytest.mark.parametrize(
    ("paths", "parts"),
    [
        pytest.param(
            [],
            {
                "": "t without t/strict t/one.py",
                "strict": "t/strict",
                "loose": "t/strict t/one.py",
                "docs": "docs",
            },
            id="all",
        ),
        pytest.param(["t/a.py"], {"": "t/a.py"}, id="one file"),
        pytest.param(["t/one.py"], {"loose": "t/one.py"}, id="one file of a suite"),
        pytest.param(["docs", "t/a.py"], {"": "t/a.py", "docs": "docs"}, id="two"),
        pytest.param(
            ["."],
            {
                "": ". without t/strict t/one.py docs",
                "strict": "t/strict",
                "loose": "t/strict t/one.py",
                "docs": "docs",
            },
            id="the folder above",
        ),
        pytest.param(
            ["t/strict/a.py"],
            {"strict": "t/strict/a.py", "loose": "t/strict/a.py"},
            id="one file of two suites",
        ),
    ],
)
def test_paths_are_parted_into_suites(paths: list[str], parts: dict[str, str]) -> None:
    found = part(ALL, [Path(path) for path in paths])
    assert {suite.name: spell(suite) for suite in found} == parts


def spell(suite: Settings) -> str:
    cases, without = (" ".join(path.as_posix() for path in paths) for paths in (suite.cases, suite.without))
    return f"{cases} without {without}" if without else cases


def test_without_suites_nothing_changes() -> None:
    settings = Settings(cases=(Path("t"),))
    assert part(settings) == (settings,)
    assert part(Settings()) == (Settings(),)
    assert part(Settings(), [Path("x")]) == (Settings(cases=(Path("x"),)),)


def write(name: str, *outputs: str) -> Settings:
    return Settings(
        name=name, outputs=tuple((Path(path).suffix[1:] or "json", Path(path)) for path in outputs)
    )


def test_what_suites_write_is_kept_apart_by_their_names() -> None:
    kept = keep_apart([write("", "r.json"), write("a", "r.json", "own.html"), write("b", "r.json")])
    assert [[path.name for _, path in suite.outputs] for suite in kept] == [
        ["r.json"],
        ["r-a.json", "own.html"],
        ["r-b.json"],
    ]


def test_one_suite_writes_what_it_was_told() -> None:
    assert keep_apart([write("a", "r.json")]) == (write("a", "r.json"),)


def test_two_documents_are_not_written_as_one() -> None:
    with pytest.raises(BgtasksError, match=r"--output json=-: is for one suite; name the cases of one"):
        keep_apart([write("a", "-"), write("b", "-")])
