from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.verify.find import find_suite

CHECKERS = frozenset({"mypy", "pyright"})


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")


def test_folders_are_searched(tmp_path: Path) -> None:
    for name in ("b.py", "a/b.py", "a/__init__.py", ".hidden/c.py", "__pycache__/d.py", "notes.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x = 1\n")
    suite = find_suite([tmp_path, tmp_path / "b.py"], CHECKERS)
    cases, errors = suite.cases, suite.errors
    assert [str(case.module) for case in cases] == ["a/__init__.py", "a/b.py", "b.py"]
    assert errors == ()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("broken.py", b"def f(:", "broken.py:1: syntax error", id="syntax"),
        pytest.param("latin.py", b"x = '\xe9'", "latin.py: cannot be decoded", id="encoding"),
        pytest.param("cookie.py", b"# coding: nonsense", "cookie.py: cannot be decoded", id="cookie"),
    ],
)
def test_a_broken_case_does_not_lose_the_others(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / "good.py").write_text("f()  # OK\n")
    (tmp_path / name).write_bytes(content)
    suite = find_suite([tmp_path], CHECKERS)
    cases, errors = suite.cases, suite.errors
    assert [case.path.name for case in cases] == ["good.py"]
    assert [message in str(error) for error in errors] == [True]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BgtasksError, match="nowhere: no such file or folder"):
        find_suite([tmp_path / "nowhere"], CHECKERS)


def test_a_file_and_a_package_of_one_name_are_named(tmp_path: Path) -> None:
    (tmp_path / "sending").mkdir()
    for name in ("sending.py", "sending/__init__.py"):
        (tmp_path / name).write_text("x = 1\n")
    with pytest.raises(BgtasksError, match="is the module 'sending' and so is"):
        find_suite([tmp_path], CHECKERS)


def test_two_files_of_one_module_are_named(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "case.py").write_text("x = 1\n")
    with pytest.raises(BgtasksError, match=r"case\.py.* and so is .*case\.py"):
        find_suite([tmp_path / "a", tmp_path / "b"], CHECKERS)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param("types.py", "types_cases.py", id="module of the standard library"),
        pytest.param("asyncio/case.py", "asyncio_cases/case.py", id="folder of the standard library"),
        pytest.param("pools/types.py", "pools/types.py", id="name of the standard library, further down"),
        pytest.param("my-case.py", "my_case.py", id="hyphen"),
        pytest.param("3.12/1st case.py", "_3_12/_1st_case.py", id="digit"),
    ],
)
def test_a_name_that_is_none_of_a_module_is_laid_out_under_another(
    tmp_path: Path, name: str, place: str
) -> None:
    write(tmp_path, name)
    suite = find_suite([tmp_path], CHECKERS)
    assert [(case.path, case.module) for case in suite.cases] == [(tmp_path / name, Path(place))]


@pytest.mark.parametrize("given", ["tests/cases", "tests/cases/a.py"])
def test_cases_in_a_package_are_laid_out_with_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    write(tmp_path, "other.py", "tests/__init__.py", "tests/tools.py", "tests/cases/__init__.py")
    write(tmp_path, "tests/cases/a.py", "tests/cases/b.py", "tests/more/c.pyi")
    monkeypatch.chdir(tmp_path)
    suite = find_suite([Path(given)], CHECKERS)
    found = [str(case.module) for case in suite.cases]
    assert "tests/cases/a.py" in found
    assert sorted([*found, *(str(place) for place, _ in suite.beside)]) == [
        "tests/__init__.py",
        "tests/cases/__init__.py",
        "tests/cases/a.py",
        "tests/cases/b.py",
        "tests/more/c.pyi",
        "tests/tools.py",
    ]


DOCUMENT = """\
# One

```python
f(1)  # OK
```

# Two

```python
g(1)  # E
```
"""


def test_the_sections_of_a_document_are_cases_on_their_lines(tmp_path: Path) -> None:
    (tmp_path / "how-to.md").write_text(DOCUMENT)
    cases = find_suite([tmp_path], CHECKERS).cases
    assert [(str(case.module), case.key.name) for case in cases] == [
        ("how_to/one.py", "one"),
        ("how_to/two.py", "two"),
    ]
    assert [(case.path.name, claim.line) for case in cases for claim in case.claims] == [
        ("how-to.md", 4),
        ("how-to.md", 10),
    ]


def test_a_folder_with_python_is_not_searched_for_documents(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(DOCUMENT)
    (tmp_path / "case.py").write_text("f(1)  # OK\n")
    assert [case.path.name for case in find_suite([tmp_path], CHECKERS).cases] == ["case.py"]
    found = find_suite([tmp_path, tmp_path / "a.md"], CHECKERS).cases
    assert [case.path.name for case in found] == ["a.md", "a.md", "case.py"]


def test_a_section_that_cannot_be_read_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(DOCUMENT.replace("g(1)", "g(:"))
    [error] = find_suite([tmp_path], CHECKERS).errors
    assert "a.md:10: syntax error" in str(error)


def test_a_stub_beside_a_case_takes_the_place_of_its_module(tmp_path: Path) -> None:
    write(tmp_path, "lib.py", "lib.pyi", "case.py")
    suite = find_suite([tmp_path], CHECKERS)
    assert [str(case.module) for case in suite.cases] == ["case.py"]
    assert suite.beside == ((Path("lib.pyi"), tmp_path / "lib.pyi"),)
