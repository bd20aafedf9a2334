"""What each checker needs in its configuration to read the stubs, and whether it stands there."""

import configparser
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from bgtasks.documents import from_commented_json, from_toml
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole
from bgtasks.vendor.layout import MYPY
from bgtasks.vendor.model import Advice

PYPROJECT = "pyproject.toml"
TYPINGS = "typings"
"""Where pyright, basedpyright and pyrefly look by themselves."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """
    The configuration files of a project: those there are by name, each one as tables.

    `zuban` tells whether the project uses Zuban, and is not only made ready for it.
    """

    folder: str
    checkers: frozenset[str]
    files: Mapping[str, Mapping[str, Any]]
    zuban: bool

    def tool(self, name: str) -> Mapping[str, Any] | None:
        """Return a table of pyproject.toml, None where there is none."""
        tools = table_in(self.files.get(PYPROJECT, {}), "tool", PYPROJECT) or {}
        return table_in(tools, name, f"{PYPROJECT}: tool")


def table_in(tables: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any] | None:
    """Return the table of a name, None where there is none. Raises `BgtasksError` where it is no table."""
    found = tables.get(name)
    if found is None or isinstance(found, dict):
        return cast("Mapping[str, Any] | None", found)
    raise BgtasksError(f"{place}: {name!r} is no table, but what its checker reads has to be one")


def read_configuration(
    root: Path, folder: Path, checkers: Collection[str], *, zuban: bool | None = None
) -> Configuration:
    """Read every file that a checker may be configured in. Raises `BgtasksError` for one that is broken."""
    files = {name: read(root / name) for name, read in READERS.items() if (root / name).exists()}
    uses = "zuban" in checkers if zuban is None else zuban
    return Configuration(folder.as_posix(), frozenset(checkers), MappingProxyType(files), uses)


def read_toml(file: Path) -> Mapping[str, Any]:
    try:
        return from_toml(read_whole(file))
    except (OSError, ValueError) as error:
        raise BgtasksError(f"{file.name}: cannot be read: {error}") from None


def read_ini(file: Path) -> Mapping[str, Any]:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(read_whole(file).decode())
    except (OSError, ValueError, configparser.Error) as error:
        raise BgtasksError(f"{file.name}: cannot be read: {' '.join(str(error).split())}") from None
    return {name: dict(parser[name]) for name in parser.sections()}


def read_pyright(file: Path) -> Mapping[str, Any]:
    try:
        found = from_commented_json(read_whole(file).decode() or "{}")
    except (OSError, ValueError) as error:
        raise BgtasksError(f"{file.name}: cannot be read: {error}") from None
    return table_in({file.name: found}, file.name, file.name) or {}


READERS: Mapping[str, Callable[[Path], Mapping[str, Any]]] = MappingProxyType(
    {
        PYPROJECT: read_toml,
        "mypy.ini": read_ini,
        ".mypy.ini": read_ini,
        "setup.cfg": read_ini,
        "pyrightconfig.json": read_pyright,
        "pyrefly.toml": read_toml,
        "ty.toml": read_toml,
    }
)


def configured(configuration: Configuration) -> Iterator[str]:
    """Yield the checkers that have a configuration of their own."""
    files = configuration.files
    for name in NEEDS:
        own = {"mypy": ("mypy.ini", ".mypy.ini"), "pyright": ("pyrightconfig.json",)}.get(
            name, (f"{name}.toml",)
        )
        setup = name in files.get("setup.cfg", {})
        if setup or configuration.tool(name) is not None or any(file in files for file in own):
            yield name


def advise(configuration: Configuration) -> list[Advice]:
    """Return what is missing, checker by checker, in the order in which the checkers are known."""
    return [
        advice
        for name, need in NEEDS.items()
        if name in configuration.checkers
        for advice in need(configuration)
    ]


def need_mypy(configuration: Configuration) -> Iterator[Advice]:
    """mypy_path, in the file that mypy reads: it takes the first of these, and merges nothing."""
    files = configuration.files
    path = f"$MYPY_CONFIG_FILE_DIR/{configuration.folder}/{MYPY}"
    zuban = configuration.zuban
    file = next((name for name in ("mypy.ini", ".mypy.ini") if name in files), None)
    if file is None and configuration.tool("mypy") is None and "mypy" in files.get("setup.cfg", {}):
        file = "setup.cfg"
    section = files[file].get("mypy", {}) if file else configuration.tool("mypy") or {}
    table = ("mypy",) if file else ("tool", "mypy")
    # Zuban reads mypy's configuration too, and resolves nothing of a package that stands on mypy_path
    # but what stands there. It takes a path by the letter, where mypy strips it; and it reads no
    # mypy.ini where pyproject.toml has a table for mypy.
    value = [f" {path}"] if zuban and file is None else path
    stands = section.get("mypy_path")
    advice = Advice("mypy", file or PYPROJECT, table, "mypy_path", value)
    if stands is None:
        yield advice if file is None else refuse(advice, f"{file} comes before {PYPROJECT}")
    elif path not in paths(stands):
        whole = [*raw_paths(stands), *raw_paths(value)]
        yield refuse(replace(advice, value=", ".join(whole) if file else whole), f"{stands!r} stands there")
    elif zuban and file is None and any(item == path for item in raw_paths(stands)):
        yield refuse(advice, "without the space at its beginning Zuban would follow it, and lose all else")
    if zuban and file in {"mypy.ini", ".mypy.ini"} and configuration.tool("mypy") is None:
        yield Advice("zuban", PYPROJECT, ("tool", "mypy"))
    if zuban and file == "setup.cfg":
        yield refuse(
            Advice("zuban", "mypy.ini", ("mypy",)),
            "Zuban would follow the mypy_path of setup.cfg, and lose all else; move the section to mypy.ini",
        )


def paths(value: object) -> list[str]:
    """Return the items of a mypy_path as mypy reads it."""
    items = re.split(r"[,:]", value) if isinstance(value, str) else raw_paths(value)
    return [item.strip().replace("${MYPY_CONFIG_FILE_DIR}", "$MYPY_CONFIG_FILE_DIR") for item in items]


def raw_paths(value: object) -> list[str]:
    if isinstance(value, str):
        return [item.strip() for item in re.split(r"[,:]", value)]
    return [str(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def need_pyright(configuration: Configuration) -> Iterator[Advice]:
    """stubPath, unless the folder is where pyright looks by itself."""
    yield from need_stub_path(configuration, "pyright", "pyright")


def need_basedpyright(configuration: Configuration) -> Iterator[Advice]:
    """stubPath, in the one of the two tables that there is; basedpyright refuses both."""
    if configuration.tool("pyright") is not None and configuration.tool("basedpyright") is not None:
        yield refuse(
            Advice("basedpyright", PYPROJECT, ("tool", "basedpyright")),
            "basedpyright refuses to start where [tool.pyright] stands too; keep one of them",
        )
        return
    shared = configuration.tool("basedpyright") is None and (
        configuration.tool("pyright") is not None or "pyright" in configuration.checkers
    )
    yield from need_stub_path(configuration, "basedpyright", "pyright" if shared else "basedpyright")


def need_stub_path(configuration: Configuration, checker: str, name: str) -> Iterator[Advice]:
    own = configuration.files.get("pyrightconfig.json")
    section = own if own is not None else configuration.tool(name) or {}
    stands = str(section.get("stubPath", TYPINGS)).removeprefix("./").rstrip("/")
    if stands == configuration.folder:
        return
    file, table = (PYPROJECT, ("tool", name)) if own is None else ("pyrightconfig.json", ())
    advice = Advice(checker, file, table, "stubPath", configuration.folder)
    if "stubPath" in section:
        yield refuse(advice, f"{stands!r} stands there")
    elif own is not None:
        yield refuse(advice, f"pyrightconfig.json comes before {PYPROJECT}")
    elif name == "pyright" and configuration.tool("basedpyright") is not None:
        yield refuse(
            advice, "basedpyright refuses to start where both tables stand; vendor into typings/ instead"
        )
    else:
        yield advice


def need_pyrefly(configuration: Configuration) -> Iterator[Advice]:
    """search-path, unless pyrefly looks there by itself; and a configuration, or it says next to nothing."""
    own = configuration.files.get("pyrefly.toml")
    section = own if own is not None else configuration.tool("pyrefly")
    # Without a configuration of its own it takes over that of mypy, which is given one here, or of pyright.
    others = (
        {"mypy.ini", "pyrightconfig.json"} & set(configuration.files)
        or {"mypy"} & configuration.checkers
        or {name for name in ("mypy", "pyright") if configuration.tool(name) is not None}
    )
    if configuration.folder == TYPINGS and (section is not None or others):
        return
    file, table = (PYPROJECT, ("tool", "pyrefly")) if own is None else ("pyrefly.toml", ())
    yield from need_item(Advice("pyrefly", file, table, "search-path", [configuration.folder]), section)


def need_ty(configuration: Configuration) -> Iterator[Advice]:
    """extra-paths, in ty.toml where there is one: it beats pyproject.toml."""
    own = configuration.files.get("ty.toml")
    section = own if own is not None else configuration.tool("ty") or {}
    file, table = (PYPROJECT, ("tool", "ty", "environment")) if own is None else ("ty.toml", ("environment",))
    advice = Advice("ty", file, table, "extra-paths", [configuration.folder])
    yield from need_item(advice, table_in(section, "environment", advice.file))


def need_zuban(configuration: Configuration) -> Iterator[Advice]:
    """mypy_path, in its own table, which is read whatever else is."""
    advice = Advice("zuban", PYPROJECT, ("tool", "zuban"), "mypy_path", [configuration.folder])
    yield from need_item(advice, configuration.tool("zuban"))


def need_item(advice: Advice, section: Mapping[str, Any] | None) -> Iterator[Advice]:
    """Yield `advice` unless its folder is in the list that stands under its key."""
    stands = (section or {}).get(advice.key)
    if stands is None:
        yield (
            advice if advice.file == PYPROJECT else refuse(advice, f"{advice.file} comes before {PYPROJECT}")
        )
    elif not set(raw_paths(advice.value)) & {
        item.removeprefix("./").rstrip("/") for item in raw_paths(stands)
    }:
        whole = [*raw_paths(stands), *raw_paths(advice.value)]
        yield refuse(replace(advice, value=whole), f"{stands!r} stands there")


def refuse(advice: Advice, problem: str) -> Advice:
    return replace(advice, problem=problem)


NEEDS: Mapping[str, Callable[[Configuration], Iterator[Advice]]] = MappingProxyType(
    {
        "mypy": need_mypy,
        "pyright": need_pyright,
        "basedpyright": need_basedpyright,
        "pyrefly": need_pyrefly,
        "ty": need_ty,
        "zuban": need_zuban,
    }
)
