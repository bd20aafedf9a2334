"""A checker's own options, and a configuration of the user's, in the place of our strictness."""

import io
import json
from collections.abc import Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as IniError
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bgtasks.documents import from_commented_json, from_toml
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole
from bgtasks.model import Checker

Table = Mapping[str, object]

# What the sandbox is made of. A user's configuration keeps all else.
OURS: Mapping[str, tuple[str, ...]] = {
    "mypy": ("mypy_path", "follow_imports"),
    "zuban": ("mypy_path", "follow_imports"),
    "pyright": ("include", "exclude", "extraPaths", "enableTypeIgnoreComments"),
    "basedpyright": ("include", "exclude", "extraPaths", "enableTypeIgnoreComments"),
    "ty": ("src", "environment", "analysis"),
    "pyrefly": (
        "search-path", "disable-search-path-heuristics", "project-excludes",
        "disable-project-excludes-heuristics", "use-ignore-files", "enabled-ignores",
    ),
}  # fmt: skip
# What a run says itself, or what would have it check other files.
DROPPED = {
    "files", "packages", "modules", "exclude", "python_version", "python_executable", "platform", "cache_dir",
    "sqlite_cache", "incremental", "output", "pretty", "num_workers", "namespace_packages",
    "explicit_package_bases", "follow_imports",
    "ignore", "pythonVersion", "pythonPlatform", "venv", "venvPath", "executionEnvironments", "baselineFile",
    "terminal", "project-includes", "python-version", "python-platform", "python-interpreter-path",
    "conda-environment", "baseline",
}  # fmt: skip
# What names a folder, as seen from the file that it stands in.
FOLDERS = {"custom_typeshed_dir", "typeshedPath", "typeshed-path", "stubPath"}
MYPY = {"mypy", "zuban"}
SHARED = {"pyproject.toml", "setup.cfg"}


@dataclass(frozen=True, slots=True)
class Options:
    """
    What a user asks of a checker: a configuration `file` in the place of ours, and a `table` on top.

    The plugins that they name are code that runs.
    """

    file: Path | None = None
    table: Table = field(default_factory=dict[str, object])

    def __str__(self) -> str:
        parts = [f"the configuration of {self.file.as_posix()}"] if self.file else []
        parts += [f"options of its own ({', '.join(self.table)})"] if self.table else []
        return " and ".join(parts)


def configure(
    checker: Checker, options: Options | None, folders: Sequence[Path]
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """
    Return the configurations of a checker by their names, and the plugins of the user that run by them.

    Imports start from `folders`, too. Raises `BgtasksError` for a file that is no configuration of it.
    """
    configs = {
        name: checker.on_path(text, folders) if folders else text for name, text in checker.configs.items()
    }
    if options is None:
        return configs, ()
    main = next(iter(configs))
    own, others = load(main, configs[main], checker.program)
    settings: dict[str, object] = dict(own)
    foreign = others
    if options.file:
        theirs, foreign = read_file(options.file, checker.program)
        kept = {key: value for key, value in theirs.items() if not is_dropped(key, value)}
        for key in FOLDERS & kept.keys():
            named = str(kept[key]).removeprefix("$MYPY_CONFIG_FILE_DIR/")
            kept[key] = str(absolute(options.file.parent / named))
        settings = kept | {key: own[key] for key in OURS[checker.program] if key in own}
    table = {key: value for key, value in options.table.items() if not is_dropped(key, value)}
    settings = merge(settings, table)
    plugins = listed(settings.get("plugins")) if checker.program in MYPY else []
    if plugins:
        folder = options.file.parent if options.file else Path()
        plugins = [str(absolute(folder / one)) if one.endswith(".py") else one for one in plugins]
        settings["plugins"] = list(dict.fromkeys([*listed(own.get("plugins")), *plugins]))
    elif "plugins" in own:
        settings["plugins"] = own["plugins"]
    name, text = dump(main, settings, foreign, options)
    return {**{key: value for key, value in configs.items() if key != main}, name: text}, tuple(plugins)


def is_dropped(key: str, value: object) -> bool:
    # pyright's are the paths of files, mypy's is a switch.
    return key in DROPPED or (key == "strict" and isinstance(value, list))


def merge(settings: Table, table: Table) -> dict[str, object]:
    merged = dict(settings)
    for key, value in table.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(cast("Table", old), cast("Table", value))
        else:
            merged[key] = value
    return merged


def listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in cast("list[object]", value)] if isinstance(value, list) else []


def read_file(file: Path, program: str) -> tuple[Table, Table]:
    """Return what a file says of a program, and what it says besides of mypy's plugins."""
    try:
        found = load(file.name, read_whole(file).decode(), program)
    except (OSError, ValueError, IniError) as error:
        why = str(getattr(error, "strerror", None) or error).partition("\n")[0]
        raise BgtasksError(f"--config {program}={file}: cannot be read: {why}") from None
    # A file of a checker's own may well be empty: then its defaults are meant.
    if not found[0] and file.name in SHARED:
        raise BgtasksError(f"--config {program}={file}: says nothing of {program}; name a file that does")
    return found


def load(name: str, text: str, program: str) -> tuple[Table, Table]:
    if name.endswith(".json"):
        return cast("Table", from_commented_json(text)), {}
    if name.endswith(".toml"):
        data = from_toml(text.encode())
        if name != "pyproject.toml":
            return data, {}
        tools = cast("dict[str, Table]", data.get("tool", {}))
        table = "mypy" if program in MYPY else program
        return tools.get(table, {}), {
            key: value for key, value in tools.items() if "mypy" in key or "stubs" in key
        }
    parser = ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    sections = {name: dict(section) for name, section in parser.items() if name != parser.default_section}
    return sections.pop("mypy", {}), sections


def dump(name: str, settings: Table, foreign: Table, options: Options) -> tuple[str, str]:
    """Return a configuration as a file, of the form of `name`; mypy's is TOML where the user's is."""
    import tomlkit  # noqa: PLC0415 - few suites have options

    if name.endswith(".json"):
        return name, json.dumps(settings, indent=2)
    if name.endswith(".toml"):
        return name, tomlkit.dumps(settings)
    if name.startswith("mypy") and options.file and options.file.suffix == ".toml":
        path = [part.strip() for part in str(settings["mypy_path"]).split(",")]
        tools = {**foreign, "mypy": {**settings, "mypy_path": path}}
        return f"{name.removesuffix('.ini')}.toml", tomlkit.dumps({"tool": tools})
    parser = ConfigParser(interpolation=None)
    plain = {key: value for key, value in settings.items() if key != "overrides"}
    for section, values in {"mypy": plain, **overrides(settings), **foreign}.items():
        if isinstance(values, Mapping):
            parser[section] = {key: spell(value) for key, value in cast("Table", values).items()}
    stream = io.StringIO()
    parser.write(stream)
    return name, stream.getvalue()


def overrides(settings: Table) -> Table:
    """Return the sections that mypy's `overrides` are in an INI file."""
    sections: dict[str, object] = {}
    for override in cast("list[Table]", settings.get("overrides", [])):
        modules = override.get("module", [])
        for module in [modules] if isinstance(modules, str) else cast("list[str]", modules):
            sections[f"mypy-{module}"] = {key: value for key, value in override.items() if key != "module"}
    return sections


def spell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in cast("list[object]", value))
    return str(value)
