import pytest

from bgtasks.surroundings.bundle import read_bundle
from bgtasks.vendor.layout import lay_out
from bgtasks.vendor.manifest import from_document

DIGEST = {"sha256": "", "tree": ""}


def document(path: str) -> dict[str, object]:
    return {"tool": "t", "upstream": {}, "checkers": [], "files": {path: DIGEST}}


@pytest.mark.parametrize(
    "path",
    ["mine.pyi", "starlette/mine.pyi", "../x.pyi", "starlette-stubs/../x.pyi", "a/starlette-stubs/x.pyi"],
)
def test_a_manifest_names_files_of_ours_only(path: str) -> None:
    with pytest.raises(ValueError, match="no file of ours"):
        from_document(document(path))


def test_what_we_lay_out_is_ours() -> None:
    for path in lay_out(read_bundle(), ["starlette", "fastapi"], ["mypy", "ty"]):
        assert list(from_document(document(path)).files) == [path]
