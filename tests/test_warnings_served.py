import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

import warnings_app
from warnings_app import EXAMPLES, Example

pytestmark = pytest.mark.live

LIBRARIES = ("starlette", "injected_fastapi", "bgtasks", "injected_bgtasks")
RAISES = {
    "`create_task`, `ensure_future`, `gather`, `shield`": "RuntimeError",
    "The coroutine instead of the function": "TypeError",
    "Defaults that only FastAPI fills": "TypeError",
    "The result instead of the function": "TypeError",
}
SENT_BEFORE = {"The result instead of the function": [1]}


@dataclass(frozen=True)
class Served:
    """What came of two requests to each path that adds a task wrongly, and of one to each other."""

    responses: Mapping[str, Sequence[httpx.Response]]
    sent: Mapping[str, list[int]]
    raised: Mapping[str, str]
    stderr: str


@pytest.fixture(scope="module")
def served() -> Served:
    command = [sys.executable, str(Path(warnings_app.__file__))]
    paths = [
        f"/{library}/{code}/{index}"
        for library in LIBRARIES
        for index in range(len(EXAMPLES))
        for code in ("wrong", "right")
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            with httpx.Client(base_url=url, trust_env=False) as client:
                responses = {
                    path: [client.get(path) for _ in range(2 if "wrong" in path else 1)] for path in paths
                }
        finally:
            server.send_signal(signal.SIGINT)
        # Uvicorn waits for the background tasks before it ends.
        stdout, stderr = server.communicate(timeout=20)
    return Served(responses, **json.loads(stdout.splitlines()[-1]), stderr=stderr)


each_example = pytest.mark.parametrize(
    ("index", "example"), [*enumerate(EXAMPLES)], ids=[example.title for example in EXAMPLES]
)
each_library = pytest.mark.parametrize("library", LIBRARIES)


@each_library
@each_example
def test_the_wrong_task_does_not_run_and_the_response_does_not_tell(
    served: Served, library: str, index: int, example: Example
) -> None:
    path = f"/{library}/wrong/{index}"
    before = SENT_BEFORE.get(example.title, [])

    assert [response.status_code for response in served.responses[path]] == [200, 200]
    assert [response.json() for response in served.responses[path]] == [before, before]
    assert served.sent[path] == before
    assert served.raised.get(path) == RAISES.get(example.title)


@each_library
@each_example
def test_the_right_task_runs_after_the_response(
    served: Served, library: str, index: int, example: Example
) -> None:
    path = f"/{library}/right/{index}"

    assert [response.status_code for response in served.responses[path]] == [200], example.title
    assert [response.json() for response in served.responses[path]] == [[]]
    assert served.sent[path] == [1]
    assert path not in served.raised


def warnings_of(served: Served, library: str) -> list[tuple[int, str]]:
    pattern = re.compile(rf"^{library}\.py:(\d+): BackgroundTaskWarning: (.*)$", re.MULTILINE)
    return [(int(line), text) for line, text in pattern.findall(served.stderr)]


@pytest.mark.parametrize("library", ["bgtasks", "injected_bgtasks"])
def test_ours_warns_once_of_each_at_its_line_in_the_words_of_the_page(served: Served, library: str) -> None:
    expected = [(example.line, example.warning) for example in EXAMPLES]

    assert sorted(warnings_of(served, library)) == sorted(expected)


@pytest.mark.parametrize("library", ["starlette", "injected_fastapi"])
def test_without_ours_nothing_warns_of_the_task(served: Served, library: str) -> None:
    # Python's own "never awaited" stands at whatever line is at work when the coroutine is collected.
    assert warnings_of(served, library) == []
