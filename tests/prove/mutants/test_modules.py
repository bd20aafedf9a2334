from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.prove.mutants.modules import Modules, absolute, find_files, name_of

FILES = {
    "stubs/lib-stubs/__init__.pyi": "from lib.pools import Pool",
    "stubs/lib-stubs/pools.pyi": "class Pool: ...",
    "site/lib/__init__.py": "",
    "site/lib/pools.py": "",
    "site/lib/far.py": "import lib.near",
    "site/lib/near.py": "if True:\n    from .pools import (\n        Pool,\n    )",
    "site/lib/apart.py": "import json",
    "site/app.py": "x = 1; from lib import near",
}


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    for name, source in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    return Modules([tmp_path / "stubs", tmp_path / "site"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lib", "stubs/lib-stubs/__init__.pyi"),
        ("lib.pools", "stubs/lib-stubs/pools.pyi"),
        ("lib.far", "site/lib/far.py"),
        ("lib.none", None),
        ("json", None),
        ("", None),
    ],
)
def test_a_stub_comes_before_what_it_is_for(
    modules: Modules, tmp_path: Path, name: str, expected: str
) -> None:
    found = modules.find(name)

    assert (found.path.relative_to(tmp_path).as_posix() if found else None) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from lib.pools import Pool", {"lib.pools"}),
        ("from lib import Pool", {"lib", "lib.pools"}),
        ("import lib.far", {"lib", "lib.far", "lib.near", "lib.pools"}),
        ("import app", {"app", "lib", "lib.near", "lib.pools"}),
        ("import lib.apart as x", {"lib", "lib.pools"}),  # `import lib.apart` would bind lib
        ("import json", set[str]()),
    ],
)
def test_what_lies_between(modules: Modules, source: str, expected: set[str]) -> None:
    assert set(modules.between(source, "lib.pools")) == expected


@pytest.mark.parametrize(
    ("name", "package", "expected"),
    [
        ("lib.pools", "other", "lib.pools"),
        (".", "lib.inner", "lib.inner"),
        (".x", "lib.inner", "lib.inner.x"),
        ("..x", "lib.inner", "lib.x"),
    ],
)
def test_relative_names(name: str, package: str, expected: str) -> None:
    assert absolute(name, package) == expected


def test_where_a_module_is_imported_from(modules: Modules, tmp_path: Path) -> None:
    del modules
    assert name_of(tmp_path / "stubs/lib-stubs/pools.pyi") == (tmp_path / "stubs", "lib.pools")
    assert name_of(tmp_path / "stubs/lib-stubs/__init__.pyi") == (tmp_path / "stubs", "lib")
    assert name_of(tmp_path / "site/lib/far.py") == (tmp_path / "site", "lib.far")
    assert name_of(tmp_path / "site/app.py") == (tmp_path / "site", "app")


def test_of_a_folder_its_stubs_or_else_its_modules(modules: Modules, tmp_path: Path) -> None:
    del modules
    (tmp_path / "empty").mkdir()

    assert [path.name for path in find_files(tmp_path / "stubs")] == ["__init__.pyi", "pools.pyi"]
    assert len(find_files(tmp_path / "site" / "lib")) == 5
    assert find_files(tmp_path / "site" / "app.py") == [tmp_path / "site" / "app.py"]
    for nothing in ("empty", "none", "site/lib/none.py"):
        with pytest.raises(BgtasksError, match="no Python file or stub"):
            find_files(tmp_path / nothing)
