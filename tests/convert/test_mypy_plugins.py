from textwrap import dedent

import pytest

from bgtasks.convert.mypy_plugins import read_mypy_plugins
from bgtasks.errors import BgtasksError

CASES = """\
    - case: with files
      main: |
        import app
        app.f(1)  # E: wrong  [arg-type]
      files:
        - path: app/__init__.py
          content: |
            def f(a: str) -> None: ...
        - path: app/py.typed
    - case: each
      parametrized:
        - {value: "1", type: int}
        - {value: "''", type: str}
      main: |
        reveal_type({{ value }})
      out: |
        main:1: note: Revealed type is "{{ type }}"
    - case: more
      skip: sys.platform == "win32"
      regex: yes
      mypy_config: |
        strict = true
      main: f(1)
      out: |
        main:1: error: .* wrong  [x]
"""


def test_a_case_that_is_always_skipped_is_none() -> None:
    text = "- case: a\n  skip: True\n  main: f()\n- case: b\n  skip: no\n  main: f()\n"
    assert [test.name for test in read_mypy_plugins(text)] == ["b"]


def test_a_case_becomes_a_test_for_each_set_of_parameters() -> None:
    files, one, two, more = read_mypy_plugins(dedent(CASES))
    assert files.alone
    assert files.files == {
        "with_files.py": 'import app\napp.f(1)  # E: mypy[arg-type]"wrong"\n',
        "app/__init__.py": "def f(a: str) -> None: ...\n",
        "app/py.typed": "",
    }
    assert one.files == {"each_1.py": 'reveal_type(1)  # revealed: mypy"int"\n'}
    assert two.files == {"each_2.py": "reveal_type('')  # revealed: mypy\"str\"\n"}
    assert more.files == {"more.py": "f(1)  # E: mypy[x]\n"}
    assert more.settings == {"mypy": {"strict": True}}
    assert more.untold == (
        'the key skip: sys.platform == "win32"',
        "the pattern '.* wrong  [x]', but for its code",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [("a: [", "no YAML: "), ("a: 1", "no list of cases"), ("- main: x", "an item that is no case")],
)
def test_what_is_none_of_its_files_is_named(text: str, message: str) -> None:
    with pytest.raises(BgtasksError, match=message):
        list(read_mypy_plugins(text))
