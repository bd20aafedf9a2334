import runpy
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.live

NOTIFY = Path(__file__).parent.parent / "examples" / "notify.py"


def test_the_notification_is_printed_after_the_response(
    serve: Callable[[FastAPI], AbstractContextManager[httpx.Client]],
) -> None:
    answered = threading.Event()
    printed: list[str] = []

    def print_later(text: str) -> None:
        assert answered.wait(timeout=30), "the task runs before the response"
        printed.append(text)

    example = runpy.run_path(str(NOTIFY))
    example["notify"].__globals__["print"] = print_later

    with serve(example["app"]) as client:
        response = client.post("/orders/7/ship", params={"email": "ann@example.org"})
        answered.set()

    assert printed == ["ann@example.org: order 7 is on its way, wrapped as a gift"]
    assert response.status_code == 202
    assert response.json() == {"shipped": 7}
