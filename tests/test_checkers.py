from pathlib import Path

import pytest

from bgtasks.cases import read_case, read_text
from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.errors import RunError
from bgtasks.match import match
from bgtasks.model import Case, Diagnostic, Kind, Run

RECORDED = Path(__file__).parent / "recorded"
OUTPUTS = sorted(path for path in RECORDED.iterdir() if path.suffix in {".json", ".jsonl", ".txt"})


def recorded_case() -> Case:
    path = RECORDED / "calls.py"
    return read_case(path, Path(path.name), read_text(path), frozenset(NAMES))


def read(path: Path) -> tuple[Run, list[Diagnostic]]:
    name, _, version = path.stem.partition("-")
    diagnostics = CHECKERS[name].read(path.read_text(encoding="utf-8"))
    return Run(name, version, "3.12", 0), list(diagnostics)


@pytest.mark.parametrize("path", OUTPUTS, ids=lambda path: path.stem)
def test_recorded_output_is_read_as_what_it_means(path: Path) -> None:
    run, diagnostics = read(path)
    verdicts = match(recorded_case(), run, diagnostics)
    bad = [
        (verdict.line, str(verdict.claim), *map(str, verdict.diagnostics))
        for verdict in verdicts
        if not verdict.outcome.ok
    ]
    assert bad == []


def test_every_checker_has_recorded_output_of_two_versions() -> None:
    names = [path.stem.partition("-")[0] for path in OUTPUTS]
    assert {name: names.count(name) for name in CHECKERS} == dict.fromkeys(CHECKERS, 2)


def test_the_recorded_case_has_every_kind_that_checkers_speak_of() -> None:
    assert {claim.kind for claim in recorded_case().claims} == {None, *Kind}


@pytest.mark.parametrize("name", CHECKERS)
@pytest.mark.parametrize("output", ["Segmentation fault", "[1, 2]", '{"file": "a.py"}', "\x00", "null"])
def test_garbage_is_no_answer(name: str, output: str) -> None:
    with pytest.raises(RunError, match="printed what is not its"):
        CHECKERS[name].read(output)
