import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import pytest

from bgtasks.__main__ import main
from bgtasks.errors import BgtasksError
from bgtasks.surroundings.bundle import read_bundle, stubs_version
from bgtasks.vendor.apply import apply
from bgtasks.vendor.layout import lay_out
from bgtasks.vendor.manifest import MANIFEST, read_manifest, to_json
from bgtasks.vendor.model import Manifest, Project, State
from bgtasks.vendor.plan import make_plan, refuse_to_lose, removal
from bgtasks.vendor.state import compare, digest, open_project
from bgtasks.vendor.upstream import find_packages
from bgtasks.vendor.words import next_lines
from environments import INSTALLED, make_environment
from places import ROOT


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


STUB = "starlette-stubs/background.pyi"
OLD = b"x: int\n"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_environment(tmp_path_factory.mktemp("environment"), *INSTALLED)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project(folder: Path, python: Path) -> Project:
    return open_project(folder / "typings", python)


def bring_in_step(project: Project) -> None:
    plan = make_plan(project)
    apply(project, plan.entries, plan.manifest)


def states(project: Project) -> dict[str, State]:
    return {entry.path: entry.state for entry in make_plan(project).entries}


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def bgtasks(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run the command in this process; it takes longer to start one than to vendor."""

    def run(*arguments: object, cwd: Path = folder) -> Done:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["bgtasks", "vendor", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        captured = capsys.readouterr()
        return Done(code or 0, captured.out, captured.err)

    return run


def test_a_first_run_writes_all_and_a_second_nothing(project: Project, folder: Path) -> None:
    assert set(states(project).values()) == {State.MISSING}
    bring_in_step(project)
    before = snapshot(folder)
    assert set(states(project).values()) == {State.OK}
    assert make_plan(project, checking=True).in_step
    bring_in_step(project)
    assert snapshot(folder) == before


def test_the_manifest_is_the_same_wherever_and_whenever(project: Project, tmp_path: Path) -> None:
    bring_in_step(project)
    manifest = (project.vendored / MANIFEST).read_text()
    assert str(tmp_path) not in manifest
    document = json.loads(manifest)
    assert set(document) == {"tool", "upstream", "checkers", "files"}
    assert document["tool"] == f"typed-bgtasks {stubs_version(read_bundle())}"
    assert list(document["upstream"]) == ["fastapi", "starlette"]
    assert list(document["files"]) == sorted(document["files"])


@pytest.mark.parametrize(
    ("checkers", "paths"),
    [
        (("mypy",), {".mypy/starlette/__init__.pyi", ".mypy/starlette/background.pyi"}),
        (
            ("ty",),
            {"starlette-stubs/__init__.pyi", "starlette-stubs/background.pyi", "starlette-stubs/py.typed"},
        ),
    ],
    ids=["mypy", "ty"],
)
def test_each_checker_gets_its_layout(checkers: tuple[str, ...], paths: set[str]) -> None:
    bundle = read_bundle()
    assert set(lay_out(bundle, ["starlette"], checkers)) == paths
    assert set(lay_out(bundle, ["starlette"], ["mypy", "ty"])) > paths


@pytest.mark.parametrize(
    ("replacements", "state"),
    [
        ({}, State.OK),
        ({b"\n": b"\r\n"}, State.REFORMATTED),
        ({b'"': b"'", b"'''": b'"""', b"# SPDX": b"# ours now: SPDX"}, State.REFORMATTED),
        ({b"    ": b"  "}, State.REFORMATTED),
        ({b"-> None": b"-> int"}, State.EDITED),
        ({b"class BackgroundTasks": b"class"}, State.EDITED),
    ],
    ids=["ok", "crlf", "quotes and comments", "indent", "edited", "broken"],
)
def test_the_state_of_a_stub(project: Project, replacements: dict[bytes, bytes], state: State) -> None:
    bring_in_step(project)
    file = project.vendored / STUB
    content = file.read_bytes()
    for old, new in replacements.items():
        assert old in content
        content = content.replace(old, new)
    file.write_bytes(content)
    assert states(project)[STUB] is state


def test_an_emptied_stub_is_edited_and_a_removed_one_missing(project: Project) -> None:
    bring_in_step(project)
    (project.vendored / STUB).write_bytes(b"")
    assert states(project)[STUB] is State.EDITED
    (project.vendored / STUB).unlink()
    assert states(project)[STUB] is State.MISSING


