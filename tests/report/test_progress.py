import pytest

from bgtasks.report import progress
from bgtasks.report.progress import show_stage


@pytest.mark.parametrize(
    ("clock", "line"),
    [([10, 12.25], "reading the code: 2.2 s\n"), ([10, 10.4], "")],
    ids=["what takes time is told", "what takes none is not"],
)
def test_only_what_takes_time_is_told(
    clock: list[float], line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter(clock)
    monkeypatch.setattr(progress, "monotonic", lambda: next(times))
    with show_stage("reading the code"):
        pass
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", line)
