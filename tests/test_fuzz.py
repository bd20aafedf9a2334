"""
Whatever is thrown at the command line: no traceback, no exit code but 0, 1 and 2, nothing left behind.

A short run is part of the tests. The long one, of 2,000 tries: BGTASKS_FUZZ=2000 pytest tests/test_fuzz.py
"""

import io
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bgtasks import leftovers
from bgtasks.__main__ import answer
from bgtasks.canary import canary, last_line
from bgtasks.model import DEFAULT_TARGET, Checker, Kind
from bgtasks.vendor.upstream import find_packages
from bgtasks.verify import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake checkers are shell scripts")

TRIES = int(os.environ.get("BGTASKS_FUZZ", "100"))
CASE = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


BackgroundTasks().add_task(send, "a")  # OK
"""
CHECKERS = ("mypy", "pyright", "basedpyright", "pyrefly", "ty", "zuban")
ANSWERING = """\
#!/bin/sh
cat "${0%/*}/answer"
exit "$(cat "${0%/*}/code")"
"""


def found(executable: Path) -> Callable[[Checker], tuple[Sequence[str], str]]:
    return lambda _: ((str(executable),), "1.0")


found_nothing = found(Path("/bin/true"))


def tries(share: float) -> settings:
    return settings(
        max_examples=max(1, int(TRIES * share)),
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in an empty project, with a folder for temporary files that has to be empty at the end."""
    project, temporary = tmp_path / "project", tmp_path / "temporary"
    project.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield project
    assert not list(temporary.iterdir())


def hold(project: Path, *arguments: str, leaves: frozenset[str] = frozenset({".bgtasks_cache"})) -> int:
    """Run the command line in this process, and see that it keeps what is promised."""
    before = {path.name for path in project.iterdir()}
    out, err = io.StringIO(), io.StringIO()
    argv, sys.argv = sys.argv, ["bgtasks", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = answer()
    finally:
        sys.argv = argv
    said = out.getvalue() + err.getvalue()
    assert code in {0, 1, 2}
    assert "Traceback" not in said
    assert "this is a bug" not in said
    assert "\x1b" not in said
    assert not any(line.startswith("::") for line in said.splitlines())
    assert {path.name for path in project.iterdir()} - before <= leaves
    assert not list((project.parent / "temporary").iterdir())
    assert not leftovers.PATHS
    assert not leftovers.GROUPS
    return code


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            leftovers.remove(path)
        else:
            path.unlink()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["error", "", "\x1b[31m", "\n::error::", "\ud800", "../project/case.py", 1 << 70, float("inf")]
    )
)
KEYS = st.sampled_from(
    [
        *("generalDiagnostics", "errors", "severity", "message", "rule", "range", "start", "line", "file"),
        *("check_name", "description", "location", "positions", "begin", "path", "code", "hint", "column"),
        *("name", "character"),
    ]
)
JSON: st.SearchStrategy[object] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


# As checkers answer, but for one value.
def entry(key: str, value: object, message: str) -> dict[str, object]:
    return {
        "severity": "error",
        "message": message,
        "rule": "r",
        "code": "c",
        "hint": None,
        "file": "../project/case.py",
        "line": 1,
        "column": 1,
        "name": "n",
        "description": message,
        "path": "../project/case.py",
        "check_name": "n",
        "range": {"start": {"line": 1, "character": 1}},
        "location": {"path": "../project/case.py", "positions": {"begin": {"line": 1, "column": 1}}},
        key: value,
    }


ENTRIES: st.SearchStrategy[list[dict[str, object]]] = st.lists(
    st.builds(entry, KEYS, JSON, st.text(max_size=20)), max_size=3
)


def dump(document: object) -> bytes:
    return json.dumps(document).encode()


def both(entries: list[dict[str, object]]) -> bytes:
    return dump({"generalDiagnostics": entries, "errors": entries})


def lines(entries: list[dict[str, object]]) -> bytes:
    return b"\n".join(map(dump, entries))


OUTPUTS = st.one_of(
    st.binary(max_size=200),
    JSON.map(dump),
    ENTRIES.map(dump),
    ENTRIES.map(both),
    ENTRIES.map(lines),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 100_000, b'{"errors": [' + b"9" * 5_000 + b"]}"]),
    st.builds("../project/{}:{}:{}:1:1: error: {}  [{}]".format, *[st.text(max_size=9)] * 5).map(
        lambda line: line.encode(errors="replace")
    ),
)


@given(output=OUTPUTS, code=st.integers(0, 3), checker=st.sampled_from(CHECKERS))
@tries(0.3)
def test_whatever_a_checker_prints(
    place: Path, monkeypatch: pytest.MonkeyPatch, output: bytes, code: int, checker: str
) -> None:
    fake = place.parent / "checker"
    fake.write_text(ANSWERING)
    fake.chmod(0o755)
    (place.parent / "answer").write_bytes(output)
    (place.parent / "code").write_text(str(code))
    monkeypatch.setattr(run, "find_program", found(fake))
    (place / "case.py").write_text(CASE)
    assert hold(place, "verify", "case.py", "--checkers", checker, "--gating", checker) == 2


def known(_: int) -> str:
    """Stand in for what is new in each run."""
    return "known"


def sing(file: str, line: int, rule: str, message: str = "bgtasks_nonce_known") -> dict[str, object]:
    begin = {"line": line, "column": 1}
    return {
        "check_name": rule,
        "description": message,
        "location": {"path": file, "positions": {"begin": begin}},
    }


def sung() -> list[dict[str, object]]:
    """Return what ty must say of the canaries to be believed."""
    rules = {Kind.ARGUMENT_TYPE: "invalid-argument-type", Kind.UNKNOWN_ATTRIBUTE: "unresolved-attribute"}
    case = canary(DEFAULT_TARGET, [])
    said = [
        sing("../project/bgtasks_canary.py", claim.line, rules[claim.kind])
        for claim in case.claims
        if claim.kind
    ]
    said.append(sing("../project/bgtasks_canary.py", last_line(case), "invalid-assignment"))
    said.append(sing("../project/case.py", CASE.count("\n") + 2, "invalid-assignment"))
    probes = [f"bgtasks_probe_{number}" for number in range(1, 9)]
    return said + [sing("../project/case.py", 1, rules[Kind.UNKNOWN_ATTRIBUTE], probe) for probe in probes]


def locate(path: object, line: object, column: object) -> object:
    return {"path": path, "positions": {"begin": {"line": line, "column": column}}}


# About a key that ty does read, so nearly right.
NEARLY: st.SearchStrategy[list[dict[str, object]]] = st.lists(
    st.builds(
        entry,
        st.sampled_from(["check_name", "description", "location"]),
        JSON | st.builds(locate, JSON | st.just("../project/case.py"), JSON | st.just(8), JSON | st.just(1)),
        st.text(max_size=20),
    ),
    max_size=3,
)


@given(entries=ENTRIES | NEARLY)
@tries(0.3)
def test_whatever_a_checker_says_that_is_believed(
    place: Path, monkeypatch: pytest.MonkeyPatch, entries: list[dict[str, object]]
) -> None:
    fake = place.parent / "checker"
    fake.write_text(ANSWERING)
    fake.chmod(0o755)
    (place.parent / "answer").write_bytes(dump([*sung(), *entries]))
    (place.parent / "code").write_text("1")
    monkeypatch.setattr(run, "find_program", found(fake))
    monkeypatch.setattr(secrets, "token_hex", known)
    (place / "case.py").write_text(CASE)
    code = hold(place, "verify", "case.py", "--checkers", "ty", "--gating", "ty")
    assert entries or code == 0


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60).filter(
    lambda name: name not in {".", ".."}
)
CODE = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            CASE.encode(),
            b"from fastapi import BackgroundTasks\n" + b"(" * 3_000,
            b"BackgroundTask" + b".a()" * 3_000,
            b"BackgroundTask + " + b" + ".join([b"1"] * 5_000) + b"  # OK",
            b"# -*- coding: utf-7 -*-\nadd_task  # OK",
            b"x = '\\d'  # OK\nadd_task\0",
            b"# E: ?\nadd_task(\xff)",
            *(
                b"# coding: " + name + b"\nadd_task\nBackgroundTask  # OK"
                for name in (b"rot13", b"hex", b"idna")
            ),
            b"from .... import x\nfrom . import y\nimport " + b"a." * 3_000 + b"b\nadd_task  # OK",
            b"BackgroundTask\nif a: b\n" + b"elif a: b\n" * 2_000 + b"c: int  # OK",
        ]
    ),
    st.text(max_size=100).map(lambda text: f"add_task  # OK\n{text}".encode(errors="replace")),
)
KINDS = st.sampled_from(["fifo", "folder", "up", "zero", "nowhere", "closed"])
KNOWN = [
    "requirements.txt",
    "uv.lock",
    "Pipfile.lock",
    "setup.cfg",
    "mypy.ini",
    ".git",
    "src",
    "equivalents.toml",
]
TREES = st.dictionaries(
    st.builds("{}{}".format, NAMES, st.sampled_from(["", ".py", ".ipynb", ".pyi"])) | st.sampled_from(KNOWN),
    CODE | KINDS,
    max_size=5,
)


def plant(folder: Path, tree: dict[str, bytes | str]) -> None:
    for name, what in tree.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            match what:
                case bytes():
                    path.write_bytes(what)
                case "fifo":
                    os.mkfifo(path)
                case "folder":
                    path.mkdir()
                case "up":
                    path.symlink_to(folder)
                case "zero":
                    path.symlink_to("/dev/zero")
                case "closed":
                    path.mkdir(mode=0)
                case _:
                    path.symlink_to("nowhere")
        except OSError:  # no name for this file system
            continue


@given(
    tree=TREES,
    command=st.sampled_from(
        [
            "verify . --checkers ty",
            f"check . --select BGT2 --python {sys.executable}",
            "mutate . --cases . --checkers ty",
        ]
    ),
)
@tries(0.2)
def test_whatever_lies_there(
    place: Path, monkeypatch: pytest.MonkeyPatch, tree: dict[str, bytes | str], command: str
) -> None:
    monkeypatch.setattr(run, "find_program", found_nothing)
    empty(place)
    plant(place, tree)
    hold(place, *command.split())


SITE = ".venv/lib/python3.13/site-packages"
INSTALLED = [
    *(
        "fastapi/__init__.py",
        "starlette/background.py",
        "starlette",
        "x.pth",
        "fastapi-1.2.dist-info/METADATA",
    ),
    *("starlette-1.2.dist-info/METADATA", "starlette.egg-info/PKG-INFO"),
]
ENVIRONMENTS = st.dictionaries(
    st.sampled_from(
        [".venv/pyvenv.cfg", ".venv/bin", ".venv/lib", SITE, *(f"{SITE}/{name}" for name in INSTALLED)]
    ),
    CODE
    | KINDS
    | st.builds(
        "home = {}\nversion = 3.13\nVersion: {}\ninclude-system-site-packages = true\n{}".format,
        *[st.text(max_size=9)] * 3,
    ).map(lambda text: text.encode(errors="replace")),
    max_size=5,
)


@given(tree=ENVIRONMENTS, command=st.sampled_from(["check --select BGT2", "vendor --diff", "vendor --check"]))
@tries(0.1)
def test_whatever_environment_lies_there(place: Path, tree: dict[str, bytes | str], command: str) -> None:
    find_packages.cache_clear()
    empty(place)
    usual: dict[str, bytes | str] = {
        ".venv/pyvenv.cfg": b"home = /usr/bin\nversion = 3.13\n",
        ".venv/bin/python": b"",
    }
    plant(place, usual | tree)
    (place / "app.py").write_text("from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIRTUAL_ENV", raising=False)
        hold(place, *command.split())


def write_case(key: str, value: object) -> bytes:
    return dump([{"case": "a", "main": "x", "files": [{"path": "m.py", key: value}], key: value}])


def in_bytes(text: str) -> bytes:
    return text.encode(errors="replace")


WORDS = st.text(max_size=9) | st.sampled_from([".", "x" * 300, "m/n.py", "a\0"])
FOREIGN = {
    ".yml": st.builds(
        write_case,
        st.sampled_from(["case", "main", "files", "parametrized", "path", "content", "mypy_config", "env"]),
        JSON,
    )
    | st.sampled_from([b"- &a [*a]", b"- case: a\n  main: x\n  files: &a [*a]\n", b"[" * 9_999]),
    ".test": st.builds("[case {}]\n# flags: --{}\nx  # E: {}\n[file {}]\n".format, *[WORDS] * 4).map(
        in_bytes
    ),
    ".md": st.builds(
        "`{}`:\n\n```py\nx  # error: {}\n```\n\n```toml\n{} = {}\n```\n".format,
        WORDS,
        WORDS,
        st.sampled_from(
            ["environment", "environment.python-version", "environment.python-platform", "rules.a"]
        ),
        JSON.map(json.dumps),
    ).map(in_bytes),
    ".py": CODE,
}


@given(data=st.data(), suffix=st.sampled_from(list(FOREIGN)))
@tries(0.3)
def test_whatever_is_converted(place: Path, data: st.DataObject, suffix: str) -> None:
    empty(place)
    (place / f"a{suffix}").write_bytes(data.draw(FOREIGN[suffix] | st.text(max_size=60).map(in_bytes)))
    code = hold(place, "convert", f"a{suffix}", "--to", "new", leaves=frozenset({"new"}))
    assert (place / "new").exists() == (code != 2)


def write_baseline(**entry: object) -> bytes:
    return dump({"version": 1, "findings": [entry]})


def write_manifest(path: str, **told: object) -> bytes:
    return dump(
        {"tool": "", "upstream": {"starlette": "1"}, "checkers": ["mypy"], "files": {path: told}, **told}
    )


@given(
    document=OUTPUTS
    | st.builds(write_baseline, path=SCALARS, code=SCALARS, text=SCALARS, count=SCALARS)
    | st.builds(
        write_manifest,
        st.sampled_from(
            ["mine.pyi", "../case.py", "starlette-stubs/background.pyi", "starlette-stubs/\0.pyi"]
        ),
        sha256=SCALARS,
        tree=SCALARS,
    )
    | st.builds(write_manifest, st.just("mine.pyi"), upstream=JSON)
    | st.builds(write_manifest, st.just("mine.pyi"), checkers=JSON),
    command=st.sampled_from(
        [
            "check --select BGT2 --baseline typings/bgtasks-vendor.json",
            "vendor --check",
            "vendor --remove",
            "vendor",
        ]
    ),
)
@tries(0.2)
def test_whatever_was_written_before(place: Path, document: bytes, command: str) -> None:
    empty(place)
    plant(place, {"case.py": CASE.encode(), "typings/mine.pyi": b"", "typings/bgtasks-vendor.json": document})
    hold(place, *command.split(), "--python", sys.executable)
    assert (place / "typings" / "mine.pyi").exists()
    assert (place / "case.py").read_text() == CASE


TABLES = st.dictionaries(
    st.sampled_from(["mypy", "pyright", "basedpyright", "ty", "pyrefly", "zuban", "bgtasks", "environment"])
    | st.sampled_from(["cases", "target", "timeout", "outputs", "checkers", "check", "stubs", "mypy_path"]),
    st.recursive(
        st.booleans() | st.integers(-(1 << 63), 1 << 63) | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


def to_toml(value: object) -> str:
    match value:
        case dict():
            table = cast("dict[str, object]", value)
            return f"{{{', '.join(f'{json.dumps(key)} = {to_toml(each)}' for key, each in table.items())}}}"
        case list():
            return f"[{', '.join(map(to_toml, cast('list[object]', value)))}]"
        case float():
            return repr(value)
        case _:
            return json.dumps(value)


TOML = st.one_of(
    TABLES.map(lambda tools: f"tool = {to_toml(tools)}\n".encode(errors="replace")),
    st.binary(max_size=100),
    st.sampled_from([b"a = " + b"[" * 5_000, b"tool = 1", b"[[tool]]", b"[tool]\nmypy = []\n"]),
)


@given(
    toml=TOML,
    command=st.sampled_from(
        ["verify --checkers ty", "check --select BGT2", "vendor --diff", "vendor --write-config --for all"]
    ),
)
@tries(0.175)
def test_whatever_the_settings_say(
    place: Path, monkeypatch: pytest.MonkeyPatch, toml: bytes, command: str
) -> None:
    monkeypatch.setattr(run, "find_program", found_nothing)
    empty(place)
    (place / "pyproject.toml").write_bytes(toml)
    name, *options = command.split()
    python = ["--python", sys.executable] if name != "verify" else []
    code = hold(place, name, *options, *python, leaves=frozenset({".bgtasks_cache", "typings"}))
    if name == "vendor" and code == 2:
        assert not (place / "typings").exists()
        assert (place / "pyproject.toml").read_bytes() == toml


@pytest.mark.checker
@pytest.mark.parametrize("seed", range(max(1, TRIES // 40)))
def test_whenever_a_signal_comes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL])
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "case.py").write_text(CASE)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "stub.py").write_text("def take(one: int, two: str = '') -> None: ...\n")
    (tmp_path / "other.py").write_text("from stub import take\ntake(1)  # OK\n")
    arguments = chance.choice(
        [
            "verify case.py --checkers mypy,pyright,ty",
            f"check --checkers mypy,pyright,ty --python {sys.executable}",
            "mutate stub.py --cases other.py --target stub:take --checkers ty",
            "fuzz --calls 20 --checkers ty",
            f"vendor --for mypy,ty --verify --python {sys.executable}",
            "doctor --checkers mypy,ty",
            "convert case.py --to new",
        ]
    )
    env = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-m", "bgtasks", *arguments.split()],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(chance.uniform(0, 2))
        # A terminal sends it to all that we have started as well.
        send = chance.choice([os.kill, os.killpg])
        for _ in range(chance.choice([1, 1, 5])):
            with suppress(ProcessLookupError):
                send(process.pid, number)
            time.sleep(0.01)
        said, _ = process.communicate(timeout=60)
    assert process.returncode in {0, 1, 2, -number}
    # Until our first line has run, the signal and what is said of it are Python's.
    assert "Traceback" not in said or (process.returncode == -number and "bgtasks:" not in said)
    for _ in range(100):
        if not list(temporary.iterdir()) and not alive(temporary):
            break
        time.sleep(0.1)
    assert not list(temporary.iterdir())
    assert not alive(temporary)
    assert "leaked" not in said
    assert not list(tmp_path.glob("bgtasks_probe_*"))


def alive(folder: Path) -> list[str]:
    """Return the processes that have `folder` in their command line."""
    done = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if str(folder) in line]
