import pytest

from bgtasks.convert.python import read_python, set_slips_apart


def converted(text: str) -> str:
    [test] = read_python("case.py", text)
    return test.files["case.py"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("f(1)  # E: wrong type", "f(1)  # E", id="explained"),
        pytest.param("f(1)  # E", "f(1)  # E", id="plain"),
        pytest.param("f(1)  # E? it depends", "f(1)  # E?", id="optional"),
        pytest.param("f(1)  # E[a+]: one of them", "f(1)  # E[a+]", id="tag"),
        pytest.param("f(1)  # OK, since 3.8", "f(1)  # (OK), since 3.8", id="accept"),
        pytest.param("f(1)  # type: ignore", "f(1)  # E", id="ignored by all"),
        pytest.param("f(1)  # type: ignore[a,b]", "f(1)  # E?: mypy[a, b] mypy+plugin[a, b]", id="codes"),
        pytest.param(
            "f(1)  # type: ignore # pyright: ignore[r]", "f(1)  # E: pyright[r] basedpyright[r]", id="both"
        ),
        pytest.param("# pyright: strict", "# pyright  strict", id="option"),
        pytest.param('"""A # type: ignore comment."""', '"""A # type  ignore comment."""', id="string"),
    ],
)
def test_a_comment_is_said_in_our_words(line: str, expected: str) -> None:
    assert converted(line) == expected


def test_where_errors_are_claimed_an_ignored_one_may_come() -> None:
    assert converted("f(1)  # type: ignore\ng(1)  # E: no\n") == "f(1)  # E?\ng(1)  # E\n"


def test_an_option_of_a_file_is_told() -> None:
    [test] = read_python("case.py", "# ty: strict\nx = 1\n# type: ignore\n")
    assert test.untold == (
        "the comment '# ty: strict' in line 1",
        "the comment '# type: ignore' in line 3, which stands behind no code",
    )


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("# a\n# type: ignore\nf(1)\n", "the comment '# type: ignore' in line 2, obeyed"),
        ("f(1)\n# mypy: ignore-errors\n", "the comment '# mypy: ignore-errors' in line 2, obeyed"),
        ("f(1)  # type: ignore\n", ""),
        ("# mypy: ignore-errors=False\nf(1)\n", ""),
    ],
)
def test_a_file_that_is_ignored_is_set_apart(text: str, apart: str) -> None:
    [test] = read_python("case.py", text)
    assert test.apart == apart


@pytest.mark.parametrize(
    ("comment", "settings", "untold"),
    [
        pytest.param(
            "# pyright: reportDeprecated=true", {"pyright": {"reportDeprecated": True}}, (), id="rule"
        ),
        pytest.param("#pyright: basic", {"pyright": {"typeCheckingMode": "basic"}}, (), id="mode"),
        pytest.param(
            "# pyright: strict, reportFoo=warning",
            {"pyright": {"typeCheckingMode": "strict", "reportFoo": "warning"}},
            (),
            id="both",
        ),
        pytest.param(
            "# pyright: nonsense", {}, ("the comment '# pyright: nonsense' in line 1",), id="neither"
        ),
        pytest.param("# mypy: strict", {"mypy": {"strict": True}}, (), id="of mypy"),
        pytest.param(
            '# mypy: disable-error-code="a, b", warn-unreachable=false',
            {"mypy": {"disable_error_code": ["a", "b"], "warn_unreachable": False}},
            (),
            id="codes of mypy",
        ),
        pytest.param("# ty: strict", {}, ("the comment '# ty: strict' in line 1",), id="of another"),
    ],
)
def test_what_a_file_asks_of_its_checker_is_settings(comment: str, settings: object, untold: object) -> None:
    [made] = read_python("a.py", f"{comment}\nf(1)\n")
    assert (made.settings, made.untold) == (settings, untold)


def test_what_is_nearly_a_claim_stays_a_remark() -> None:
    assert set_slips_apart("f(1)  # ok\n# ok\ng = '# ok'\n") == "f(1)  # (ok)\n# ok\ng = '# ok'\n"
