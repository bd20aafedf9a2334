"""The stubs that this package carries."""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

PACKAGES = ("starlette", "fastapi")
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
