"""The folders that an app's imports start from, by the settings of its tools."""

import os
import re
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path
from typing import cast

from bgtasks.documents import from_commented_json, from_toml
from bgtasks.files import read_whole

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
            if text and os.path.isdir(folder):  # noqa: PTH112 - False for what can be no path
                yield folder


def read_settings(file: Path) -> object:
    try:
        content = read_whole(file)
        text = content.decode()
        match file.suffix:
            case ".toml":
                return from_toml(content)
            case ".json":
                return from_commented_json(text)
            case _:
                parser = ConfigParser(interpolation=None, strict=False)
                parser.read_string(text)
                return {name: dict(section) for name, section in parser.items()}
    except (OSError, ValueError, IniError):
        return {}
