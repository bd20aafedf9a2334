import pytest

from bgtasks.convert.options import read_flags, read_ini, read_toml


@pytest.mark.parametrize(
    ("flags", "settings", "untold"),
    [
        pytest.param("", {}, [], id="none"),
        pytest.param("--strict --show-column-numbers", {"mypy": {"strict": True}}, [], id="what it prints"),
        pytest.param("--no-strict-optional", {"mypy": {"strict_optional": False}}, [], id="no"),
        pytest.param("--allow-untyped-defs", {"mypy": {"disallow_untyped_defs": False}}, [], id="allow"),
        pytest.param(
            "--allow-redefinition", {"mypy": {"allow_redefinition": True}}, [], id="allow, as it is"
        ),
        pytest.param("--python-version 3.9", {"python-versions": ["3.9"]}, [], id="version"),
        pytest.param("--platform=win32", {"platforms": ["win32"]}, [], id="platform"),
        pytest.param(
            "--enable-error-code a --enable-error-code=b",
            {"mypy": {"enable_error_code": ["a", "b"]}},
            [],
            id="lists",
        ),
        pytest.param("--xml-report=x", {}, ["the flag --xml-report=x"], id="another"),
        pytest.param("--strict '", {}, ["the flags --strict ' (No closing quotation)"], id="no words"),
    ],
)
def test_flags_are_settings(flags: str, settings: object, untold: list[str]) -> None:
    told: list[str] = []
    assert (read_flags(flags, told), told) == (settings, untold)


@pytest.mark.parametrize(
    ("text", "settings", "untold"),
    [
        pytest.param(
            "strict = True\nplugins = a\n", {"mypy": {"strict": True, "plugins": "a"}}, [], id="values"
        ),
        pytest.param("python_version = 3.9", {"python-versions": ["3.9"]}, [], id="version"),
        pytest.param("[other]\nx = 1", {}, ["the options of [other]"], id="another section"),
        pytest.param("nonsense", {}, ["the options nonsense"], id="none"),
    ],
)
def test_lines_of_an_ini_file_are_settings(text: str, settings: object, untold: list[str]) -> None:
    told: list[str] = []
    assert (read_ini(text, told), told) == (settings, untold)


@pytest.mark.parametrize(
    ("text", "settings", "untold"),
    [
        pytest.param('[rules]\na = "warn"', {"ty": {"rules": {"a": "warn"}}}, [], id="rules"),
        pytest.param(
            'log = true\n[environment]\npython-version = "3.9"',
            {"python-versions": ["3.9"]},
            [],
            id="version",
        ),
        pytest.param(
            '[environment]\npython-platform = "all"',
            {},
            ["the option platforms = 'all'"],
            id="all platforms",
        ),
        pytest.param('[environment]\nx = "y"', {}, ["the option x = 'y'"], id="environment"),
        pytest.param(
            '[environment]\npython-platform = "freebsd8"',
            {},
            ["the option platforms = 'freebsd8'"],
            id="a platform that is not everybody's",
        ),
        pytest.param('[project]\nx = "y"', {}, ["the options [project]"], id="another table"),
        pytest.param("= 1", {}, ["the options = 1"], id="none"),
    ],
)
def test_a_configuration_of_ty_is_settings(text: str, settings: object, untold: list[str]) -> None:
    told: list[str] = []
    assert (read_toml(text, told), told) == (settings, untold)
