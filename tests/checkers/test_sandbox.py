import os
import sys
from pathlib import Path

import pytest

from bgtasks.checkers.sandbox import copy_file, find_cache, isolate, lay_over, open_cache, open_folder
from bgtasks.errors import BgtasksError
from bgtasks.files import MIB

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has other folders and other rights")


def test_the_cache_is_the_users_and_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found: list[Path | None] = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        found.append(find_cache())

    assert found[0] != found[1]
    assert {folder and folder.parent for folder in found} == {tmp_path / "bgtasks"}


@pytest.mark.parametrize("home", ["", "relative/path"])
def test_without_a_folder_for_caches_it_is_that_of_the_home(
    home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    monkeypatch.setenv("HOME", "/home/ada")

    folder = find_cache()
    assert folder is not None
    assert folder.parent == Path("/home/ada/.cache/bgtasks")


def test_a_cache_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    assert open_cache(tmp_path / "ours") == tmp_path / "ours"
    (tmp_path / "ours").chmod(0o770)
    assert open_cache(tmp_path / "ours") is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_cache_that_somebody_else_made_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(0o700)
    os.chown(tmp_path / "theirs", 12345, 12345)

    assert open_cache(tmp_path / "theirs") is None


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")

    assert open_cache(tmp_path / "cache") is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_a_checker_leaves_behind_lies_in_our_folder() -> None:
    with open_folder() as folder:
        variables = isolate(folder)
        assert Path(variables["TMPDIR"]).parent == folder
        assert Path(variables["TMPDIR"]).is_dir()
    assert not folder.exists()


def plant(file: Path, kind: str) -> None:
    file.parent.mkdir()
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "loop":
            file.symlink_to(file.name)
        case _:  # as good as endless
            file.touch()
            os.truncate(file, 65 * MIB)


@pytest.mark.parametrize("kind", ["pipe", "loop", "large"])
def test_what_cannot_be_copied_is_named(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "x-stubs" / "a.pyi"
    plant(file, kind)
    with pytest.raises(BgtasksError, match=r"x-stubs/a.pyi: cannot be read: "):
        copy_file(file, tmp_path / "copy")
    with pytest.raises(BgtasksError, match=r"x-stubs(/a.pyi)?: cannot be (read|copied): "):
        lay_over(Path(sys.executable), [], [file.parent], tmp_path / "environment")


def test_stubs_that_lead_back_to_themselves_are_named(tmp_path: Path) -> None:
    (tmp_path / "x-stubs").mkdir()
    (tmp_path / "x-stubs" / "up").symlink_to(".")
    with pytest.raises(BgtasksError, match=r"x-stubs: cannot be copied: .*(symbolic links|too long)"):
        lay_over(Path(sys.executable), [], [tmp_path / "x-stubs"], tmp_path / "environment")
