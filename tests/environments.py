import os
import sysconfig
import venv
from pathlib import Path

import bgtasks

SITE_PACKAGES = sysconfig.get_path("purelib")
PACKAGE = Path(bgtasks.__file__).parent
# Where the package is installed editable, it lies elsewhere than what it needs.
INSTALLED = tuple(dict.fromkeys([str(PACKAGE.parent), SITE_PACKAGES]))


def make_environment(folder: Path, *paths: Path | str) -> Path:
    """Make an environment in which the modules at `paths` are installed; return its interpreter."""
    venv.EnvBuilder(symlinks=True).create(folder)
    [site_packages] = folder.glob("lib/python3*/site-packages")
    (site_packages / "paths.pth").write_text("".join(f"{path}\n" for path in paths))
    return folder / "bin" / "python"


def add_command(python: Path, name: str, script: str) -> None:
    """Install a shell script beside an interpreter, where a checker of that name is looked for."""
    command = python.parent / name
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def hostile_variables(folder: Path) -> dict[str, str]:
    """Return an environment in which every variable that a checker heeds points to `folder`."""
    names = ("MYPYPATH", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "XDG_CONFIG_HOME", "MYPY_CACHE_DIR")
    return os.environ | dict.fromkeys(names, str(folder)) | {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}
