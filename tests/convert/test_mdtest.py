import pytest

from bgtasks.convert.mdtest import read_mdtest

SUITE = """\
# Calls

```toml
[environment]
python-version = "3.12"
```

## Wrong

Some words.

```py
f(1)  # error: [a-rule] "is `not`"
# error: "above"
# revealed: int
reveal_type(g())
h()  # error: 3 [b]
```

And more of the same file:

```python
reveal_type(x)  # revealed: list[int]
```

## Files

```toml
[rules]
a-rule = "ignore"
```

`lib.py`:

```py
x = 1
```

`main.py`:

```py
import lib
```
"""


def test_a_section_is_a_test_and_its_comments_are_claims_of_ty() -> None:
    wrong, files = read_mdtest(SUITE)
    assert wrong.files == {
        "calls_wrong.py": (
            'f(1)  # E: ty[a-rule]"is `not`"\n'
            "\n"
            "\n"
            'reveal_type(g())  # E: ty"above"\n'
            "h()  # E: ty[b]\n"
            'reveal_type(x)  # revealed: ty"list[int]"\n'
        )
    }
    assert wrong.untold == ("the type 'revealed: ty\"int\"', beside an error",)
    assert wrong.settings == {"python-versions": ["3.12"]}
    assert files.settings == {"ty": {"rules": {"a-rule": "ignore"}}}
    assert (files.alone, files.files) == (True, {"lib.py": "x = 1\n", "main.py": "import lib\n"})


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("f()  # snapshot: a-rule", "E: ty[a-rule]"),
        ("f()  # snapshot", "E"),
        ('f()  # error: [a] "between `x["y"]` and"', 'E: ty[a]"between `x[\\"y\\"]` and"'),
        ("f()  # OK: why", "(OK): why"),
        ("f()  # revealed: int  # fmt: skip", 'revealed: ty"int"'),
        ('f()  # error: [a] "one" # error: [b] "two"', 'E: ty[a]"one" ty[b]"two"'),
    ],
)
def test_an_assertion_is_read_in_each_of_its_forms(line: str, claim: str) -> None:
    [test] = read_mdtest(f"# A\n\n```py\n{line}\n```\n")
    assert test.files == {"a.py": f"f()  # {claim}\n"}


def test_what_is_no_case_is_told_apart() -> None:
    suite = "# A\n\n```py\nx = (  # error: [invalid-syntax]\n```\n\n# B\n\n```py\nf()  # type: ignore\n```\n"
    assert [test.apart for test in read_mdtest(suite)] == [
        "what is no Python",
        "comments that ignore, obeyed",
    ]