def test_a_marker_with_other_line_endings_is_the_same(project: Project) -> None:
    bring_in_step(project)
    (project.vendored / "starlette-stubs" / "py.typed").write_bytes(b"partial\r\n")
    assert make_plan(project, checking=True).in_step
    (project.vendored / "starlette-stubs" / "py.typed").write_bytes(b"partial")
    assert states(project)["starlette-stubs/py.typed"] is State.EDITED


@pytest.mark.parametrize("found", [OLD, b"# formatted\nx:int\r\n"], ids=["as it was", "reformatted"])
def test_what_an_older_version_wrote_is_outdated(project: Project, found: bytes) -> None:
    manifest = Manifest("typed-bgtasks 0.0.1", {}, (), {"a.pyi": digest("a.pyi", OLD)})
    project.vendored.mkdir()
    (project.vendored / "a.pyi").write_bytes(found)
    [entry] = compare(project, {"a.pyi": b"x: str\n"}, manifest)
    assert entry.state is State.OUTDATED
    [entry] = compare(project, {}, manifest)
    assert entry.state is State.OBSOLETE
    apply(project, [entry], Manifest("", {}, (), {}))
    assert compare(project, {}, manifest) == []


def test_what_is_obsolete_and_edited_stays(project: Project) -> None:
    manifest = Manifest("typed-bgtasks 0.0.1", {}, (), {"a.pyi": digest("a.pyi", OLD)})
    project.vendored.mkdir()
    (project.vendored / "a.pyi").write_bytes(b"y = 1")
    [entry] = compare(project, {}, manifest)
    assert entry.state is State.EDITED
    with pytest.raises(BgtasksError, match=r"typings/a\.pyi \(edited\): not ours to change.*--force"):
        refuse_to_lose(project, [entry])


def test_what_somebody_else_wrote_is_foreign(
    project: Project, folder: Path, bgtasks: Callable[..., Done]
) -> None:
    (folder / "typings" / "starlette-stubs").mkdir(parents=True)
    (folder / "typings" / STUB).write_text("mine = 1\n")
    assert states(project)[STUB] is State.FOREIGN
    before = snapshot(folder)
    done = bgtasks("--python", project.python)
    assert done.returncode == 2
    assert done.stderr == (
        f"bgtasks: typings/{STUB} (foreign): not ours to change, so nothing was; "
        "look at --diff, and lose it with --force\n"
    )
    assert snapshot(folder) == before
    assert bgtasks("--python", project.python, "--force").returncode == 0
    assert set(states(project).values()) == {State.OK}


def test_a_package_or_a_checker_that_is_gone_makes_its_files_obsolete(project: Project) -> None:
    bring_in_step(project)
    plan = make_plan(project, only=["starlette"], checkers=["ty"])
    assert {entry.path.partition("/")[0] for entry in plan.entries if entry.state is State.OBSOLETE} == {
        ".mypy",
        "fastapi-stubs",
    }
    apply(project, plan.entries, plan.manifest)
    assert {path.name for path in project.vendored.iterdir()} == {MANIFEST, "starlette-stubs"}
    assert make_plan(project, checking=True).in_step


def test_removal_leaves_nothing_but_what_is_not_ours(project: Project, folder: Path) -> None:
    before = snapshot(folder)
    bring_in_step(project)
    apply(project, removal(make_plan(project)), None)
    assert snapshot(folder) == before
    assert not project.vendored.exists()
    bring_in_step(project)
    (project.vendored / "own.pyi").write_text("")
    (project.vendored / STUB).write_text("edited = 1\n")
    entries = removal(make_plan(project))
    with pytest.raises(BgtasksError, match="background"):
        refuse_to_lose(project, entries)
    apply(project, entries, None)
    assert [path.name for path in project.vendored.rglob("*")] == ["own.pyi"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no manifest of ours"),
        ("[]", "is no manifest of ours"),
        ('{"tool": ""}', "is no manifest of ours"),
        ('{"tool": "", "upstream": {"os; x": ""}, "checkers": [], "files": {}}', "unknown: os; x"),
        ('{"tool": "", "upstream": {}, "checkers": ["x"], "files": {}}', "unknown: x"),
    ],
)
def test_a_broken_manifest_is_named(project: Project, content: str, said: str) -> None:
    bring_in_step(project)
    (project.vendored / MANIFEST).write_text(content)
    with pytest.raises(BgtasksError, match=said):
        read_manifest(project)
    assert read_manifest(project, force=True) is None


