import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from starlette.types import ASGIApp

from bgtasks import leftovers
from bgtasks.checkers import CHECKERS
from bgtasks.checkers.sandbox import find_cache
from bgtasks.claims.cases import read_case
from bgtasks.model import DEFAULT_TARGET
from bgtasks.verify.model import Plan
from bgtasks.verify.run import verify
from browser import Chromium, find_chromium, open_chromium

# A machine may be busy.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# What nearly every case imports, so that mypy reads it once for all tests and not once for each.
IMPORTS = """\
import asyncio
import fastapi.background
import starlette.responses
from bgtasks import BackgroundTasks
"""


@pytest.fixture(scope="session", autouse=True)
def signals() -> None:
    """Have what tests start hear Ctrl-C, which a shell has what it starts in the background ignore."""
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    executable = find_chromium()
    if executable is None:
        why = "no Chromium on PATH; apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with open_chromium(executable) as browser:
        yield browser


@contextmanager
def run_server(app: ASGIApp) -> Generator[httpx.Client, None, None]:
    # The socket listens before the server starts, so the client can connect without waiting.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def signals_are_pytests_own() -> Generator[None, None, None]:
    """Take back what the command line has set, where a test runs it in this process."""
    before = {number: signal.getsignal(number) for number in leftovers.ENDING}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture
def serve() -> Callable[[ASGIApp], AbstractContextManager[httpx.Client]]:
    """
    Serve an app with uvicorn on a free port, and hand out a client for it.

    Uvicorn stops where the block ends, and waits for background tasks before it does:
    after the block, every task has run.
    """
    return run_server


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> Generator[None, None, None]:
    """Keep what the tests cache out of the caches of who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache of mypy, with the plugin and without, that all workers have; nobody writes to it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "warm_cache"
    if not shared.exists():
        draft = tmp_path_factory.mktemp("warm") / "cache"
        path = Path("imports.py")
        case = read_case(path, path, IMPORTS, frozenset())
        plan = Plan([case], DEFAULT_TARGET, Path(sys.executable), cache=draft)
        results = verify(plan, [CHECKERS["mypy"], CHECKERS["mypy+plugin"]])
        assert [result.run.failure for result in results] == [None, None]
        with suppress(OSError):  # another worker was faster
            draft.rename(shared)
    return shared


@pytest.fixture
def cache(warm_cache: Path, tmp_path: Path) -> Path:
    """Return a warm cache of mypy that a test has for itself, where a command in `tmp_path` finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        folder = find_cache()
    assert folder is not None
    return Path(shutil.copytree(warm_cache, folder))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Make files by their places, empty or with a text."""

    def make(*files: str, **texts: str) -> Path:
        for name in (*files, *texts):
            path = tmp_path / name.replace("__at__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, ""))
        return tmp_path

    return make
