import ast
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.model import Case
from bgtasks.model import Kind
from bgtasks.verify.find import find_suite
from direct_calls import call_directly
from places import ROOT

# The interpreters of environments with other versions of mypy; `nox -s plugin` makes them.
MYPYS = os.environ.get("MYPYS", sys.executable).split(os.pathsep)
CONFIG = """\
[mypy]
strict = True
warn_unreachable = True
plugins = bgtasks.mypy_plugin
explicit_package_bases = True
namespace_packages = True
pretty = False
show_column_numbers = False
show_error_context = False
"""
# add_task has parameters of its own: no task can have a keyword "func" or "self" through it.
OWN_PARAMETERS = {
    "tasks.add_task('ada', func=send)",
    "tasks.add_task(profile, func='render')",
    "tasks.add_task(describe, self='a', other='b')",
    "BackgroundTask(profile, func='render')",
}

Said = defaultdict[tuple[str, int], list[str]]


def ask(python: str, folder: Path) -> Said:
    """Return what mypy says in each file and line; its text output is the one that all versions have."""
    (folder / "mypy.ini").write_text(CONFIG)
    done = subprocess.run(
        [python, "-m", "mypy", f"--python-executable={sys.executable}", "--no-error-summary", "."],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    said: Said = defaultdict(list)
    for text in done.stdout.splitlines():
        place = re.fullmatch(r"(.*?):(\d+): (.*)", text)
        assert place is not None, text
        said[place[1], int(place[2])].append(place[3])
    return said


def said_of(case: Case, folder: str, said: Said) -> dict[int, list[str]]:
    """Return what was said of each statement in a file of this folder, by its first line."""
    return {
        span.first: sorted(
            text
            for line in range(span.first, span.last + 1)
            for text in said.get((f"{folder}/{case.path.name}", line), [])
        )
        for span in case.spans
    }


def statement_at(case: Case, line: int) -> str:
    span = case.span_at(line)
    assert span is not None
    return ast.unparse(ast.parse("\n".join(case.source.splitlines()[span.first - 1 : span.last])))


def is_pitfall(texts: list[str]) -> bool:
    return any("[background-task]" in text for text in texts)


def compared() -> list[Case]:
    # FastAPI brings Pydantic, which takes mypy longer than all else. And behind a lambda that calls what
    # never returns, mypy 1.8 takes the code for unreachable.
    cases = find_suite([ROOT / "typetests"], NAMES).cases
    return [case for case in cases if case.path.stem not in {"fastapi_endpoints", "add_task_result"}]


@pytest.mark.checker
@pytest.mark.parametrize("python", MYPYS, ids=lambda python: Path(python).parts[-3])
def test_a_task_is_judged_as_the_direct_call_and_pitfalls_are_named(python: str, tmp_path: Path) -> None:
    [pitfalls] = find_suite([ROOT / "tests" / "plugin" / "every_pitfall.py"], NAMES).cases
    for folder in ("task", "direct"):
        (tmp_path / folder).mkdir()
    rewritten: dict[str, set[int]] = {}
    for case in [pitfalls, *compared()]:
        source, spans = call_directly(case)
        rewritten[case.path.name] = {span.first for span in spans}
        (tmp_path / "task" / case.path.name).write_text(case.source)
        (tmp_path / "direct" / case.path.name).write_text(source)
    said = ask(python, tmp_path)

    own, calls = set[str](), 0
    for case in compared():
        task, direct = said_of(case, "task", said), said_of(case, "direct", said)
        for line in rewritten[case.path.name]:
            calls += 1
            if task[line] != direct[line] and not is_pitfall(task[line]):
                own.add(statement_at(case, line))
    assert own == OWN_PARAMETERS
    assert calls > 350

    told = {line: texts for line, texts in said_of(pitfalls, "task", said).items() if texts}
    claimed = {claim.span.first: claim.kind for claim in pitfalls.claims if claim.kind is not None}
    assert told.keys() == claimed.keys()
    for line, kind in claimed.items():
        named = [text for text in told[line] if "[background-task]" in text]
        assert named or kind is not Kind.PITFALL, (line, told[line])
        assert named != told[line] or kind is not Kind.ARGUMENT_TYPE, (line, told[line])