@pytest.mark.parametrize(
    "path", ["../victim", "/etc/passwd", "starlette-stubs/../../victim", "", "starlette-stubs"]
)
def test_a_manifest_leads_nowhere_else(project: Project, folder: Path, path: str) -> None:
    (folder / "victim").write_bytes(OLD)
    (project.vendored / "starlette-stubs").mkdir(parents=True)
    manifest = Manifest("", {}, (), {path: digest(path, OLD)})
    with pytest.raises(BgtasksError, match=r"leads out of the folder|is no file of its own"):
        compare(project, {}, manifest)


@pytest.mark.parametrize(
    "folder_name", ["..", "../other", "/tmp", "out", "out/typings", ".", "pyproject.toml"]
)
def test_a_folder_outside_of_the_project_is_refused(
    folder: Path, folder_name: str, tmp_path_factory: pytest.TempPathFactory, bgtasks: Callable[..., Done]
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "out").symlink_to(elsewhere)
    done = bgtasks(folder_name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert folder_name in done.stderr
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("link", ["typings/starlette-stubs", f"typings/{STUB}", f"typings/{MANIFEST}"])
def test_a_link_out_of_the_folder_is_refused(
    project: Project, folder: Path, link: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    target = elsewhere if link.endswith("-stubs") else elsewhere / "file"
    (folder / link).parent.mkdir(parents=True)
    (folder / link).symlink_to(target)
    with pytest.raises(BgtasksError, match=r"leads out|is no file of its own"):
        bring_in_step(project)
    assert list(elsewhere.iterdir()) == []


def test_the_default_folder_is_the_projects_wherever_it_is_called(
    folder: Path, python: Path, bgtasks: Callable[..., Done]
) -> None:
    (folder / "src").mkdir()
    assert bgtasks("--python", python, "--for", "ty", cwd=folder / "src").returncode == 0
    assert (folder / "typings" / STUB).is_file()


def test_check_tells_what_is_out_of_step(project: Project, bgtasks: Callable[..., Done]) -> None:
    def check() -> tuple[int, str]:
        done = bgtasks("--python", project.python, "--check")
        return done.returncode, done.stdout + done.stderr

    code, said = check()
    assert (code, said.count("missing ")) == (1, 10)
    bring_in_step(project)
    assert check()[0] == 0
    (project.vendored / STUB).write_text("edited = 1\n")
    code, said = check()
    assert code == 1
    assert f"edited       typings/{STUB}" in said
    (project.vendored / STUB).write_bytes(read_bundle()[STUB])
    (project.vendored / MANIFEST).unlink()
    assert check()[0] == 1


def test_check_tells_of_newer_stubs(project: Project, bgtasks: Callable[..., Done]) -> None:
    bring_in_step(project)
    (project.vendored / STUB).write_bytes(OLD)
    manifest = json.loads((project.vendored / MANIFEST).read_text())
    manifest["files"][STUB] = asdict(digest(STUB, OLD))
    (project.vendored / MANIFEST).write_text(json.dumps(manifest))
    done = bgtasks("--python", project.python, "--check")
    assert done.returncode == 1
    assert f"outdated     typings/{STUB}  to be written\n" in done.stdout
    assert bgtasks("--python", project.python).returncode == 0
    assert bgtasks("--python", project.python, "--check").returncode == 0


def test_check_tells_of_an_upstream_that_changed(
    project: Project, tmp_path_factory: pytest.TempPathFactory, bgtasks: Callable[..., Done]
) -> None:
    bring_in_step(project)
    newer = tmp_path_factory.mktemp("newer") / "starlette"
    newer.mkdir()
    installed = find_packages(project.python)["starlette"].folder
    assert installed is not None
    source = (installed / "background.py").read_text()
    (newer / "background.py").write_text(
        source.replace("    def add_task(self, ", "    def add_task(self, name: str, ")
    )
    (newer / "__init__.py").write_text("raise SystemExit('imported')\n")
    python = make_environment(tmp_path_factory.mktemp("environment"), newer.parent, *INSTALLED)
    done = bgtasks("--python", python, "--check")
    assert done.returncode == 1
    assert re.search(
        r"^starlette .*: BackgroundTasks\.add_task is now \(self, name: str, func", done.stdout, re.MULTILINE
    )


def test_check_says_what_it_could_not_compare(
    project: Project, tmp_path_factory: pytest.TempPathFactory, bgtasks: Callable[..., Done]
) -> None:
    bring_in_step(project)
    bare = make_environment(tmp_path_factory.mktemp("bare"))
    done = bgtasks("--python", bare, "--check")
    assert done.returncode == 0
    assert (
        f"fastapi: not installed where {bare} is, so not compared; name another with --python\n"
        in done.stdout
    )


def test_the_hook_is_what_the_documentation_says(project: Project, bgtasks: Callable[..., Done]) -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text()
    [entry] = re.findall(
        r"^- id: bgtasks-vendor\n(?:  .*\n)*?  entry: bgtasks vendor (.*)\n", hooks, re.MULTILINE
    )
    arguments = (*entry.split(), "--python", project.python)
    assert bgtasks(*arguments).returncode == 1
    bring_in_step(project)
    assert bgtasks(*arguments).returncode == 0


def test_nothing_is_written_where_one_only_looks(
    project: Project, folder: Path, bgtasks: Callable[..., Done]
) -> None:
    before = snapshot(folder)
    for option in ("--check", "--diff", "--dry-run"):
        bgtasks("--python", project.python, option)
        assert snapshot(folder) == before
    done = bgtasks("--python", project.python, "--diff", "--only", "starlette", "--for", "ty")
    assert done.returncode == 0
    assert f"--- /dev/null\n+++ typings/{STUB}\n@@" in done.stdout
    bring_in_step(project)
    (project.vendored / STUB).write_text("edited = 1\n")
    done = bgtasks("--python", project.python, "--diff")
    assert f"--- typings/{STUB}\n+++ typings/{STUB}\n@@" in done.stdout
    assert "\n-edited = 1\n" in done.stdout


def test_what_is_added_to_the_configuration_is_shown(
    folder: Path, python: Path, bgtasks: Callable[..., Done]
) -> None:
    arguments = ("--python", python, "--for", "mypy", "--write-config")
    key = 'mypy_path = "$MYPY_CONFIG_FILE_DIR/typings/.mypy"'

    looked = bgtasks(*arguments, "--dry-run")
    assert f"mypy needs in pyproject.toml\n    [tool.mypy]\n    {key}\n" in looked.stdout
    assert key not in (folder / "pyproject.toml").read_text()

    added = bgtasks(*arguments)
    assert f"mypy finds now in pyproject.toml\n    [tool.mypy]\n    {key}\n" in added.stdout
    assert "needs" not in added.stdout
    assert key in (folder / "pyproject.toml").read_text()

    assert key not in bgtasks(*arguments).stdout


def test_where_no_checker_is_there_it_copies_and_says_so(folder: Path, python: Path) -> None:
    command = [str(python), "-m", "bgtasks", "vendor", "--verify"]  # an environment without a checker
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (folder / "typings" / STUB).is_file()
    assert done.stdout.count("is not installed, so nothing is proved") == 6
    assert list(folder.glob("bgtasks_probe_*")) == []


def test_what_cannot_be_verified_is_named_at_once(project: Project) -> None:
    plan = make_plan(project)
    assert list(next_lines(plan, ["mypy", "ty"], written=True)) == [
        "Not installed, so it cannot be verified here: mypy, ty",
        "bgtasks vendor --verify proves that it took effect.",
    ]


def test_what_is_not_installed_is_named(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, bgtasks: Callable[..., Done]
) -> None:
    bare = make_environment(tmp_path_factory.mktemp("bare"))
    done = bgtasks("--python", bare)
    assert done.returncode == 2
    assert done.stderr == f"bgtasks: starlette: not installed where {bare} is; name another with --python\n"
    assert not (folder / "typings").exists()


@pytest.mark.parametrize("option", ["--only", "--for"])
def test_an_unknown_name_is_refused(python: Path, option: str, bgtasks: Callable[..., Done]) -> None:
    done = bgtasks("--python", python, option, "flask")
    assert done.returncode == 2
    assert done.stderr.startswith(f"bgtasks: {option}: 'flask' is not known; known are ")


def test_to_check_is_not_to_write(python: Path, bgtasks: Callable[..., Done]) -> None:
    assert bgtasks("--python", python, "--check", "--force").returncode == 2


def test_the_manifest_is_json_that_reads_back(project: Project) -> None:
    bring_in_step(project)
    manifest = read_manifest(project)
    assert manifest is not None
    assert to_json(manifest) == (project.vendored / MANIFEST).read_bytes()
