"""What a test wants of its checker, as the settings of a suite: mypy's flags and INI files, ty's TOML."""

import re
import shlex
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as IniError
from typing import cast

from bgtasks.documents import from_toml

# Where the name of a flag is not that of its option, but the contrary.
CONTRARY = re.compile(r"--(?P<no>no-|allow-)(?P<name>[a-z-]+)")
PLAIN = re.compile(r"--(?P<name>[a-z-]+)")
ALLOWED = ("untyped-globals", "redefinition", "empty-bodies")
LISTED = {
    f"--{name}": name.replace("-", "_")
    for name in ("enable-error-code", "disable-error-code", "always-true", "always-false")
}
RUNS = {"--python-version": "python-versions", "--platform": "platforms"}
PLATFORMS = {"linux", "darwin", "win32"}
# What mypy prints, and where it comes from, is not for a test to say here.
SILENT = ("--show-", "--hide-", "--no-error-summary", "--no-show-", "--no-pretty", "--pretty", "--no-color")


def read_flags(text: str, untold: list[str]) -> Mapping[str, object]:
    """Return the settings that mypy's flags mean; `untold` gets a line for each that has no meaning here."""
    table: dict[str, object] = {}
    settings: dict[str, object] = {}
    try:
        words = iter(shlex.split(text))
    except ValueError as error:
        untold.append(f"the flags {text} ({error})")
        return {}
    for word in words:
        flag, _, value = word.partition("=")
        if flag in LISTED:
            codes = [table.get(LISTED[flag], []), [value or next(words, "")]]
            table[LISTED[flag]] = [code for some in codes for code in list_of(some)]
        elif flag in RUNS:
            settings |= read_run(RUNS[flag], value or next(words, ""), untold)
        elif word.startswith(SILENT):
            continue
        elif (found := CONTRARY.fullmatch(word)) and found["name"] not in ALLOWED:
            kept = found["name"].replace("-", "_")
            table[kept if found["no"] == "no-" else f"disallow_{kept}"] = False
        elif found := PLAIN.fullmatch(word):
            table[found["name"].replace("-", "_")] = True
        else:
            untold.append(f"the flag {word}")
    return settings | ({"mypy": table} if table else {})


def list_of(value: object) -> list[object]:
    return [*cast("list[object]", value)] if isinstance(value, list) else []


def read_ini(text: str, untold: list[str]) -> Mapping[str, object]:
    """Return the settings that lines of mypy's own section mean; of what else there is, `untold` tells."""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(f"[mypy]\n{text}")
    except IniError:
        untold.append(f"the options {' '.join(text.split())}")
        return {}
    untold += [f"the options of [{name}]" for name in parser.sections() if name != "mypy"]
    table = {name: boolean(value) for name, value in parser["mypy"].items()}
    settings: dict[str, object] = {}
    for name, key in (("python_version", "python-versions"), ("platform", "platforms")):
        if name in table:
            settings |= read_run(key, table.pop(name), untold)
    return settings | ({"mypy": table} if table else {})


def read_run(key: str, value: object, untold: list[str]) -> Mapping[str, object]:
    """Return the settings of a run for one Python version or platform, if that is one for all checkers."""
    text = str(value)
    if re.fullmatch(r"3\.[0-9]{1,3}", text) if key == "python-versions" else text in PLATFORMS:
        return {key: [text]}
    untold.append(f"the option {key} = {value!r}")
    return {}


def boolean(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), text)


def read_toml(text: str, untold: list[str]) -> Mapping[str, object]:
    """Return the settings that a configuration of ty means, as its suites in Markdown have them."""
    try:
        found = from_toml(text.encode())
    except ValueError:
        untold.append(f"the options {' '.join(text.split())}")
        return {}
    environment = found.pop("environment", {})
    if not isinstance(environment, dict):
        environment = {"environment": environment}
    environment = dict(cast("Mapping[str, object]", environment))
    found.pop("log", None)
    settings: dict[str, object] = {}
    for name, key in (("python-version", "python-versions"), ("python-platform", "platforms")):
        if (value := environment.pop(name, "all")) != "all":
            settings |= read_run(key, value, untold)
    untold += [f"the option {name} = {value!r}" for name, value in environment.items()]
    untold += [f"the options [{name}]" for name in found if name not in {"rules", "analysis"}]
    table = {name: value for name, value in found.items() if name in {"rules", "analysis"}}
    return settings | ({"ty": table} if table else {})
