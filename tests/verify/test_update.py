import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case, Reject
from bgtasks.errors import BgtasksError
from bgtasks.model import CALL_KINDS, Diagnostic, Kind, Run
from bgtasks.verify.find import read_text
from bgtasks.verify.model import Result
from bgtasks.verify.run import judge_run, own_up
from bgtasks.verify.update import Change, apply, diff, propose

PATH = Path("typetests/case.py")
ARGUMENT = frozenset({Kind.ARGUMENT_TYPE})
KEYWORD = frozenset({Kind.UNKNOWN_KEYWORD})
NO_SUCH_NAME = frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD})
MISSING = frozenset({Kind.MISSING_ARGUMENT})
OVERRIDE = frozenset({Kind.OVERRIDE})
NONE = frozenset[Kind]()


def read(source: str, path: Path = PATH) -> Case:
    return read_case(path, path, source, frozenset({"mypy", "mypy+plugin", "pyright", "ty"}), update=True)


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
            [NONE, ARGUMENT], [ARGUMENT], "E: mypy[rule] pyright[rule]", id="beside what has no kind"
        ),
        pytest.param([CALL_KINDS], [CALL_KINDS], "E: mypy[rule] pyright[rule]", id="of many kinds"),
        pytest.param(
            [ARGUMENT, OVERRIDE], [OVERRIDE, ARGUMENT], "E: argument-type | override", id="two mistakes"
        ),
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
        pytest.param(["int", "str"], ["int"], 'revealed: pyright"int"', id="two of one"),
        pytest.param(["!ty a/b#1"], ["!ty a/b#1"], 'revealed: mypy"!ty a/b#1" pyright"!ty a/b#1"', id="odd"),
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


def test_a_type_that_most_spell_alike_is_written_once() -> None:
    runs = [
        run_of(name, Diagnostic(PATH, 1, "", spelled, revealed=spelled))
        for name, spelled in (("mypy", "def (int)"), ("pyright", "(int) -> None"), ("ty", "(int) -> None"))
    ]
    assert answer("reveal_type(f)  # revealed: ?\n", *runs) == (
        'reveal_type(f)  # revealed: (int) -> None mypy"def (int)"\n',
        [],
    )


def test_rules_of_one_checker_share_brackets() -> None:
    said = (says(1, "b"), Diagnostic(PATH, 1, "", "words"), says(1, "a"))
    assert answer("f(1)  # E: ?\n", run_of("mypy", *said)) == (
        'f(1)  # E: mypy[b, a] mypy"words"\n',
        [],
    )


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


def test_a_checker_that_does_not_gate_has_a_say() -> None:
    case = read("f(1)  # E: ?\n")
    results = [result(case, "mypy", ARGUMENT), result(case, "ty", MISSING, gates=False)]
    assert [change.after for change in propose([case], results)[0]] == ["f(1)  # E: mypy[rule] ty[rule]\n"]


def run_of(
    checker: str, *said: Diagnostic, version: str = "3.13", reached: frozenset[int] | None = None
) -> Run:
    looked = None if reached is None else {PATH: reached}
    return Run(checker, "2.0", version, 1, said, reached=looked)


def answer(source: str, *runs: Run) -> tuple[str, list[str]]:
    case = read(source)
    changes, left = propose([case], [judge_run(run, [case], gates=True) for run in runs])
    return changes[0].after if changes else source, left


def says(line: int, rule: str, kinds: frozenset[Kind] = NONE) -> Diagnostic:
    return Diagnostic(PATH, line, rule, "wrong", kinds)


def test_a_checker_whose_runs_differ_is_not_named() -> None:
    runs = [
        run_of("mypy", says(1, "a"), version="3.10"),
        run_of("mypy", says(1, "b")),
        run_of("ty", says(1, "c")),
    ]
    assert answer("f(1)  # E: ?\n", *runs) == ("f(1)  # E: ty[c]\n", [])
    assert answer("f(1)  # E: ?\n", *runs[:2]) == ("f(1)  # E\n", [])


