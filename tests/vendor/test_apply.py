"""Whatever ends a run early, nothing is lost, and the next run finishes it."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bgtasks.surroundings.bundle import read_bundle
from bgtasks.vendor.apply import apply, locked
from bgtasks.vendor.manifest import MANIFEST
from bgtasks.vendor.model import State
from bgtasks.vendor.plan import make_plan
from bgtasks.vendor.state import open_project
from environments import INSTALLED, make_environment
from places import ROOT

# One process for all of them: it dies, in a fork, at each step of each of three runs.
KILL = """
import json, os, shutil, sys
from pathlib import Path
from bgtasks.files import write_whole
from bgtasks.vendor.apply import apply
from bgtasks.vendor.manifest import read_manifest
from bgtasks.vendor.model import Manifest
from bgtasks.vendor.state import compare, digest, open_project

NEW = {f"starlette-stubs/{name}.pyi": f"{name}: str\\n".encode() for name in "abc"}
OLD = {f"starlette-stubs/{name}.pyi": f"{name}: int\\n".encode() for name in "abd"}
RUNS = {"first": ({}, NEW), "upgrade": (OLD, NEW), "removal": (NEW, {})}

def manifest(files):
    return Manifest("t", {}, ("ty",), {name: digest(name, text) for name, text in files.items()})

def run(project, files, **seam):
    entries = compare(project, files, read_manifest(project))
    apply(project, entries, manifest(files) if files else None, **seam)

def die_at(last, half):
    steps = iter(range(1, 99))
    def write(file, content):
        if next(steps) == last:
            if half:
                file.with_name(f".{file.name}.{os.getpid()}").write_bytes(content[:1])
            os._exit(9)
        write_whole(file, content)
    def remove(file):
        if next(steps) == last:
            os._exit(9)
        file.unlink()
    return {"write": write, "remove": remove}

def files_of(project):
    return {str(path.relative_to(project.root)) for path in project.root.rglob("*") if path.is_file()}

told = []
for name, (before, after) in RUNS.items():
    for half in (False, True):
        for step in range(1, 99):
            shutil.rmtree("typings", ignore_errors=True)
            project = open_project(Path("typings"), Path())
            if before:
                run(project, before)
            (project.root / "typings/starlette-stubs").mkdir(parents=True, exist_ok=True)
            (project.root / "typings/starlette-stubs/own.pyi").write_text("own")
            child = os.fork()
            if not child:
                run(project, after, **die_at(step, half))
                os._exit(0)
            died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
            run(project, after)
            rest = files_of(project) - {"pyproject.toml", "typings/starlette-stubs/own.pyi"}
            expected = {f"typings/{path}" for path in (*after, "bgtasks-vendor.json") if after}
            whole = all((project.vendored / path).read_bytes() == text for path, text in after.items())
            known = read_manifest(project) == (manifest(after) if after else None)
            told.append([name, half, step, died, rest == expected and whole and known])
            if not died:
                break
print(json.dumps(told))
"""

# To root no folder is read-only.
READ_ONLY = """
import os, sys
from pathlib import Path
from bgtasks.errors import BgtasksError
from bgtasks.vendor.apply import apply
from bgtasks.vendor.plan import make_plan
from bgtasks.vendor.state import open_project
plan = make_plan(open_project(Path("typings"), Path(sys.argv[1])))
if not os.getuid():
    os.setuid(65534)
try:
    apply(plan.project, plan.entries, plan.manifest)
except BgtasksError as error:
    print(error)
"""


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_environment(tmp_path_factory.mktemp("environment"), *INSTALLED)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_kill_at_any_write_is_repaired(folder: Path) -> None:
    command = [sys.executable, "-c", KILL]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # Three files and the manifest; for an upgrade one to remove as well.
    died = {
        name: sum(row[3] for row in told if row[:2] == [name, False])
        for name in ("first", "upgrade", "removal")
    }
    assert died == {"first": 4, "upgrade": 5, "removal": 4}
    assert [row for row in told if not row[4]] == []


def test_a_run_keeps_a_second_one_waiting(folder: Path) -> None:
    project = open_project(folder / "typings", Path(sys.executable))
    second = os.open(folder, os.O_RDONLY)
    try:
        with locked(project), pytest.raises(BlockingIOError):
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(second)


def test_two_runs_at_once_lose_nothing(folder: Path, python: Path) -> None:
    command = [sys.executable, "-m", "bgtasks", "vendor", "--python", str(python), "--write-config", "--for"]
    names = ["mypy", "ty"]
    runs = [subprocess.Popen([*command, name], cwd=folder, stdout=subprocess.DEVNULL) for name in names]
    assert [run.wait() for run in runs] == [0] * len(runs)
    # Whichever was last, the files are those of its checker, and every key was kept.
    plan = make_plan(open_project(folder / "typings", python), checking=True)
    assert plan.in_step
    assert len(plan.checkers) == 1
    assert {path.name for path in folder.iterdir()} == {"pyproject.toml", "typings"}
    text = (folder / "pyproject.toml").read_text()
    assert [text.count(f"[tool.{name}") for name in names] == [1, 1]


def test_a_full_disk_loses_nothing(folder: Path, python: Path) -> None:
    project = open_project(folder / "typings", python)
    # To a process that may write no more to a file than this the disk is full.
    code = (
        "import resource, signal; from bgtasks.__main__ import main;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1400, 1400)); main()"
    )
    command = [sys.executable, "-c", code, "vendor", "--python", str(python)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "bgtasks: typings: cannot be written: File too large; "
        "what was there is whole, so mend that and run this again\n"
    )
    assert {entry.state for entry in make_plan(project).entries} == {State.OK, State.MISSING}
    plan = make_plan(project)
    apply(project, plan.entries, plan.manifest)
    assert make_plan(project, checking=True).in_step


def test_a_folder_that_cannot_be_written_is_named(python: Path) -> None:
    with TemporaryDirectory() as name:  # nobody may look into pytest's own folders
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pyproject.toml").write_text("")
        (folder / "typings").mkdir(mode=0o555)
        command = [sys.executable, "-c", READ_ONLY, str(python)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.stdout == (
            "typings: cannot be written: Permission denied; "
            "what was there is whole, so mend that and run this again\n"
        ), done.stderr
        assert list((folder / "typings").iterdir()) == []


def test_the_bundle_is_what_the_checkout_holds() -> None:
    stubs = ROOT / "stubs"
    assert read_bundle() == {
        path.relative_to(stubs).as_posix(): path.read_bytes() for path in stubs.glob("*-stubs/*")
    }
    assert MANIFEST not in read_bundle()
