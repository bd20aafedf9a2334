"""Another distribution with a package `bgtasks`, installed before or after ours."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bgtasks.doctor.rivals import find_rivals
from environments import PACKAGE, SITE_PACKAGES, make_environment

OURS = {f"bgtasks/{path.name}": path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")}
OTHER = {"bgtasks/__init__.py": "", "bgtasks/queue.py": "def add(): ...\n"}
ONE_FILE = {"bgtasks/__init__.py": ""}


def install(site_packages: Path, name: str, files: Mapping[str, str]) -> None:
    """Lay files down as an installer does, over what is there, with a record of them."""
    for path, text in files.items():
        (site_packages / path).parent.mkdir(parents=True, exist_ok=True)
        (site_packages / path).write_text(text, encoding="utf-8")
    record = site_packages / f"{name}.dist-info" / "RECORD"
    record.parent.mkdir(parents=True)
    record.write_text("".join(f"{path},sha256=abc,1\n" for path in files))


def warned_by(statement: str, site_packages: Path) -> str:
    code = f"import sys; sys.path[:0] = [{str(site_packages)!r}]; {statement}"
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("distributions", "statement"),
    [
        pytest.param({"bgtasks-1.0": OTHER, "typed_bgtasks-0.1": OURS}, "from bgtasks import *", id="before"),
        pytest.param(
            {"bgtasks-1.0": ONE_FILE, "typed_bgtasks-0.1": OURS},
            "from bgtasks import BackgroundTasks",
            id="before, and nothing of it is left",
        ),
        pytest.param(
            {"bgtasks-1.0": OTHER, "typed_bgtasks-0.1": OURS},
            "import bgtasks.fastapi",
            id="the dependency first",
        ),
        pytest.param(
            {"typed_bgtasks-0.1": OURS, "bgtasks-1.0": ONE_FILE},
            "from bgtasks.fastapi import BackgroundTasksDep",
            id="after",
        ),
    ],
)
def test_the_first_import_tells(
    distributions: Mapping[str, Mapping[str, str]], statement: str, tmp_path: Path
) -> None:
    for name, files in distributions.items():
        install(tmp_path, name, files)

    warned = warned_by(statement, tmp_path)

    assert (
        f"RuntimeWarning: typed-bgtasks and bgtasks-1.0 overwrite each other's files in {tmp_path}" in warned
    )
    assert "uninstall both, then install typed-bgtasks alone" in warned
    assert warned.count("RuntimeWarning") == 1


def test_a_distribution_of_another_name_is_told_by_its_files(tmp_path: Path) -> None:
    install(tmp_path, "background_jobs-2.0", OTHER)
    install(tmp_path, "typed_bgtasks-0.1", OURS)

    assert "typed-bgtasks and background_jobs-2.0 overwrite" in warned_by("import bgtasks.fastapi", tmp_path)


@pytest.mark.parametrize(
    "distributions",
    [
        pytest.param({"typed_bgtasks-0.1": OURS}, id="alone"),
        pytest.param({"typed_bgtasks-0.1": OURS, "bgtasksx-1": {"bgtasksx/a.py": ""}}, id="a longer name"),
        pytest.param(
            {"typed_bgtasks-0.1": OURS, "typed_bgtasks_stubs-0.1": {"fastapi-stubs/a.pyi": ""}},
            id="the stubs",
        ),
    ],
)
def test_where_it_is_alone_nothing_is_said(
    distributions: Mapping[str, Mapping[str, str]], tmp_path: Path
) -> None:
    for name, files in distributions.items():
        install(tmp_path, name, files)
    (tmp_path / "bgtasks" / ".DS_Store").touch()  # as some file managers do

    assert warned_by("from bgtasks import *; import bgtasks.fastapi", tmp_path) == ""


def test_a_checkout_that_is_installed_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "bgtasks").symlink_to(PACKAGE)
    install(tmp_path, "typed_bgtasks-0.1", {"_editable.pth": ""})

    assert warned_by("from bgtasks import *", tmp_path) == ""


def rivals(folder: Path, found: str | None = None) -> list[str]:
    return list(find_rivals(found and str(folder / found), [str(folder)], folder))


def test_doctor_tells_who_overwrites_whom(tmp_path: Path) -> None:
    install(tmp_path, "bgtasks-1.0", OTHER)
    install(tmp_path, "typed_bgtasks-0.1", OURS)

    [line] = rivals(tmp_path, "bgtasks/__init__.py")

    assert line.startswith(f"typed-bgtasks and bgtasks-1.0 overwrite each other's files in {tmp_path}")


def test_doctor_tells_that_only_the_other_one_is_installed(tmp_path: Path) -> None:
    install(tmp_path, "bgtasks-1.0", OTHER)

    [line] = rivals(tmp_path, "bgtasks/__init__.py")

    assert line.startswith("bgtasks-1.0 is another project; ")


def test_doctor_tells_of_an_egg(tmp_path: Path) -> None:
    (tmp_path / "bgtasks-0.1.egg-info").mkdir()
    (tmp_path / "bgtasks-0.1.egg-info" / "top_level.txt").write_text("bgtasks\n")

    assert rivals(tmp_path)[0].startswith("bgtasks-0.1 is another project; ")


def test_doctor_tells_of_what_no_distribution_has_installed(tmp_path: Path) -> None:
    (tmp_path / "bgtasks.py").touch()

    [line] = find_rivals(str(tmp_path / "bgtasks.py"), [], tmp_path / "nowhere")

    assert line == f"import bgtasks finds {tmp_path / 'bgtasks.py'}, which is not ours; rename it"


@pytest.mark.parametrize("name", ["bgtasks.py", "bgtasks/__init__.py", "src/bgtasks/__init__.py"])
def test_doctor_tells_of_one_in_the_project(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()

    [line] = find_rivals(None, [], tmp_path)

    assert line.startswith(f"{path} hides ours from what starts in {tmp_path}")


def test_doctor_says_nothing_of_ours(tmp_path: Path) -> None:
    install(tmp_path, "typed_bgtasks-0.1", OURS)

    assert rivals(tmp_path, "bgtasks/__init__.py") == []
    assert list(find_rivals(None, [], PACKAGE.parent)) == []


@pytest.mark.live
@pytest.mark.checker
def test_the_command_ends_with_exit_code_2(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "environment", SITE_PACKAGES)
    [site_packages] = python.parents[1].glob("lib/python3*/site-packages")
    install(site_packages, "bgtasks-1.0", OTHER)
    install(site_packages, "typed_bgtasks-0.1", OURS)
    command = [sys.executable, "-m", "bgtasks", "doctor", "--checkers=ty", f"--python={python}"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "in the way: typed-bgtasks and bgtasks-1.0 overwrite" in done.stdout
