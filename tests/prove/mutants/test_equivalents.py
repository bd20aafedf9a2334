from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.prove.mutants.equivalents import excuse, find_strangers, read_equivalents
from bgtasks.prove.mutants.model import Equivalent, Fate, Judgement, Mutant, Score

ENTRY = """\
[[equivalent]]
mutant = "lib:f"
after = "def f(a: Any)"
checkers = ["mypy", "ty"]
reason = "nobody looks"
"""
LISTED = Equivalent("lib:f", "def f(a: Any)", ("mypy", "ty"), "nobody looks")


def mutant(after: str = "def f(a: Any)") -> Mutant:
    return Mutant("lib", Path("lib.py"), 1, "f", "type-to-any", "def f(a: int)", after, "")


def score(fate: Fate, checker: str = "mypy") -> Score:
    return Score(checker, "1", (Judgement(mutant(), fate),))


def test_what_is_listed_is_read(tmp_path: Path) -> None:
    (tmp_path / "equivalents.toml").write_text(ENTRY)
    (tmp_path / "case.py").write_text("")

    assert read_equivalents([tmp_path, tmp_path / "case.py", tmp_path / "none"]) == (LISTED,)


WRONG = {
    "no TOML": ("equivalent = ", "cannot be read"),
    "no table": ("equivalent = 1", r"write each mutant as a table \[\[equivalent\]\]"),
    "no entry": ("equivalent = [1]", "equivalent 1: 1 is not a table"),
    "a key too many": (f"{ENTRY}more = 1", "equivalent 1: has to say .* see to more"),
    "a key that lacks": (ENTRY.replace('after = "def f(a: Any)"', ""), "see to after"),
    "no reason": (ENTRY.replace("nobody looks", " "), "has no reason"),
    "no checker": (ENTRY.replace('"ty"', '"tie"'), "'tie' is no checker"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "equivalents.toml").write_text(text)

    with pytest.raises(BgtasksError, match=f"equivalents.toml: .*{said}"):
        read_equivalents([tmp_path])


def test_a_survivor_that_is_listed_is_equivalent() -> None:
    excused, stale = excuse(score(Fate.SURVIVED), [LISTED])

    assert excused.judgements == (Judgement(mutant(), Fate.EQUIVALENT, said="nobody looks"),)
    assert stale == []


def test_only_under_the_checkers_that_are_named() -> None:
    excused, stale = excuse(score(Fate.SURVIVED, "pyright"), [LISTED])

    assert (excused, stale) == (score(Fate.SURVIVED, "pyright"), [])


@pytest.mark.parametrize("fate", [Fate.KILLED, Fate.REJECTED])
def test_one_that_is_killed_has_to_come_off_the_list(fate: Fate) -> None:
    excused, stale = excuse(score(fate), [LISTED])

    assert excused == score(fate)
    assert stale == [
        f"lib:f: def f(a: Any): listed as equivalent under mypy, but it is {fate.value}; take it off the list"
    ]


def test_one_that_is_not_made_has_to_come_off_the_list_of_its_module() -> None:
    other = Equivalent("other:f", "def f()", ("mypy",), "not asked about")

    assert find_strangers([LISTED, other], [mutant()], {"lib"}) == []
    assert find_strangers([LISTED, other], [mutant("def f(a: object)")], {"lib"}) == [
        "lib:f: def f(a: Any): listed as equivalent, but there is no such mutant; take it off the list"
    ]
