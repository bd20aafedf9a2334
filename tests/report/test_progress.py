import time

import pytest

from bgtasks.model import Run
from bgtasks.report import progress
from bgtasks.report.progress import show_progress, show_stage, shown_late


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


class Shown:
    stopped = False

    def stop(self) -> None:
        self.stopped = True


@pytest.mark.parametrize(
    ("wait", "asked", "made"),
    [(0, False, 0), (0.2, False, 1), (0, True, 1), (0.2, True, 1)],
    ids=["too short", "in a while", "asked for", "asked for once more"],
)
def test_something_is_shown_in_a_while_or_when_it_is_asked_for(
    wait: float, asked: bool, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "WORTH_TELLING", 0.05)
    shown: list[Shown] = []

    def make() -> Shown:
        shown.append(Shown())
        return shown[-1]

    with shown_late(make) as get:
        time.sleep(wait)
        if asked:
            assert get() is get()
    time.sleep(0.1)

    assert [each.stopped for each in shown] == [True] * made


def test_a_run_that_has_ended_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(["mypy", "ty"], 2) as ended:
        ended(Run("mypy", "1.0", "3.13", 1.26))
        ended(Run("ty", "2.0", "3.13", 1, failure="it crashed"))
    lines = [line.strip() for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert lines[:2] == ["mypy 1.0 on 3.13: done after 1.3 s", "ty 2.0 on 3.13: failed after 1.0 s"]