@pytest.mark.parametrize(
    ("runs", "claim"),
    [
        pytest.param([frozenset({1})], "OK", id="looked at"),
        pytest.param([frozenset[int](), frozenset({1})], "OK", id="in one run"),
        pytest.param([frozenset[int]()], None, id="in none"),
    ],
)
def test_silence_says_something_where_the_statement_is_looked_at(
    runs: list[frozenset[int]], claim: str | None
) -> None:
    after, left = answer("f(1)  # E: ?\n", *(run_of("mypy", reached=reached) for reached in runs))
    assert after == f"f(1)  # {claim or 'E: ?'}\n"
    assert len(left) == (claim is None)


def test_ok_is_not_written_where_it_says_nothing() -> None:
    source = "a and f(1)  # E: ?\n"
    assert answer(source, run_of("mypy")) == (
        source,
        [
            (
                "typetests/case.py:1: left open, all accept it, but this may be skipped, so that OK "
                "says nothing of it; make it a statement of its own"
            )
        ],
    )


def test_claims_of_one_tag_are_answered_together() -> None:
    source = "f(1)  # E[a]: ?\nf(2)  # E[a]: ?\n"
    both = answer(source, run_of("mypy", says(1, "a", ARGUMENT), says(2, "a", ARGUMENT)))
    assert both[0] == source
    assert "'E[a]: argument-type', which all say, is not met beside the other claims" in both[1][0]
    one = answer(source, run_of("mypy", says(2, "a", ARGUMENT)))
    assert one == ("f(1)  # OK\nf(2)  # E[a]: argument-type\n", [])


def test_a_gap_that_has_closed_is_told() -> None:
    source = "f(1)  # E: ?  !ty a/b#1\n"
    after, left = answer(source, run_of("mypy", says(1, "a", ARGUMENT)), run_of("ty", says(1, "b", ARGUMENT)))
    assert after == source
    assert left == ["typetests/case.py:1: left open, since ty meets what all others say; take its gap out"]


WORDS = st.sampled_from(
    [
        "wrong",
        "",
        "two\nlines",
        'a "quote"',
        "# E: ?",
        "!mypy why",
        " # OK",
        "é\x0c",
        "a[b]",
        "list[int]",
        "\\",
    ]
)
SAID = st.lists(
    st.builds(
        Diagnostic,
        st.just(PATH),
        st.integers(1, 3),
        st.sampled_from(["", "a", "b-c", "d.e"]),
        WORDS,
        st.frozensets(st.sampled_from([*Kind][:5]), max_size=3) | st.just(CALL_KINDS),
        revealed=st.none() | WORDS | st.sampled_from(["int", "builtins.int"]),
    ),
    max_size=4,
)
RUNS = st.lists(
    st.builds(
        Run,
        st.sampled_from(["mypy", "mypy+plugin", "pyright"]),
        st.just("2.0"),
        st.just("3.13"),
        st.just(1.0),
        SAID.map(tuple),
        reached=st.none()
        | st.builds(dict, st.tuples(st.tuples(st.just(PATH), st.frozensets(st.integers(1, 3))))),
    ),
    max_size=4,
)
OPEN = st.sampled_from(
    ["# E: ?", "# E[a]: ?", "# E[a+]:?", "# revealed: ?", "# E: ?  !pyright a/b#1", "# E", "# E[a]", "# OK"]
)


@given(claims=st.lists(OPEN, min_size=3, max_size=3), runs=RUNS)
def test_what_is_written_is_met_by_the_answers_it_was_written_from(
    claims: list[str], runs: list[Run]
) -> None:
    case = read("".join(f"f(1)  {claim}\n" for claim in claims))
    results = [judge_run(run, [case], gates=True) for run in runs]
    changes, left = propose([case], results)
    assert len(left) == sum(claim.line in {int(line.split(":")[1]) for line in left} for claim in case.open)
    for change in changes:
        written = read(change.after)
        answered = {claim.line for claim in case.open} - {claim.line for claim in written.open}
        for result in own_up([judge_run(run, [written], gates=True) for run in runs]):
            assert all(one.outcome.ok for one in result.verdicts if one.line in answered)
        for claim in written.claims:
            assert not isinstance(claim.expected, Reject) or len(claim.expected.reasons) <= 2


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
