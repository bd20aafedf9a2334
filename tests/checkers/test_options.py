import json
from configparser import ConfigParser
from pathlib import Path

import pytest
import tomlkit

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.options import Options, configure
from bgtasks.errors import BgtasksError


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def ini(text: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser


def test_a_table_is_laid_over_our_configuration() -> None:
    options = Options(table={"strict": False, "overrides": [{"module": ["a.*"], "ignore_errors": True}]})
    configs, plugins = configure(CHECKERS["mypy"], options, [Path("/src")])
    written = ini(configs["mypy.ini"])
    assert written["mypy"]["strict"] == "False"
    assert written["mypy"]["warn_unreachable"] == "True"
    assert written["mypy"]["mypy_path"] == "$MYPY_CONFIG_FILE_DIR/project,/src"
    assert written["mypy-a.*"]["ignore_errors"] == "True"
    assert plugins == ()


@pytest.mark.parametrize(
    ("name", "table", "config", "key", "value"),
    [
        ("pyright", {"typeCheckingMode": "basic"}, "pyrightconfig.json", "typeCheckingMode", "basic"),
        ("ty", {"rules": {"possibly-unbound": "warn"}}, "ty.toml", "rules", {"possibly-unbound": "warn"}),
        ("pyrefly", {"preset": "basic"}, "pyrefly.toml", "preset", "basic"),
    ],
)
def test_a_table_is_laid_over_that_of_others(
    name: str, table: dict[str, object], config: str, key: str, value: object
) -> None:
    configs, _ = configure(CHECKERS[name], Options(table=table), [])
    text = configs[config]
    read = json.loads(text) if config.endswith(".json") else tomlkit.parse(text).unwrap()
    assert read[key] == value if not isinstance(value, dict) else read[key].items() >= value.items()
    assert len(read) > 1


def test_a_file_takes_the_place_of_our_strictness_but_not_of_the_sandbox(tmp_path: Path) -> None:
    file = write(
        tmp_path, "mypy.ini", "[mypy]\nfiles = a\npython_version = 3.8\nplugins = ./p.py, x\n[x]\ny = 1\n"
    )
    configs, plugins = configure(CHECKERS["mypy"], Options(file), [])
    written = ini(configs["mypy.ini"])
    assert sorted(written["mypy"]) == ["mypy_path", "plugins"]
    assert written["x"]["y"] == "1"
    assert plugins == (str(tmp_path / "p.py"), "x")


def test_a_plugin_of_ours_stays_beside_those_of_the_user(tmp_path: Path) -> None:
    file = write(
        tmp_path, "pyproject.toml", '[tool.mypy]\nplugins = ["x"]\n[tool.x-mypy]\na = true\n[tool.y]\n'
    )
    configs, plugins = configure(CHECKERS["mypy+plugin"], Options(file), [Path("/src")])
    written = tomlkit.parse(configs["mypy+plugin.toml"]).unwrap()["tool"]
    assert written["mypy"]["plugins"] == ["bgtasks.mypy_plugin", "x"]
    assert written["mypy"]["mypy_path"] == ["$MYPY_CONFIG_FILE_DIR/project", "/src"]
    assert written["x-mypy"] == {"a": True}
    assert "y" not in written
    assert plugins == ("x",)


def test_the_files_of_others_keep_what_the_sandbox_is_made_of(tmp_path: Path) -> None:
    file = write(
        tmp_path, "pyrightconfig.json", '{"include": ["x"], "strict": ["y"], "reportUnusedImport": true}'
    )
    configs, _ = configure(CHECKERS["pyright"], Options(file), [])
    read = json.loads(configs["pyrightconfig.json"])
    assert read == {
        "reportUnusedImport": True,
        "include": ["project"],
        "exclude": [],
        "extraPaths": ["project"],
        "enableTypeIgnoreComments": False,
    }


def test_a_configuration_of_pyright_may_have_comments(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "pyrightconfig.json",
        '{\n  // "x": 1,\n  "ignore": ["a", // a\n  ],\n'
        '  "defineConstant": {"A": "//,]", "B": "\\"/*", /* all ] */},\n}',
    )
    configs, _ = configure(CHECKERS["pyright"], Options(file), [])
    assert json.loads(configs["pyrightconfig.json"])["defineConstant"] == {"A": "//,]", "B": '"/*'}


@pytest.mark.parametrize(
    ("name", "file", "text", "key"),
    [
        ("mypy", "mypy.ini", "[mypy]\ncustom_typeshed_dir = own\n", "custom_typeshed_dir"),
        (
            "mypy",
            "mypy.ini",
            "[mypy]\ncustom_typeshed_dir = $MYPY_CONFIG_FILE_DIR/own\n",
            "custom_typeshed_dir",
        ),
        ("pyright", "pyrightconfig.json", '{"typeshedPath": "own"}', "typeshedPath"),
        ("pyright", "pyrightconfig.json", '{"stubPath": "./own"}', "stubPath"),
        ("pyrefly", "pyrefly.toml", 'typeshed-path = "own"\n', "typeshed-path"),
    ],
)
def test_a_folder_is_that_of_the_file_that_names_it(
    tmp_path: Path, name: str, file: str, text: str, key: str
) -> None:
    configs, _ = configure(CHECKERS[name], Options(write(tmp_path, file, text)), [])
    written = configs[file]
    read = ini(written)["mypy"] if name == "mypy" else tomlkit.parse(written) if name == "pyrefly" else None
    assert (json.loads(written) if read is None else read)[key] == str(tmp_path / "own")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "mypy.ini",
            "nonsense",
            "--config mypy=.*mypy.ini: cannot be read: File contains no section",
        ),
        ("pyproject.toml", "[tool.ruff]\n", "pyproject.toml: says nothing of mypy; name a file that does"),
        ("nowhere.ini", None, "nowhere.ini: cannot be read: No such file"),
    ],
)
def test_what_is_no_configuration_is_named(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        write(tmp_path, name, text)
    with pytest.raises(BgtasksError, match=message):
        configure(CHECKERS["mypy"], Options(tmp_path / name), [])


def test_options_are_told_of(tmp_path: Path) -> None:
    assert str(Options(tmp_path / "a.ini", {"strict": False})) == (
        f"the configuration of {tmp_path.as_posix()}/a.ini and options of its own (strict)"
    )
