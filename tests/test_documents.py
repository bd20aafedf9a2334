import pytest

from bgtasks.documents import decode


@pytest.mark.parametrize("name", ["rot13", "hex", "zlib", "undefined", "no-such", "idna\\u0020"])
def test_what_no_encoding_reads_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(f"# coding: {name}\nx = '\\u00e9'\n".encode() + b"\xff")
