import sys

import pytest

from bgtasks.__main__ import main
from bgtasks.check.codes import ALL
from places import ROOT


def run(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["bgtasks", "rule", *arguments])
    with pytest.raises(SystemExit) as exit_:
        main()
    captured = capsys.readouterr()
    return int(str(exit_.value.code)), captured.out, captured.err


def test_the_page_of_a_code_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output, _ = run(["BGT901"], capsys, monkeypatch)
    page = (ROOT / "docs" / "rules" / "BGT901.md").read_text(encoding="utf-8")
    assert (code, output) == (0, page.replace("[BGT100](BGT100.md)", "BGT100"))


def test_a_terminal_gets_it_laid_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, output, _ = run(["BGT901"], capsys, monkeypatch)
    assert code == 0
    assert "```" not in output
    assert "\x1b[" in output


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, output, _ = run([], capsys, monkeypatch)
    assert code == 0
    lines = output.splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.code, rule.name] for rule in ALL.values()]
    off = {line[:6] for line in lines if line.endswith(" (off by default)")}
    assert off == {rule.code for rule in ALL.values() if not rule.on}


def test_a_wrong_code_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["BGT24"], capsys, monkeypatch) == (
        2,
        "",
        "bgtasks: 'BGT24' is no code of a rule; did you mean BGT214, shared-tasks?\n",
    )
