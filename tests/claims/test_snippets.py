import pytest

from bgtasks.claims.snippets import find_snippets, join_sections

TEXT = """\
```python
a = 1
```

# One

```py title="x.py"
b = 1
```

```sh
c
```

<!-- bgtasks: skip -->

```python
d
```

- in a list

  ```python
  e = 1
  ```

## One

```pycon
>>> f
```

```python
g = 1
```
"""


def test_the_blocks_of_a_section_are_one_source_on_their_lines() -> None:
    sections = dict(join_sections(TEXT))
    assert list(sections) == ["top", "one", "one_"]
    assert {name: text.split() for name, text in sections.items()} == {
        "top": ["a", "=", "1"],
        "one": ["b", "=", "1", "e", "=", "1"],
        "one_": ["g", "=", "1"],
    }
    lines = TEXT.split("\n")
    for text in sections.values():
        for number, line in enumerate(text.split("\n")):
            assert not line or lines[number].strip() == line


def test_a_block_knows_its_headings_and_what_stands_before_it() -> None:
    found = list(find_snippets(TEXT))
    assert [snippet.language for snippet in found] == ["python", "py", "sh", "python", "pycon", "python"]
    assert [snippet.section for snippet in found][-1] == ("One", "One")
    assert found[3].before == "in a list"


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("Python title=x", "python"),
        ("python{1,2}", "python"),
        ("{.python}", "python"),
        ("python3.12", "python3"),
        ("python-repl", "python-repl"),
        ("", ""),
    ],
)
def test_what_follows_a_language_is_not_part_of_it(info: str, language: str) -> None:
    [snippet] = find_snippets(f"```{info}\nx = 1\n```\n")
    assert snippet.language == language
