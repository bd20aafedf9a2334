import ast
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.check.ask.copies import find_place, list_files
from bgtasks.check.ask.layout import open_layout
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.checkers.canary import CANARY
from bgtasks.errors import BgtasksError
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.environment import find_python, read_environment
from bgtasks.surroundings.roots import Roots, find_roots

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(*files: str, **texts: str) -> Path:
        for name in (*files, *texts):
            path = tmp_path / name.replace("__at__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, ""))
        return tmp_path

    return make


def module(path: Path, source: str = "") -> Module:
    return Module(path, path.stem, source, ast.parse(source))


def roots_of(path: Path, *modules: Module) -> Roots:
    return find_roots([path], {module.path: module.tree for module in modules})


def placed(root: Path, roots: Roots) -> dict[str, str]:
    """Return where each file of the project goes."""
    return {
        file.relative_to(root).as_posix(): find_place(file, roots).as_posix() for file in list_files(roots)
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


def test_the_settings_of_other_tools_are_heeded(make: Make) -> None:
    root = make(
        *(f"{name}/x.py" for name in "abcdefg"),
        **{
            "pyproject.toml": "[tool.mypy]\nmypy_path = ['$MYPY_CONFIG_FILE_DIR/a', 'none']\n"
            "[tool.pyright]\nextraPaths = ['b']\n[tool.pytest.ini_options]\npythonpath = 'c d'\n",
            "mypy.ini": "[mypy]\nmypy_path = e:f\n",
            "pyrightconfig.json": '{"extraPaths": ["g"]}',
        },
    )
    assert {path.name for path in find_configured(root)} == set("abcdefg")


@pytest.mark.parametrize("text", ["[tool", "[tool]\nmypy = 3", "[tool.mypy]\nmypy_path = 3", "\xff"])
def test_settings_that_cannot_be_read_are_not_ours_to_judge(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="latin-1")
    (tmp_path / "pyrightconfig.json").write_text("// {")
    (tmp_path / "mypy.ini").write_text("mypy_path")
    assert list(find_configured(tmp_path)) == []


@pytest.fixture
def inactive(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("inactive")
class TestFindPython:
    def test_an_environment_in_the_project_is_taken(self, make: Make) -> None:
        root = make("app/main.py", ".venv/pyvenv.cfg", ".venv/bin/python")
        assert find_python(root / "app") == root / ".venv/bin/python"

    def test_the_active_one_comes_first(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make(".venv/pyvenv.cfg", ".venv/bin/python", "active/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", str(root / "active"))
        assert find_python(root) == root / "active/bin/python"

    def test_that_we_run_in_one_says_nothing(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make(".venv/pyvenv.cfg", ".venv/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
        assert find_python(root) == root / ".venv/bin/python"

    def test_an_installed_package_has_its_own(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make("env/bin/python", "env/lib/python3.13/site-packages/one/x.py", "active/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", str(root / "active"))
        assert find_python(root / "env/lib/python3.13/site-packages/one") == root / "env/bin/python"

    def test_without_any_it_is_ours(self, tmp_path: Path) -> None:
        assert find_python(tmp_path) == Path(sys.executable)

    def test_an_active_one_without_python_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CONDA_PREFIX", os.fspath(tmp_path))
        with pytest.raises(BgtasksError, match=r"CONDA_PREFIX is .*, where no Python lies; name one with"):
            find_python(tmp_path)


def test_a_copy_never_writes_to_a_file_of_the_user(make: Make) -> None:
    source = "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
    ours = [str(CANARY), "bgtasks_witness.pyi", "bgtasks_witness_app.py", "bgtasks_witness_bgtasks_canary.py"]
    root = make("pyproject.toml", "other.py", **{"app.py": source}, **dict.fromkeys(ours, "mine"))
    (root / "other.py").chmod(0o400)
    before = {path: (path.read_bytes(), path.stat().st_mode) for path in root.iterdir()}
    app = module(root / "app.py", source)
    environment = read_environment(Path(sys.executable))
    with open_layout(roots_of(root, app), read_app([app]).sites, environment, None) as layout:
        project = layout.sandbox.project
        assert {"app.py", "other.py", *ours} == {path.name for path in project.iterdir()}
        assert "mine" not in "".join((project / name).read_text() for name in ours)
    assert {path: (path.read_bytes(), path.stat().st_mode) for path in root.iterdir()} == before


def test_two_modules_of_one_name_are_named(make: Make) -> None:
    source = "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
    root = make("pyproject.toml", "one/app/__init__.py", "two/app/__init__.py")
    modules = [module(root / part / "app/__init__.py", source) for part in ("one", "two")]
    sites = read_app(modules).sites
    with (
        pytest.raises(BgtasksError, match=r"two/app/__init__.py: is the module 'app' and so is .*one"),
        open_layout(roots_of(root, *modules), sites, read_environment(Path(sys.executable)), None),
    ):
        pass
