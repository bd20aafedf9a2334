"""The stubs that this package carries, and the layout that each checker needs."""

import re
from collections.abc import Collection, Mapping
from importlib.resources import files
from types import MappingProxyType

PACKAGES = ("starlette", "fastapi")
MANIFEST = "bgtasks-vendor.json"
# mypy finds no "*-stubs" on its mypy_path, so it gets a second copy, out of sight of who looks into the
# folder itself. Zuban merges what it finds there with nothing: see configure.read_zuban.
MYPY = ".mypy"
SENTINEL = re.compile(r'^_bgtasks_stubs: Literal\["(.+)"\]$', re.MULTILINE)


def read_bundle() -> Mapping[str, bytes]:
    """Return every file of the stubs, by its path, from a wheel (zipped or not) or from a checkout."""
    package = files("bgtasks")
    folder = package / "_stubs"
    if not folder.is_dir():
        folder = package / ".." / "stubs"
    return MappingProxyType(
        {
            f"{stubs.name}/{file.name}": file.read_bytes()
            for stubs in sorted(folder.iterdir(), key=lambda path: path.name)
            if stubs.name.endswith("-stubs")
            for file in sorted(stubs.iterdir(), key=lambda path: path.name)
            if file.name == "py.typed" or file.name.endswith(".pyi")
        }
    )


def stubs_version(bundle: Mapping[str, bytes]) -> str:
    """Return the version that a checker tells of the stubs."""
    [version] = SENTINEL.findall(bundle["starlette-stubs/background.pyi"].decode())
    return str(version)


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
