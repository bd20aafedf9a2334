import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bgtasks import leftovers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")

# Makes a folder and starts a process, tells so, and waits.
WORK = """\
import signal, subprocess, sys, time
from pathlib import Path
from bgtasks import leftovers
from bgtasks.__main__ import leave
for number in leftovers.ENDING:  # nohup, for one, has some ignored
    signal.signal(number, signal.SIG_DFL)
leftovers.listen(leave)
folder = Path(sys.argv[1])
with leftovers.temporary(folder, watched=True):
    folder.mkdir()
    (folder / "file").touch()
    with leftovers.held():
        child = subprocess.Popen(["sleep", "60"], start_new_session=True)
        record = leftovers.recorded(child.pid)
        record.__enter__()
    print(child.pid, flush=True)
    time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1] not in {"", "Z"}


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL]
)
@pytest.mark.parametrize("times", [1, 5])
def test_nothing_stays_whatever_ends_us(tmp_path: Path, number: signal.Signals, times: int) -> None:
    folder = tmp_path / "folder"
    with subprocess.Popen(
        [sys.executable, "-c", WORK, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        for _ in range(times):
            process.send_signal(number)
        _, complaint = process.communicate(timeout=30)
    if number != signal.SIGKILL:
        assert process.returncode == 2
        assert complaint == "bgtasks: interrupted; nothing was checked\n"
    for _ in range(100):
        if not folder.exists() and not is_alive(child):
            break
        time.sleep(0.05)
    assert not folder.exists()
    assert not is_alive(child)


def test_what_is_ignored_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal; from bgtasks import leftovers; from bgtasks.__main__ import leave;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); leftovers.listen(leave);"
        "os.kill(os.getpid(), signal.SIGHUP); print('on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "on\n"


def test_an_interpreter_that_prints_without_end_is_ended() -> None:
    with pytest.raises(OSError, match="it prints without end"):
        leftovers.run(["yes"], 30)


def test_an_interpreter_that_does_not_answer_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(OSError, match="no answer"):
        leftovers.run(["sleep", "600"], 0.2)
    assert time.monotonic() - began < 30


def test_a_folder_that_may_not_be_written_goes_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with leftovers.temporary(folder):
        (folder / "sub").mkdir(parents=True)
        (folder / "sub" / "file").touch()
        (folder / "sub").chmod(0o500)
        os.link(folder / "sub" / "file", tmp_path / "kept")
        (tmp_path / "kept").chmod(0o400)
    assert not folder.exists()
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o400
