"""
Questions to a checker that carry their files, so that any process on any machine can ask them.

They are independent of one another, and what is made of the answers does not depend on who gave them.
"""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bgtasks import leftovers
from bgtasks.checkers import CHECKERS
from bgtasks.checkers.sandbox import copy_to, lay_over, open_folder
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError, advise_install
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.surroundings.environment import ask_python
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify

Q = TypeVar("Q")
A = TypeVar("A")

# A worker would look for its first modules where we stand, and what lies there is not to be run. And
# where we are ended, what the workers shared is taken away without a word.
OF_WORKERS = {"PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "ignore:resource_tracker"}
# A worker may be lost by accident; one that is lost as often is lost for a reason.
TRIES = 4


@dataclass(frozen=True, slots=True)
class Job:
    """
    One checker over some cases.

    `packages` are files, by path, that are laid over the environment of `python`, which is that of the
    worker where it is None. The rest is as `Plan` and `verify` take it.
    """

    checker: str
    cases: tuple[Case, ...]
    target: Target
    imported: Target = DEFAULT_TARGET
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    python: Path | None = None
    python_version: str = ""
    timeout: float = 300
    starts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does jobs: how an executor is opened, and by which errors it says that a worker was lost."""

    open: Callable[[], AbstractContextManager[Executor]]
    lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)


def run_job(job: Job) -> Result:
    """Ask the checker, and judge what it says. Raises `BgtasksError` as `verify` does."""
    python = job.python or Path(sys.executable)
    with open_folder() as folder:
        if job.packages:
            _, paths = ask_python(python)
            python = lay_over(python, paths, (), folder / "environment")
            [site_packages] = (folder / "environment").glob("[Ll]ib/**/site-packages")
            for name, text in job.packages.items():
                copy_to(site_packages / name, text)
        plan = Plan(job.cases, job.target, python, job.imported, starts=job.starts)
        versions = [job.python_version] if job.python_version else []
        [result] = verify(plan, [CHECKERS[job.checker]], python_versions=versions, timeout=job.timeout)
        return result


def run_jobs(
    jobs: Sequence[Job], workers: Workers, heard: Callable[[Result], None] = lambda _: None
) -> list[Result]:
    """
    Return the result of each job, in the order of the jobs; `heard` is told each as it comes.

    Raises `BgtasksError` as `run_all` does, and where the workers have several versions of one checker.
    """
    results = run_all(run_job, jobs, workers, heard)
    require_one_version(results)
    return results


def run_all(
    function: Callable[[Q], A],
    questions: Sequence[Q],
    workers: Workers,
    heard: Callable[[A], None] = lambda _: None,
) -> list[A]:
    """
    Return what `function` returns for each question, in the order of these, whoever is done first.

    `heard` is told each answer as it comes. What a lost worker was at is done again. Raises what `function`
    raises, and `BgtasksError` where workers are lost again and again.
    """
    answers: dict[int, A] = {}
    for _ in range(TRIES):
        with workers.open() as executor:
            with uninterrupted():
                futures = {
                    executor.submit(function, question): index
                    for index, question in enumerate(questions)
                    if index not in answers
                }
            for future in as_completed(futures):
                try:
                    answer = future.result()
                except workers.lost:
                    continue
                answers[futures[future]] = answer
                heard(answer)
        if len(answers) == len(questions):
            return [answers[index] for index in range(len(questions))]
    raise BgtasksError(f"the workers were lost {TRIES} times; they may lack memory")


def require_one_version(results: Sequence[Result]) -> None:
    versions: dict[str, set[str]] = {}
    for result in results:
        if result.run.version:
            versions.setdefault(result.run.checker, set()).add(result.run.version)
    for checker, found in versions.items():
        if len(found) > 1:
            raise BgtasksError(
                f"the workers have {checker} {' and '.join(sorted(found))}; install one version on all"
            )


def read_executor(text: str) -> Workers:
    """Read where jobs are done, such as "dask://127.0.0.1:8786"."""
    scheme, _, address = text.partition("://")
    if text == "local":
        return local()
    if scheme == "dask" and ":" in address:
        return dask(address)
    raise BgtasksError(f"{text!r} is no executor; write local, or dask://HOST:PORT of a scheduler")


def local(count: int = 0) -> Workers:
    """Return so many processes on this machine, one for each core where there is no number."""

    @contextmanager
    def start() -> Generator[Executor, None, None]:
        # Not forked: this process has threads.
        context = multiprocessing.get_context("spawn")
        os.environ.update(OF_WORKERS)
        try:
            with ProcessPoolExecutor(count or os.cpu_count() or 1, context, end_with_parent) as executor:
                yield executor
        finally:
            for name in OF_WORKERS:
                del os.environ[name]

    return Workers(start)


@contextmanager
def uninterrupted() -> Generator[None, None, None]:
    """Have what is started in the block never hear an interrupt, which a terminal sends to it as well."""
    if sys.platform == "win32":
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def end_with_parent() -> None:
    """Have a worker end, and clear away, when what it works for is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    leftovers.listen(lambda: os._exit(2))

    def wait() -> None:
        parent.join()
        if sys.platform == "win32":  # a signal would end us before we hear it
            leftovers.clear_away()
            os._exit(2)
        os.kill(os.getpid(), signal.SIGTERM)  # not while a checker starts

    threading.Thread(target=wait, daemon=True).start()


def dask(address: str) -> Workers:
    """
    Return the workers of a Dask scheduler at `host:port`, which gives the job of a lost one to another.

    They need this package, and the checkers. Raises `BgtasksError` where Dask is not installed.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ModuleNotFoundError:
        raise BgtasksError(f"dask is not installed; {advise_install('dask')}") from None

    @contextmanager
    def start() -> Generator[Executor, None, None]:
        try:
            client: Any = distributed.Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BgtasksError(f"dask://{address}: no scheduler answers there: {error}") from None
        with client, client.get_executor(pure=False) as executor:
            yield executor

    return Workers(start)
