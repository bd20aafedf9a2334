"""Which of the stubs go where, for each checker."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

# mypy finds no "*-stubs" on its mypy_path, so it gets a second copy, out of sight of who looks into the
# folder itself. Zuban merges what it finds there with nothing: see configure.read_zuban.
MYPY = ".mypy"


def lay_out(
    bundle: Mapping[str, bytes], packages: Collection[str], checkers: Collection[str]
) -> Mapping[str, bytes]:
    """Return the files that `checkers` need for the stubs of `packages`, by their path below the folder."""
    wanted: dict[str, bytes] = {}
    for path, content in bundle.items():
        stubs, _, file = path.partition("/")
        package = stubs.removesuffix("-stubs")
        if package not in packages:
            continue
        if set(checkers) - {"mypy"}:
            wanted[path] = content
        if "mypy" in checkers and file != "py.typed":
            wanted[f"{MYPY}/{package}/{file}"] = content
    return MappingProxyType(wanted)
