"""The pytest plugin: `pytest --bgtasks typetests` makes an item of each claim under each checker."""

import pytest

from bgtasks.errors import BgtasksError, advise_install


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bgtasks", "type tests")
    group.addoption(
        "--bgtasks",
        action="store_true",
        help="take the Python files at the given paths for type tests: check their claims, never run them",
    )
    group.addoption(
        "--bgtasks-target",
        metavar="MODULE:NAME",
        help="what is under test; replaces the one that the settings name where the type tests import that",
    )
    group.addoption(
        "--bgtasks-checkers",
        metavar="NAME[,NAME]",
        help="the checkers to ask, or all (default: mypy,pyright)",
    )
    group.addoption(
        "--bgtasks-path",
        metavar="DIR",
        action="append",
        help="a folder that imports start from, besides those of the project; can be given more than once",
    )
    group.addoption(
        "--bgtasks-config",
        metavar="NAME=FILE",
        action="append",
        help="check with this configuration of yours in the place of ours, its plugins run",
    )
    group.addoption(
        "--bgtasks-ignores-are-claims",
        action="store_true",
        help="read comments such as '# type: ignore[code]' as claims: checkers must report just that",
    )
    group.addoption(
        "--bgtasks-python",
        metavar="FILE",
        help="the interpreter in whose environment imports resolve (default: the one that runs pytest)",
    )
    group.addoption(
        "--bgtasks-python-version",
        metavar="X.Y",
        action="append",
        help="a Python version to check for; can be given more than once (default: that of --bgtasks-python)",
    )
    group.addoption(
        "--bgtasks-platform",
        metavar="NAME",
        action="append",
        help="a platform to check for, linux, darwin or win32; can be given more than once",
    )
    group.addoption(
        "--bgtasks-timeout",
        metavar="SECONDS",
        type=float,
        help="the time limit of each checker (default: 300)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register what does the work, which nobody pays for who has not asked for it."""
    if not config.getoption("--bgtasks"):
        return
    try:
        from bgtasks.verify.pytest_items import TypeTests  # noqa: PLC0415 - what it imports may be missing

        config.pluginmanager.register(TypeTests(config), "bgtasks-type-tests")
    except ModuleNotFoundError as error:
        raise pytest.UsageError(
            f"--bgtasks: {error.name} is not installed; {advise_install('verify')}"
        ) from None
    except BgtasksError as error:
        from bgtasks.streams import tame  # noqa: PLC0415 - nobody pays for it who has not asked

        raise pytest.UsageError(tame(f"--bgtasks: {error}")) from None
