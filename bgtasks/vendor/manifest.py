"""The manifest beside the stubs: what was vendored, from what, without a time stamp."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from bgtasks.checkers import CHECKERS
from bgtasks.documents import from_json as parse_json
from bgtasks.errors import BgtasksError
from bgtasks.surroundings.bundle import PACKAGES, stubs_version
from bgtasks.vendor.layout import MYPY
from bgtasks.vendor.model import Digest, Manifest, Package, Project
from bgtasks.vendor.state import digest, locate, read_file

MANIFEST = "bgtasks-vendor.json"
# starlette-stubs/background.pyi, or .mypy/starlette/background.pyi
NAMES = f"(?:{'|'.join(PACKAGES)})"
OURS = re.compile(rf"(?:{NAMES}-stubs|{re.escape(MYPY)}/{NAMES})/(?:\w+\.pyi|py\.typed)")


def read_manifest(project: Project, *, force: bool = False) -> Manifest | None:
    """Return the manifest, None where there is none. Raises `BgtasksError` unless `force` forgives it."""
    content = read_file(locate(project, MANIFEST))
    if content is None:
        return None
    try:
        return from_document(parse_json(content))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if force:
            return None
        place = project.folder / MANIFEST
        raise BgtasksError(f"{place}: is no manifest of ours ({error!r}); --force replaces it") from None


def from_document(document: dict[str, Any]) -> Manifest:
    if unknown := {*document["upstream"], *document["checkers"]} - {*PACKAGES, *CHECKERS}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return Manifest(
        str(document["tool"]),
        {name: str(version) for name, version in document["upstream"].items()},
        tuple(document["checkers"]),
        {name_file(path): Digest(**told) for path, told in document["files"].items()},
    )


def name_file(path: str) -> str:
    """Return a path that a bundle can have had. Raises `ValueError` for the name of anybody else's file."""
    if not OURS.fullmatch(path):
        raise ValueError(f"no file of ours: {path[:200]!r}")
    return path


def make_manifest(
    bundle: Mapping[str, bytes],
    wanted: Mapping[str, bytes],
    packages: Collection[Package],
    checkers: Collection[str],
) -> Manifest:
    """Return what the manifest must say once `wanted` is there."""
    return Manifest(
        f"typed-bgtasks {stubs_version(bundle)}",
        {package.name: package.version for package in packages},
        tuple(checkers),
        {path: digest(path, content) for path, content in wanted.items()},
    )


def to_json(manifest: Manifest) -> bytes:
    return (json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n").encode()
