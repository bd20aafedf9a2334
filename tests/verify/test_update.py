import re
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError
from bgtasks.model import CALL_KINDS, Diagnostic, Kind, Run
from bgtasks.verify.find import read_text
from bgtasks.verify.model import Result
from bgtasks.verify.run import judge_run
from bgtasks.verify.update import Change, apply, diff, propose

PATH = Path("typetests/case.py")
ARGUMENT = frozenset({Kind.ARGUMENT_TYPE})
KEYWORD = frozenset({Kind.UNKNOWN_KEYWORD})
NO_SUCH_NAME = frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD})
MISSING = frozenset({Kind.MISSING_ARGUMENT})
NONE = frozenset[Kind]()


def read(source: str, path: Path = PATH) -> Case:
    return read_case(path, path, source, frozenset({"mypy", "pyright", "ty"}), update=True)


def result(
    case: Case,
    checker: str,
    *said: frozenset[Kind],
    line: int = 1,
    failure: str | None = None,
    gates: bool = True,
) -> Result:
    found = tuple(Diagnostic(case.path, line, "rule", "wrong", kinds) for kinds in said)
    return judge_run(Run(checker, "2.0", "3.13", 1, found, failure), [case], gates=gates)


@pytest.mark.parametrize(
    ("mypy", "pyright", "kind"),
    [
        pytest.param([ARGUMENT], [ARGUMENT], "argument-type", id="the same"),
        pytest.param([CALL_KINDS], [ARGUMENT], "argument-type", id="what the vaguer may mean"),
        pytest.param([CALL_KINDS], [KEYWORD, MISSING], "missing-argument", id="the first of two said"),
        pytest.param([MISSING, KEYWORD], [KEYWORD], "unknown-keyword", id="the one both say"),
        pytest.param([NO_SUCH_NAME], [NO_SUCH_NAME], "unknown-keyword", id="the usual mistake of two"),
        pytest.param([NONE, ARGUMENT], [ARGUMENT], "argument-type", id="beside what has no kind"),
    ],
)
def test_the_kind_is_what_every_checker_may_mean(
    mypy: list[frozenset[Kind]], pyright: list[frozenset[Kind]], kind: str
) -> None:
    case = read("f(1, a=2)  # E: ?\n")
    changes, left = propose([case], [result(case, "mypy", *mypy), result(case, "pyright", *pyright)])
    assert changes == [Change(PATH, "f(1, a=2)  # E: ?\n", f"f(1, a=2)  # E: {kind}\n")]
    assert left == []


def test_a_kind_that_the_statement_cannot_have_is_not_written() -> None:
    case = read("f(1)  # E: ?\n")
    changes, _ = propose([case], [result(case, "mypy", KEYWORD | MISSING)])
    assert [change.after for change in changes] == ["f(1)  # E: missing-argument\n"]


@pytest.mark.parametrize(
    ("mypy", "pyright", "said"),
    [
        pytest.param([ARGUMENT], [], "mypy says argument-type; pyright accepts it", id="one rejects"),
        pytest.param([], [NONE], "mypy accepts it; pyright says wrong [rule]", id="the other, for no kind"),
    ],
)
def test_what_the_checkers_do_not_agree_on_is_left_to_a_person(
    mypy: list[frozenset[Kind]], pyright: list[frozenset[Kind]], said: str
) -> None:
    case = read("f(1)  # E: ?\n")
    changes, left = propose([case], [result(case, "mypy", *mypy), result(case, "pyright", *pyright)])
    assert changes == []
    assert left == [f"typetests/case.py:1: left open, {said}; write what is true, and a gap with its reason"]


@pytest.mark.parametrize(
    ("mypy", "pyright", "claim"),
    [
        pytest.param([], [], "OK", id="none rejects"),
        pytest.param([ARGUMENT], [MISSING], "E: mypy[rule] pyright[rule]", id="two kinds"),
        pytest.param([NONE], [ARGUMENT], "E: mypy[rule] pyright[rule]", id="for no kind"),
        pytest.param(
            [KEYWORD | MISSING],
            [KEYWORD | MISSING],
            "E: missing-argument | unknown-keyword",
            id="none is sure",
        ),
    ],
)
def test_what_no_one_kind_says_is_written_as_narrow_as_all_agree(
    mypy: list[frozenset[Kind]], pyright: list[frozenset[Kind]], claim: str
) -> None:
    case = read("f(1, a=2)  # E: ?  !ty a/b#1\n")
    changes, left = propose([case], [result(case, "mypy", *mypy), result(case, "pyright", *pyright)])
    assert [change.after for change in changes] == [f"f(1, a=2)  # {claim}  !ty a/b#1\n"]
    assert left == []
    [written] = read(changes[0].after).claims
    assert str(written) in {claim, claim.removeprefix("E: ")}


def test_what_has_no_rule_is_written_in_its_words() -> None:
    case = read("f(1)  # E[a]: ?\n")
    said = (Diagnostic(PATH, 1, "", 'is "wrong"\nvery'),)
    changes, _ = propose([case], [judge_run(Run("mypy", "2.0", "3.13", 1, said), [case], gates=True)])
    assert [change.after for change in changes] == ['f(1)  # E[a]: mypy"is \\"wrong\\""\n']


