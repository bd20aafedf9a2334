import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bgtasks import leftovers


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
