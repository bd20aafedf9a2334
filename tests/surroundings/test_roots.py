import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.check.ask.copies import find_place
from bgtasks.check.model import Module
from bgtasks.surroundings.imports import Lookup, read_imports
from bgtasks.surroundings.roots import Roots, folders_above, starts_of
from bgtasks.surroundings.services import find_services
from bgtasks.surroundings.trees import list_files, project_of

Make = Callable[..., Path]


def module(path: Path, source: str = "") -> Module:
    return Module(path, path.stem, source, ast.parse(source))


def roots_of(path: Path, *modules: Module) -> Roots:
    [service] = find_services([path], {module.path: list(read_imports(module.tree)) for module in modules})
    return service.roots


def placed(root: Path, roots: Roots) -> dict[str, str]:
    """Return where each file of the project goes."""
    return {
        file.relative_to(root).as_posix(): find_place(file, roots).as_posix()
        for file in list_files(roots.trees)
    }


def test_a_project_is_all_that_lies_beside_its_settings(make: Make) -> None:
    root = make("pyproject.toml", "app/__init__.py", "app/main.py", "lib/tool.py", "run.py", "data.bin")
    assert placed(root, roots_of(root / "app")) == {
        "app/__init__.py": "app/__init__.py",
        "app/main.py": "app/main.py",
        "lib/tool.py": "lib/tool.py",
        "run.py": "run.py",
    }


def test_a_source_folder_is_where_imports_start(make: Make) -> None:
    root = make("setup.py", "src/app/__init__.py", "src/app/main.py", "tests/test_app.py")
    found = placed(root, roots_of(root))
    assert (found["src/app/main.py"], found["tests/test_app.py"]) == ("app/main.py", "tests/test_app.py")


def test_a_package_is_named_from_where_it_begins(make: Make) -> None:
    root = make("pyproject.toml", "services/shop/app/__init__.py", "services/shop/app/api/__init__.py")
    roots = roots_of(root, module(root / "services/shop/app/api/__init__.py"))
    assert placed(root, roots)["services/shop/app/api/__init__.py"] == "app/api/__init__.py"


def test_a_folder_above_a_package_is_part_of_it_where_imports_say_so(make: Make) -> None:
    root = make("pyproject.toml", "shop/api/__init__.py", "shop/api/routes.py")
    file = root / "shop/api/routes.py"

    assert roots_of(root, module(file, "from shop.api import mail")).bases == (root,)
    assert roots_of(root, module(file, "from api import mail")).bases == (root / "shop", root)


def test_what_is_imported_tells_where_imports_start(make: Make) -> None:
    root = make("pyproject.toml", "web/main.py", "web/routers/items.py", "web/db.py")
    roots = roots_of(root, module(root / "web/routers/items.py", "from db import session"))
    assert placed(root, roots)["web/routers/items.py"] == "routers/items.py"
    roots = roots_of(root, module(root / "web/routers/items.py", "from web.db import session"))
    assert placed(root, roots)["web/routers/items.py"] == "web/routers/items.py"


def test_a_folder_without_settings_is_its_own_project(make: Make) -> None:
    root = make("shop/app.py", "shop/deeper/other.py", "elsewhere/more.py")
    assert set(placed(root, roots_of(root / "shop"))) == {"shop/app.py", "shop/deeper/other.py"}


def test_of_an_environment_only_the_package_is_copied(make: Make) -> None:
    root = make(
        "pyproject.toml",
        "lib/python3.13/site-packages/one/__init__.py",
        "lib/python3.13/site-packages/one/deep/tasks.py",
        "lib/python3.13/site-packages/two/__init__.py",
    )
    roots = roots_of(root / "lib/python3.13/site-packages/one/deep")
    assert set(placed(root, roots).values()) == {"one/__init__.py", "one/deep/tasks.py"}


def test_what_is_no_code_of_the_app_is_passed_over(make: Make) -> None:
    root = make(
        "pyproject.toml",
        "app.py",
        ".hidden/a.py",
        "node_modules/b.py",
        "env/pyvenv.cfg",
        "env/lib/c.py",
        "__pycache__/d.py",
    )
    (root / "link").symlink_to(root)
    assert list(placed(root, roots_of(root))) == ["app.py"]


@pytest.mark.parametrize(
    ("file", "place"),
    [
        pytest.param("types.py", "types_.py", id="standard library"),
        pytest.param("fastapi/background.py", "fastapi_/background.py", id="stubs"),
        pytest.param("my-app/2021_init.py", "my_app/_2021_init.py", id="no names"),
        pytest.param("app/types.py", "app/types.py", id="further in"),
    ],
)
def test_a_name_that_no_checker_takes_is_changed(file: str, place: str, make: Make) -> None:
    root = make("pyproject.toml", file)
    assert placed(root, roots_of(root)) == {file: place}


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg", ".git/config"])
def test_a_project_is_the_nearest_folder_with_a_marker(marker: str, make: Make) -> None:
    root = make(marker, "app/deep/main.py")

    assert project_of(root / "app" / "deep") == root
    assert list(folders_above(root / "app"))[-2:] == [root, root / "src"]


def test_a_package_is_no_start_of_imports_in_it(make: Make) -> None:
    root = make("pyproject.toml", "app/__init__.py", "app/deep/main.py")

    starts = list(folders_above(root / "app" / "deep"))

    assert root / "app" not in starts
    assert starts == [root / "app/deep", root / "app/deep/src", root, root / "src"]


def test_imports_start_at_the_bases_above_then_nearby_then_anywhere(make: Make) -> None:
    root = make("pyproject.toml", "web/api/main.py", "other/x.py")
    bases = (root / "other", root)

    assert starts_of(root / "web", bases) == (
        root, root / "web", root / "web/src", root / "src", root / "other",
    )  # fmt: skip


def test_a_module_with_the_name_of_the_standard_librarys_makes_no_start(make: Make) -> None:
    root = make("pyproject.toml", "shop/__init__.py", "shop/logging.py", "shop/api.py")

    roots = roots_of(root, module(root / "shop/api.py", "import logging"))

    assert roots.bases == (root,)


def test_a_long_dotted_name_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "__init__.py").touch()
    (tmp_path / "a" / "b" / "c.py").touch()
    assert Lookup().module(tmp_path, "a.b.c") == tmp_path / "a" / "b" / "c.py"
    assert Lookup().module(tmp_path, "a.b" * 3_000) is None
