from pathlib import Path

import pytest

from bgtasks.check.ask.modules import Modules

FILES = (
    "site/typed/__init__.py",
    "site/typed/py.typed",
    "site/plain/__init__.py",
    "site/stubbed/__init__.py",
    "site/stubbed-stubs/__init__.pyi",
    "site/told/__init__.py",
    "site/single.py",
    "site/compiled.cpython-313-x86_64-linux-gnu.so",
    "site/spread/one/__init__.py",
    "app/shop/__init__.py",
)


@pytest.mark.parametrize(
    ("dotted", "problem"),
    [
        pytest.param("told.inner.Thing", "module told.inner is not found", id="said by a checker"),
        pytest.param(
            "absent.inner.Thing", "module absent is not installed", id="said by a checker, not installed"
        ),
        pytest.param("asyncio.nothing", "", id="of Python itself"),
        pytest.param("typed.Thing", "", id="typed"),
        pytest.param("plain.Thing", "package plain has no types", id="without types"),
        pytest.param("stubbed.Thing", "", id="with stubs"),
        pytest.param("single.thing", "package single has no types", id="of one file"),
        pytest.param("compiled.thing", "package compiled has no types", id="compiled"),
        pytest.param("spread.one.Thing", "package spread has no types", id="part of a namespace"),
        pytest.param("spread.two.Thing", "module spread.two is not installed", id="missing in a namespace"),
        pytest.param("absent.Thing", "module absent is not installed", id="not installed"),
        pytest.param("shop.lost.Thing", "shop.lost.Thing is not found", id="missing in the app itself"),
    ],
)
def test_what_is_wrong_with_a_module(dotted: str, problem: str, tmp_path: Path) -> None:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    modules = Modules(
        {"told.inner": "is not found", "absent.inner": "is not found"},
        [str(tmp_path / "site")],
        [tmp_path / "app"],
    )

    assert modules.problem_of(dotted) == problem


def test_nothing_is_said_where_no_environment_is_known() -> None:
    assert Modules().problem_of("absent.Thing") == ""
