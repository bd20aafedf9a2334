import pytest

from bgtasks.documents import decode, from_commented_json


@pytest.mark.parametrize("name", ["rot13", "hex", "zlib", "undefined", "no-such", "idna\\u0020"])
def test_what_no_encoding_reads_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(f"# coding: {name}\nx = '\\u00e9'\n".encode() + b"\xff")


def test_comments_and_last_commas_are_read_over_but_not_in_strings() -> None:
    text = '{"a": "//x, ]", /* c */ "b": [1, "/*", ], // d\n}'
    assert from_commented_json(text) == {"a": "//x, ]", "b": [1, "/*"]}


@pytest.mark.parametrize("part", ["/*", '"\\"', ", ", "//"])
def test_what_is_never_closed_is_read_once(part: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_commented_json(part * 300_000)  # to look through it from each part on would take hours