@pytest.mark.parametrize(
    ("mypy", "pyright", "claim"),
    [
        pytest.param(["list[int]"], ["list[int]"], "revealed: list[int]", id="the same"),
        pytest.param(["b.list[b.int]"], ["list[int]"], "revealed: list[int]", id="the shorter"),
        pytest.param(["Literal[1]?"], ["int"], 'revealed: mypy"Literal[1]?" pyright"int"', id="apart"),
        pytest.param(["int", "str"], ["int"], None, id="two of one"),
        pytest.param([], ["int"], None, id="one only"),
        pytest.param([], [], None, id="none"),
    ],
)
def test_a_type_is_written_as_it_is_spelled(mypy: list[str], pyright: list[str], claim: str | None) -> None:
    case = read("reveal_type(x)  # revealed: ?\n")
    results = [
        judge_run(
            Run(name, "2.0", "3.13", 1, tuple(Diagnostic(PATH, 1, "", one, revealed=one) for one in said)),
            [case],
            gates=True,
        )
        for name, said in (("mypy", mypy), ("pyright", pyright))
    ]
    changes, left = propose([case], results)
    assert [change.after for change in changes] == [f"reveal_type(x)  # {claim}\n"] * bool(claim)
    assert len(left) == (claim is None)


def test_a_document_is_not_rewritten() -> None:
    case = replace(read("f(1)  # E: ?\n"), section="one")
    changes, left = propose([case], [result(case, "mypy", ARGUMENT)])
    assert changes == []
    assert left == ["typetests/case.py:1: left open, since a document is not rewritten"]


def test_a_run_that_failed_decides_nothing() -> None:
    case = read("f(1)  # E: ?\n")
    results = [result(case, "mypy", ARGUMENT), result(case, "pyright", failure="crashed")]
    assert propose([case], results)[0] == []
    assert "mypy says argument-type; pyright failed" in propose([case], results)[1][0]
    assert "no checker was asked" in propose([case], [])[1][0]


def test_a_checker_that_does_not_gate_has_no_say() -> None:
    case = read("f(1)  # E: ?\n")
    results = [result(case, "mypy", ARGUMENT), result(case, "ty", MISSING, gates=False)]
    assert [change.after for change in propose([case], results)[0]] == ["f(1)  # E: argument-type\n"]


@pytest.mark.parametrize(
    ("gap", "written"),
    [("!pyright a/b#1", True), ("!pyright<3 a/b#1", True), ("!pyright>2 a/b#1", False), ("!ty a/b#1", False)],
)
def test_a_checker_with_a_gap_has_no_say(gap: str, written: bool) -> None:
    case = read(f"f(1)  # E: ?  {gap}")
    changes, left = propose([case], [result(case, "mypy", ARGUMENT), result(case, "pyright")])
    assert [change.after for change in changes] == [f"f(1)  # E: argument-type  {gap}"] * written
    assert len(left) == (not written)


def test_only_open_claims_are_touched() -> None:
    source = "x = '# E: ?'\nf(\n    'é?',\n)  # what?  # E: ?  # noqa: X1\nf(1)\ng()  # E: override\n"
    case = read(source)
    said = tuple(Diagnostic(PATH, line, "rule", "wrong", ARGUMENT) for line in (3, 5, 6))
    results = [judge_run(Run("mypy", "2.0", "3.13", 1, said), [case], gates=True)]
    [change], left = propose([case], results)
    assert change.after == source.replace("# E: ?  #", "# E: argument-type  #")
    assert left == []


def test_a_diff_is_unified() -> None:
    change = Change(PATH, "a\nb()  # E: ?", "a\nb()  # E: override")
    assert diff(change) == (
        "--- typetests/case.py\n+++ typetests/case.py\n@@ -1,2 +1,2 @@\n a\n"
        "-b()  # E: ?\n\\ No newline at end of file\n+b()  # E: override\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("f('é')  # E: ?\n".encode(), id="UTF-8"),
        pytest.param("\ufefff('é')  # E: ?\n".encode(), id="byte order mark"),
        pytest.param("# coding: latin-1\nf('é')  # E: ?\n".encode("latin-1"), id="declared"),
        pytest.param(b"x = 1\r\nf()  # E: ?\r\n", id="CRLF"),
        pytest.param(b"x = 1\r\n\nf()  # E: ?\ny = 2\r\n\x0cz = 3", id="mixed"),
        pytest.param(b"x = '''\r\r\n'''\nf()  # E: ?", id="no end of line"),
    ],
)
def test_a_file_is_written_as_it_was(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "case.py"
    file.write_bytes(content)
    file.chmod(0o640)
    (tmp_path / "link.py").symlink_to(file)
    case = read(read_text(file), tmp_path / "link.py")
    last = case.source.split("\n").index(next(line for line in case.source.split("\n") if "# E" in line)) + 1
    [change], _ = propose([case], [result(case, "mypy", ARGUMENT, line=last)])
    apply(change)
    assert file.read_bytes() == content.replace(b"# E: ?", b"# E: argument-type")
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.py").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.py", "link.py"]


@pytest.mark.parametrize("now", [b"f()  # E: ?\n\n", b"f(1)  # E: ?\n", b"\xff", b"# coding: nonsense\n"])
def test_a_file_that_has_changed_is_left_alone(tmp_path: Path, now: bytes) -> None:
    file = tmp_path / "case.py"
    file.write_bytes(now)
    with pytest.raises(BgtasksError, match="has changed since it was checked; run it again"):
        apply(Change(file, "f()  # E: ?\n", "f()  # E: override\n"))
    assert file.read_bytes() == now


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "case.py"
    with pytest.raises(BgtasksError, match=re.escape("case.py: cannot be written: No such file")):
        apply(Change(file, "f()  # E: ?\n", "f()  # E: override\n"))
    file.write_text("f()  # E: ?\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copymode", fail)
    with pytest.raises(BgtasksError, match="cannot be written: No space left on device"):
        apply(Change(file, "f()  # E: ?\n", "f()  # E: override\n"))
    assert [path.name for path in tmp_path.iterdir()] == ["case.py"]
    assert file.read_text() == "f()  # E: ?\n"
