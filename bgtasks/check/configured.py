"""What resolves an app's imports: the settings of its tools, and its interpreter."""

import json
import os
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path
from typing import cast

from bgtasks.errors import BgtasksError

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
EXECUTABLES = ("bin/python", "Scripts/python.exe", "python.exe")
INSTALLED = {"site-packages", "dist-packages"}


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


def find_python(project: Path) -> Path:
    """
    Return the interpreter that an app in the folder `project` runs with, as far as can be told.

    It is that of the environment that `project` is installed in, that is active, or that lies in
    `project` or above it; else the one that runs us. An environment is not taken for the app's only
    because we run in it: pre-commit makes one for each hook. Raises `BgtasksError` where the active
    environment has none.
    """
    return next(filter(None, map(executable_in, find_environments(project))), Path(sys.executable))


def find_environments(project: Path) -> Iterator[Path]:
    """Yield the folders of the environments that may be meant, the likeliest first."""
    for parent in (project, *project.parents):
        if parent.name in INSTALLED:  # lib/python3.12/site-packages, or Lib/site-packages
            yield from parent.parents[1:3]
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = os.environ.get(variable)
        if active and Path(active) != Path(sys.prefix):
            if executable_in(Path(active)) is None:
                raise BgtasksError(f"{variable} is {active}, where no Python lies; name one with --python")
            yield Path(active)
    for folder in (project, *project.parents):
        for name in (".venv", "venv", "env"):
            if (folder / name / "pyvenv.cfg").is_file():
                yield folder / name


def executable_in(environment: Path) -> Path | None:
    return next((path for name in EXECUTABLES if (path := environment / name).is_file()), None)
