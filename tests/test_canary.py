import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from bgtasks.canary import CANARY, last_line, prove
from bgtasks.claims.cases import read_case
from bgtasks.errors import RunError
from bgtasks.model import Diagnostic, Kind, Target
from bgtasks.verify.layout import Layout, open_layout
from bgtasks.verify.model import Plan

PATH = Path("folder/case.py")


@pytest.fixture
def layout(tmp_path: Path) -> Generator[Layout, None, None]:
    (tmp_path / "pools-stubs").mkdir()
    case = read_case(PATH, Path("case.py"), "import pools\n", frozenset())
    plan = Plan([case], Target("pools", "Pool"), Path(sys.executable), stubs=tmp_path)
    with open_layout(plan, {}) as layout:
        yield layout


def sung(layout: Layout) -> dict[str, Diagnostic]:
    """Return what a checker that sees everything says, by what it proves."""
    return sung_of(layout, "wrong call", "nonce", "target", "stubs")


def sung_of(layout: Layout, *names: str) -> dict[str, Diagnostic]:
    names = names or ("wrong call", "nonce", "module")
    lines: dict[str, Diagnostic] = {}
    for copy, case in layout.files.items():
        lines[f"end of {copy.name}"] = Diagnostic(copy, last_line(case), "", "", frozenset({Kind.ASSIGNMENT}))
        if case.path == CANARY:
            rejects = [claim for claim in case.claims if claim.kind]
            for name, claim in zip(names, rejects, strict=True):
                kind = claim.kind or Kind.PITFALL
                lines[name] = Diagnostic(
                    copy, claim.line, "rule", case.source.split("\n")[claim.line - 1], frozenset({kind})
                )
    return lines


def test_what_is_said_of_the_cases_is_left(layout: Layout) -> None:
    said = Diagnostic(Path("../project/case.py"), 1, "rule", "message")
    [left] = prove([*sung(layout).values(), said], layout.files, layout.sandbox).diagnostics
    assert (left.path, left.line, left.message) == (PATH, 1, "message")


@pytest.mark.parametrize(
    ("silent", "message"),
    [
        ("wrong call", "accepted a wrong call that has nothing to do with the target"),
        ("nonce", "printed what it may have printed before"),
        ("target", "takes the target for Any, or for an heir of Any"),
        ("stubs", "does not see the stubs that are laid over"),
        ("end of case.py", "did not check folder/case.py to its end"),
        ("end of bgtasks_canary.py", "did not check bgtasks_canary.py to its end"),
    ],
)
def test_a_canary_that_is_silent_fails_the_run(layout: Layout, silent: str, message: str) -> None:
    lines = sung(layout)
    del lines[silent]
    with pytest.raises(RunError, match=message):
        prove(lines.values(), layout.files, layout.sandbox)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("take(1)", "rejected a right call that has nothing to do with the target"),
        ("import Pool", "cannot resolve the target in the environment of .*: nonsense"),
        ("import sentinel", "does not see the stubs that are laid over"),
    ],
)
def test_a_canary_that_is_rejected_out_of_turn_fails_the_run(
    layout: Layout, marker: str, message: str
) -> None:
    [(copy, case)] = [(copy, case) for copy, case in layout.files.items() if case.path == CANARY]
    [line] = [number for number, text in enumerate(case.source.split("\n"), 1) if marker in text]
    with pytest.raises(RunError, match=message):
        prove([*sung(layout).values(), Diagnostic(copy, line, "", "nonsense")], layout.files, layout.sandbox)


def test_a_checker_that_speaks_of_other_files_is_not_believed(layout: Layout) -> None:
    said = Diagnostic(Path("/elsewhere/site.py"), 1, "rule", "message")
    with pytest.raises(RunError, match=r"speaks of /elsewhere/site.py, which is no case: message \[rule\]"):
        prove([*sung(layout).values(), said], layout.files, layout.sandbox)


def test_a_file_that_never_ends_is_looked_at_where_a_claim_is_answered() -> None:
    source = "import pools\nreveal_type(pools.stop(pools.x()))  # revealed: Never\n"
    case = read_case(PATH, Path("case.py"), source, frozenset())
    plan = Plan([case], None, Path(sys.executable))
    with open_layout(plan, {}) as layout:
        lines = {name: said for name, said in sung_of(layout).items() if name != "end of case.py"}
        [copy] = [copy for copy, found in layout.files.items() if found.path == PATH]
        answer = Diagnostic(copy, 2, "misc", 'Revealed type is "Never"', revealed="Never")
        assert prove([*lines.values(), answer], layout.files, layout.sandbox).aside == ()
        with pytest.raises(RunError, match=r"did not check folder/case.py to its end"):
            prove(lines.values(), layout.files, layout.sandbox)
