import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bgtasks.check.files import source
from bgtasks.check.files.source import find_modules
from bgtasks.errors import BgtasksError

CALL = "tasks.add_task(send)\n"


def names_of(*paths: Path) -> list[str]:
    modules, errors = find_modules(paths)
    assert errors == []
    return [module.name for module in modules]


def error_of(path: Path) -> str:
    modules, [error] = find_modules([path])
    assert [module.path.name for module in modules] == ["good.py"]
    return error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a file that can be read, so that a test sees whether it is lost."""
    (tmp_path / "good.py").write_text(CALL)
    return tmp_path


def test_files_that_mention_no_background_task_are_dropped_unparsed(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("this is no Python\n")
    (tmp_path / "adds.py").write_text(CALL)
    (tmp_path / "makes.py").write_text("from starlette.background import BackgroundTask\n")

    assert names_of(tmp_path) == ["adds", "makes"]


def test_a_module_is_named_as_the_app_imports_it(tmp_path: Path) -> None:
    for file in ("src/app/__init__.py", "src/app/routers/__init__.py", "src/app/routers/users.py", "run.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(CALL)

    assert names_of(tmp_path) == ["run", "app", "app.routers", "app.routers.users"]


def test_what_holds_no_code_of_the_app_is_skipped(folder: Path) -> None:
    for name in (".git", "__pycache__", "node_modules", "site-packages", "env/lib"):
        (folder / name).mkdir(parents=True)
        (folder / name / "other.py").write_text(CALL)
    (folder / "env" / "pyvenv.cfg").touch()
    (folder / "stub.pyi").write_text(CALL)

    assert names_of(folder) == ["good"]
    assert names_of(folder / "site-packages") == ["other"]
    assert names_of(folder / "env") == ["other"]


def test_an_app_in_whose_folder_an_environment_was_made_is_found(folder: Path) -> None:
    for name in ("made/app.py", "made/routers/users.py", "made/bin/activate_this.py", "made/lib/other.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CALL)
    (folder / "made" / "pyvenv.cfg").touch()

    assert names_of(folder) == ["good", "app", "users"]


def test_a_file_is_read_once_whatever_leads_to_it(folder: Path) -> None:
    (folder / "again.py").symlink_to(folder / "good.py")

    assert names_of(folder, folder, folder / "good.py") == ["again"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BgtasksError, match="missing: no such file or folder; name the code to check"):
        find_modules([tmp_path / "missing"])


@pytest.mark.parametrize(
    ("content", "source_text"),
    [
        pytest.param("# coding: latin-1\n# gr\xfc\xdfe\n".encode("latin-1"), "gr\xfc\xdfe", id="latin-1"),
        pytest.param("# -*- coding: cp1251 -*-\n# привет\n".encode("cp1251"), "привет", id="cp1251"),
        pytest.param(
            "# vim: set fileencoding=shift_jis :\n# 日本\n".encode("shift_jis"), "日本", id="shift_jis"
        ),
        pytest.param("\ufeff# \u00fc\n".encode(), "\u00fc", id="UTF-8 with a mark"),
        pytest.param(b"# dos\r\n# mac\r# unix\n", "# dos\n# mac\n# unix\n", id="line ends"),
    ],
)
def test_a_file_is_decoded_as_python_does(tmp_path: Path, content: bytes, source_text: str) -> None:
    (tmp_path / "app.py").write_bytes(content + CALL.encode())

    [module], errors = find_modules([tmp_path])

    assert errors == []
    assert source_text in module.source
    assert "\ufeff" not in module.source
    assert "\r" not in module.source


def link(target: str) -> Callable[[Path], object]:
    return lambda file: file.symlink_to(target)


def write(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(write(b"x =\n" + CALL.encode()), "bad.py:1: syntax error for Python 3.", id="syntax"),
        pytest.param(write(b"print 'add_task'\n"), "bad.py:1: syntax error for Python 3.", id="Python 2"),
        pytest.param(write(b"# coding: nonsense\n#add_task"), "unknown encoding", id="unknown encoding"),
        pytest.param(write(b"# add_task \xff\n"), "missing encoding declaration; save it as", id="not UTF-8"),
        pytest.param(write(b"\n\n\n#add_task \xff\n"), "'utf-8' codec can't decode byte 0xff", id="bad byte"),
        pytest.param(
            write("# add_task".encode("utf-16")), "it is UTF-16, which Python does not", id="UTF-16"
        ),
        pytest.param(write(b"x = 1\0 # add_task"), "null bytes", id="null bytes"),
        pytest.param(
            write(b"add_task" + b"(" * 5000 + b")" * 5000), "bad.py:?.*(nested|too many)", id="nested"
        ),
        pytest.param(write(b"#" * (source.LARGEST + 1) + b"add_task"), "4.0 MiB, and 4 MiB", id="huge"),
        pytest.param(write(b"add_task" + b"-" * 100000 + b"1"), "nested too deeply", id="nested deeper"),
        pytest.param(link("nowhere.py"), "cannot be read: No such file", id="dangling"),
        pytest.param(link("bad.py"), "cannot be read: Too many levels", id="own link"),
        pytest.param(os.mkfifo, "cannot be read: it is no regular file", id="pipe"),
    ],
)
def test_what_cannot_be_read_is_one_line(folder: Path, make: Callable[[Path], object], message: str) -> None:
    make(folder / "bad.py")

    error = error_of(folder)

    assert error.startswith(f"{folder / 'bad.py'}:")
    assert "\n" not in error
    assert re.search(message, error)


@pytest.mark.parametrize(
    ("python", "message"),
    [
        pytest.param("3.8", "syntax error for Python 3.8: unexpected indent", id="older than ours"),
        pytest.param(
            "3.99",
            f"syntax error for Python {source.OURS}, which bgtasks runs on: unexpected indent; "
            "run it on the Python 3.99 of the app",
            id="newer than ours",
        ),
    ],
)
def test_a_syntax_error_is_one_for_the_python_of_the_app(folder: Path, python: str, message: str) -> None:
    (folder / "bad.py").write_text("import add_task\n  x = 1\n")

    _, [error] = find_modules([folder / "bad.py"], lambda: python)

    assert error == f"{folder / 'bad.py'}:2: {message}"


def test_a_notebook_is_one_line_where_it_adds_a_task(folder: Path) -> None:
    (folder / "plain.ipynb").write_text("{}")
    (folder / "tasks.ipynb").write_text('{"source": ["tasks.add_task(send)"]}')

    assert error_of(folder) == (
        f"{folder / 'tasks.ipynb'}: a notebook is not checked; export it as a script and check that"
    )


def test_a_huge_file_without_a_task_is_dropped(folder: Path) -> None:
    (folder / "data.py").write_bytes(b"#" * (source.LARGEST + 1))

    assert names_of(folder) == ["good"]


def test_a_loop_of_links_is_one_line(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to(folder)

    assert error_of(folder) == (
        f"{folder / 'sub' / 'up'}: this link leads back to a folder above it; it is not followed"
    )


def test_a_folder_behind_a_link_is_searched(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "linked.py").write_text(CALL)
    (folder / "link").symlink_to(other)

    assert names_of(folder) == ["good", "linked"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that others may search, as they may not those that pytest makes."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def nobody() -> Iterator[Callable[[], None]]:
    """Let a test become a user who may not do everything."""
    me = os.geteuid()
    yield lambda: None if me else os.seteuid(65534)
    os.seteuid(me)


def test_what_is_forbidden_is_one_line_each(open_folder: Path, nobody: Callable[[], None]) -> None:
    for name in ("closed", "closed/below"):
        (open_folder / name).mkdir()
    for name in ("bad.py", "good.py", "closed/other.py"):
        (open_folder / name).write_text(CALL)
    (open_folder / "bad.py").chmod(0)
    (open_folder / "closed").chmod(0)

    nobody()
    modules, errors = find_modules([open_folder])

    assert [module.name for module in modules] == ["good"]
    assert errors == [
        f"{open_folder / 'bad.py'}: cannot be read: Permission denied",
        f"{open_folder / 'closed'}: cannot be searched: Permission denied",
    ]


def test_an_invalid_escape_is_no_warning_of_ours(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{CALL}pattern = '\\d'\n")

    assert names_of(tmp_path) == ["app"]
