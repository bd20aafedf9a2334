"""The folders that an app's imports start from, by the settings of its tools."""

import json
import os
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path
from typing import cast

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Where a tool's settings lie, and under what key they name folders that imports start from.
SETTINGS = (
    ("pyproject.toml", ("tool", "mypy", "mypy_path")),
    ("pyproject.toml", ("tool", "pyright", "extraPaths")),
    ("pyproject.toml", ("tool", "basedpyright", "extraPaths")),
    ("pyproject.toml", ("tool", "pytest", "ini_options", "pythonpath")),
    ("mypy.ini", ("mypy", "mypy_path")),
    ("setup.cfg", ("mypy", "mypy_path")),
    ("pytest.ini", ("pytest", "pythonpath")),
    ("pyrightconfig.json", ("extraPaths",)),
)


def find_configured(root: Path) -> Iterator[Path]:
    """
    Yield the folders that imports start from by the settings of mypy, pyright and pytest in `root`.

    Settings that cannot be read are their own tool's business.
    """
    for name, keys in SETTINGS:
        value = read_settings(root / name)
        for key in keys:
            value = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
        parts = re.split(r"[,:\s]+", value) if isinstance(value, str) else value
        for part in cast("list[object]", parts) if isinstance(parts, list) else ():
            text = str(part).replace("$MYPY_CONFIG_FILE_DIR", str(root))
            folder = Path(os.path.normpath(root / text))
            if text and folder.is_dir():
                yield folder


def read_settings(file: Path) -> object:
    try:
        text = file.read_text(encoding="utf-8")
        match file.suffix:
            case ".toml":
                return tomllib.loads(text)
            case ".json":
                return json.loads(text)
            case _:
                parser = ConfigParser(interpolation=None, strict=False)
                parser.read_string(text)
                return {name: dict(section) for name, section in parser.items()}
    except (OSError, ValueError, IniError):
        return {}
