import os
import sys
from pathlib import Path

import pytest

from bgtasks.files import MIB, read_whole, resolve, write_into, write_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes FIFOs and links")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 65 * MIB)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pipe", "it is no regular file"),
        ("zero", "it is no regular file"),
        ("folder", "Is a directory"),
        ("sparse", "it is larger than 64 MiB"),
        ("nul\0", "embedded null"),
        ("x" * 300, "File name too long"),
        ("nothing", "No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_told_and_never_waited_for(odd: Path, name: str, reason: str) -> None:
    with pytest.raises(OSError, match=r".") as raised:
        read_whole(odd / name)
    assert raised.value.strerror is not None
    assert reason in raised.value.strerror


def test_what_is_longer_than_it_says_is_read_whole() -> None:
    file = Path("/proc/self/status")
    if not file.exists():
        pytest.skip("a kernel without /proc")
    assert file.stat().st_size == 0
    assert read_whole(file).startswith(b"Name:")


def test_a_link_to_itself_leads_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert resolve(tmp_path / "loop") == tmp_path / "loop"
    with pytest.raises(OSError, match="it is a link"):
        write_into(tmp_path / "loop", b"new")


@pytest.mark.parametrize("name", ["pipe", "link", "folder"])
def test_nothing_is_written_through_a_link_or_over_what_is_no_file(odd: Path, name: str) -> None:
    (odd / "precious").write_text("precious")
    (odd / "link").symlink_to("precious")
    before = (odd / name).lstat()
    with pytest.raises(OSError, match=r"link|regular|directory"):
        write_whole(odd / name, b"*")
    assert (odd / name).lstat() == before
    assert (odd / "precious").read_text() == "precious"


def test_a_planted_draft_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / f".report.{os.getpid()}").symlink_to("precious")
    write_whole(tmp_path / "report", b"new")
    assert (tmp_path / "report").read_bytes() == b"new"
    assert (tmp_path / "precious").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["precious", "report"]


def test_what_the_user_names_is_written_into(odd: Path) -> None:
    (odd / "report").write_text("old")
    (odd / "link").symlink_to("report")
    write_into(odd / "link", b"new")
    assert (odd / "link").is_symlink()
    assert (odd / "report").read_bytes() == b"new"
    with pytest.raises(OSError, match="No such device"):  # nobody reads it
        write_into(odd / "pipe", b"new")
    reader = os.open(odd / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_into(odd / "pipe", b"new")
    assert os.read(reader, 9) == b"new"
    os.close(reader)
    assert (odd / "pipe").is_fifo()
