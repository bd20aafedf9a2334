"""Jobs give the same answers whoever does them, also where who does them is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.errors import BgtasksError
from bgtasks.model import Run, Target
from bgtasks.prove.jobs import Job, Workers, dask, local, require_one_version, run_all, run_jobs
from bgtasks.verify.model import Result
from ending import end_once

POOL = Target("pools", "Pool")
CASE = """\
from pools import Pool

Pool().submit({argument})  # E: argument-type
Pool().submit("a")  # OK
"""


def job(number: int) -> Job:
    """Return a job that carries what it is about: a package that is installed nowhere."""
    path = Path(f"case_{number}.py")
    case = read_case(path, path, CASE.format(argument=number), frozenset())
    packages = {
        "pools/__init__.py": "class Pool:\n    def submit(self, text: str) -> None: ...\n",
        "pools/py.typed": "",
    }
    return Job("mypy", (case,), POOL, POOL, packages)


def told(results: list[Result]) -> list[object]:
    """Return what is the same wherever a job is done."""
    return [(one.run.failure, one.run.diagnostics, one.verdicts) for one in results]


def double(number: int) -> int:
    # The last are done first.
    time.sleep(0.02 * (5 - number))
    return 2 * number


@pytest.mark.skipif(sys.version_info < (3, 11), reason="what keeps Python from it is new in 3.11")
def test_a_worker_runs_nothing_of_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit(open('run', 'w'))\n")
    monkeypatch.chdir(tmp_path)
    assert run_all(abs, [-1], local(1)) == [1]
    assert not Path("run").exists()
    assert "PYTHONSAFEPATH" not in os.environ


ORPHANING = """\
import os, subprocess, sys, time
from pathlib import Path
from bgtasks import leftovers
from bgtasks.prove.jobs import local, run_all

def start(_):
    with leftovers.held():
        child = subprocess.Popen(["sleep", "60"], start_new_session=True, stdout=subprocess.DEVNULL)
        Path("started").write_text(str(child.pid))
        time.sleep(1)
        recorded = leftovers.recorded(child.pid)
        recorded.__enter__()
    time.sleep(60)

if __name__ == "__main__":
    run_all(start, [0], local(1))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is held there")
def test_what_a_worker_is_starting_when_its_parent_is_killed_is_ended(tmp_path: Path) -> None:
    (tmp_path / "ask.py").write_text(ORPHANING)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "ask.py"], cwd=tmp_path, env=env, stdout=subprocess.PIPE
    ) as process:
        started = tmp_path / "started"
        while not (started.exists() and started.read_text()):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.communicate(timeout=60)  # once the worker has ended, too
    command = ["ps", "-p", started.read_text(), "-o", "args="]
    assert "sleep 60" not in subprocess.run(command, capture_output=True, text=True, check=False).stdout


INTERRUPTED = """\
import os, sys, time
from bgtasks import leftovers
from bgtasks.prove.jobs import local, run_all

if __name__ == "__main__":
    leftovers.listen(lambda: os._exit(2))
    print("ready", flush=True)
    run_all(time.sleep, [60, 60], local(2))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts of a terminal are no signals")
@pytest.mark.parametrize("delay", [0.05, 0.1, 0.2, 1])
def test_an_interrupt_of_the_terminal_ends_the_workers_without_a_word(delay: float, tmp_path: Path) -> None:
    (tmp_path / "ask.py").write_text(INTERRUPTED)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "ask.py"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        # It ends once the last of the workers has closed it.
        said = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, ("", ""))


def test_answers_come_in_the_order_of_the_questions() -> None:
    workers = Workers(lambda: ThreadPoolExecutor(5))

    assert run_all(double, range(5), workers) == [0, 2, 4, 6, 8]


@pytest.mark.live
def test_what_a_killed_process_was_at_is_done_again(tmp_path: Path) -> None:
    [pid] = run_all(end_once, [str(tmp_path / "mark")], local(1))

    assert pid not in {os.getpid(), 0}


class Losing(Executor):
    """An executor whose worker is always lost."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor())
        return future


def test_workers_that_are_lost_again_and_again_are_told_of() -> None:
    opened: list[Executor] = []

    def start() -> AbstractContextManager[Executor]:
        opened.append(Losing())
        return nullcontext(opened[-1])

    with pytest.raises(BgtasksError, match="the workers were lost 4 times"):
        run_all(double, [1], Workers(start))
    assert len(opened) == 4


def test_what_goes_wrong_in_a_job_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        run_all(lambda number: 1 // number, [1, 0], Workers(lambda: ThreadPoolExecutor(1)))


def test_workers_with_several_versions_of_a_checker_are_told_of() -> None:
    results = [Result(Run("mypy", version, "3.13", 0)) for version in ("2.4.1", "2.3.0", "2.4.1")]

    with pytest.raises(
        BgtasksError, match=r"the workers have mypy 2.3.0 and 2.4.1; install one version on all"
    ):
        require_one_version(results)


@pytest.mark.live
@pytest.mark.checker
def test_a_job_carries_its_files() -> None:
    [result] = run_jobs([job(1)], local(1))

    assert result.run.failure is None
    assert result.bad == ()
    assert [one.message for one in result.run.diagnostics] == [
        'Argument 1 to "submit" of "Pool" has incompatible type "int"; expected "str"'
    ]


@contextmanager
def cluster(folder: Path, count: int) -> Generator[tuple[str, list[subprocess.Popen[bytes]]], None, None]:
    """Start a scheduler and so many workers on loopback; give its address, and them."""
    file = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    with ExitStack() as stack:

        def start(*command: str) -> subprocess.Popen[bytes]:
            process = stack.enter_context(
                subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
            stack.callback(process.kill)
            return process

        start(*command, *options, "--scheduler-file", str(file))
        client = None
        distributed: Any = import_module("distributed")
        until(file.exists)
        client = stack.enter_context(distributed.Client(scheduler_file=str(file), set_as_default=False))
        workers = [
            start(
                *(sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file)),
                *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)),
            )
            for _ in range(count)
        ]
        client.wait_for_workers(count, timeout=60)
        address = str(client.scheduler.address).removeprefix("tcp://")
        yield address, workers


def until(done: Any) -> None:
    """Wait, for a minute at most, until something is so."""
    for _ in range(1200):
        if done():
            return
        time.sleep(0.05)
    raise TimeoutError


@pytest.mark.live
@pytest.mark.checker
@pytest.mark.skipif(find_spec("distributed") is None, reason="dask is not installed")
def test_dask_gives_the_job_of_a_killed_worker_to_another(tmp_path: Path) -> None:
    jobs = [job(number) for number in range(4)]
    psutil: Any = import_module("psutil")

    with cluster(tmp_path, 2) as (address, workers):
        victim = workers[0]

        def kill() -> None:
            until(lambda: psutil.Process(victim.pid).children())  # it asks a checker
            victim.kill()

        with ThreadPoolExecutor(1) as killer:
            killed = killer.submit(kill)
            results = run_jobs(jobs, dask(address))
            killed.result()
        assert victim.wait(10) == -signal.SIGKILL

    assert told(results) == told(run_jobs(jobs, local(2)))
    assert [result.run.failure for result in results] == [None] * 4


@pytest.mark.skipif(find_spec("distributed") is None, reason="dask is not installed")
def test_where_no_scheduler_is_that_is_told() -> None:
    with (
        pytest.raises(BgtasksError, match=r"dask://127\.0\.0\.1:9: no scheduler answers there"),
        dask("127.0.0.1:9").open(),
    ):
        pass
