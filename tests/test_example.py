import os
import runpy
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.live

NOTIFY = Path(__file__).parent.parent / "examples" / "notify.py"


def test_the_notification_is_written_after_the_response(
    serve: Callable[[FastAPI], AbstractContextManager[httpx.Client]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    # A pipe holds up whoever opens it for writing until somebody opens it for reading.
    outbox = tmp_path / "outbox"
    os.mkfifo(outbox)
    monkeypatch.setenv("OUTBOX", str(outbox))
    app = runpy.run_path(str(NOTIFY))["app"]

    with serve(app) as client:
        try:
            response = client.post("/orders/7/ship", params={"email": "ann@example.org"})
        finally:
            reader = os.open(outbox, os.O_RDONLY | os.O_NONBLOCK)

    with os.fdopen(reader, encoding="utf-8") as notifications:
        assert notifications.read() == "ann@example.org: order 7 is on its way, wrapped as a gift\n"
    assert response.status_code == 202
    assert response.json() == {"shipped": 7}
