from textwrap import dedent

from bgtasks.convert.model import Converted
from bgtasks.convert.mypy_data import read_mypy_data

DATA = """\
    -- what stands before the first case
    [case testPlain]
    # flags: --extra-checks
    x: int = ''  # E: wrong
    \\[not a section]

    [case testFixture]
    y = 1
    [builtins fixtures/tuple.pyi]

    [case testFiles-skip]
    import lib
    [file lib.py]
    z: int = ''
    [file other.pyi]
    w: int
    [out]
    tmp/lib.py:1: error: no
    main:1: error: yes
    [stale]
"""


def read() -> list[Converted]:
    return list(read_mypy_data(dedent(DATA)))


def test_a_case_is_a_test_with_its_claims() -> None:
    plain = read()[0]
    assert plain.files == {"testPlain.py": "\nx: int = ''  # E: mypy\"wrong\"\n[not a section]\n"}
    assert (plain.untold, plain.settings) == ((), {"mypy": {"extra_checks": True}})
    assert not plain.apart


def test_flags_may_go_on_in_the_next_line() -> None:
    data = "[case testMore]\n# flags: --extra-checks \\\n    --strict\nx: int = ''  # E: wrong\n"
    [more] = read_mypy_data(data)
    assert more.files == {"testMore.py": "\n\nx: int = ''  # E: mypy\"wrong\"\n"}
    assert more.settings == {"mypy": {"extra_checks": True, "strict": True}}


def test_what_needs_fixtures_is_told_apart() -> None:
    assert [test.apart for test in read()] == ["", "fixtures/tuple.pyi", ""]


def test_a_case_with_files_is_alone() -> None:
    files = read()[2]
    assert files.alone
    assert files.files == {
        "testFiles.py": 'import lib  # E: mypy"yes"\n',
        "lib.py": "z: int = ''\n",
        "other.pyi": "w: int",
    }
    assert files.untold == (
        "the mark 'skip'",
        "the note 'tmp/lib.py:1: error: no', which is of no line",
        "the section [stale]",
    )
