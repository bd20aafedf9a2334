"""JSON, TOML, YAML and Python that others have written: whatever is wrong with it is a `ValueError`."""

import ast
import importlib
import io
import json
import sys
import tokenize
import warnings
from typing import Any, cast

DEEP = "is nested too deeply to be read"
# More than anybody writes; aliases make as many out of a few lines, or go round in circles.
MOST = 1_000_000


def from_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(DEEP) from None


def from_toml(content: bytes) -> dict[str, object]:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - it takes long to load, and not every project has a pyproject.toml
    else:
        import tomli as tomllib  # noqa: PLC0415 - as above

    try:
        return tomllib.loads(content.decode())
    except RecursionError:
        raise ValueError(DEEP) from None


def from_yaml(text: str) -> Any:
    yaml: Any = importlib.import_module("yaml")  # it has no types
    try:
        found = yaml.safe_load(text)
    except RecursionError:
        raise ValueError(DEEP) from None
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    left, size = [found], 0
    while left:
        value = left.pop()
        if isinstance(value, dict):
            value = list(cast("dict[object, object]", value).values())
        if isinstance(value, list):
            below = cast("list[object]", value)
            size += len(below)
            if size > MOST:
                raise ValueError("has more in it than can be read, by its aliases")
            left += below
    return found


def from_python(source: str | bytes) -> ast.Module:
    """Parse Python. Raises `SyntaxError`, and `ValueError` for what is not even text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an invalid escape, which Python itself tells of
            return ast.parse(source)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def decode(content: bytes) -> str:
    """Decode Python as Python does (PEP 263), every line end a single newline. Raises `ValueError`."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except (SyntaxError, LookupError) as error:  # of an encoding that is none, or none of text
        raise ValueError(str(error)) from None
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)
