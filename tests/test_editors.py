"""What an editor shows: the diagnostics that a language server sends for an open file."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from environments import INSTALLED, make_environment
from pages import blocks

Message: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ERROR = 1
SERVERS = {
    "pyright": ["pyright-langserver", "--stdio"],
    "ty": ["ty", "server"],
}
SETTINGS: Message = json.loads(
    next(each.text for each in blocks("docs/editors.md") if each.language == "json")
)
MODE: str = SETTINGS["python.analysis.typeCheckingMode"]
# The line of the wrong call is the last one.
CALLS = """\
def send(to: str) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(send, "ada")
{reveal}
tasks.add_task(send, 1)
"""


async def read(stream: asyncio.StreamReader) -> Message:
    """Read one message (Language Server Protocol, "Base Protocol")."""
    header = (await stream.readuntil(b"\r\n\r\n")).decode()
    [length] = re.findall(r"Content-Length: (\d+)", header)
    message: Message = json.loads(await stream.readexactly(int(length)))
    return message


async def ask_server(command: Sequence[str], file: Path, text: str, python: Path, mode: str) -> list[Message]:
    """
    Open `file` as an editor does, in its folder; return the diagnostics that are sent.

    `mode` is how strict pyright is to be; ty has no such setting.
    """
    settings: Message = {
        "python": {"pythonPath": str(python), "analysis": {"typeCheckingMode": mode}},
        "python.analysis": {"typeCheckingMode": mode},
        "ty": {"configuration": {"environment": {"python": str(python)}}},
    }
    server = await asyncio.create_subprocess_exec(
        BIN / command[0],
        *command[1:],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None

    def tell(**message: object) -> None:
        assert server.stdin is not None
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    folder = {"uri": file.parent.as_uri(), "name": file.parent.name}
    capabilities: Message = {
        "workspace": {"configuration": True, "workspaceFolders": True},
        "textDocument": {"publishDiagnostics": {}},
    }
    tell(
        id=1,
        method="initialize",
        params={
            "processId": None,
            "rootUri": folder["uri"],
            "workspaceFolders": [folder],
            "capabilities": capabilities,
        },
    )
    opened = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": text}
    try:
        while True:
            match await read(server.stdout):
                case {"id": 1, "result": _}:
                    tell(method="initialized", params={})
                    tell(method="textDocument/didOpen", params={"textDocument": opened})
                case {"id": number, "method": "workspace/configuration", "params": {"items": items}}:
                    tell(id=number, result=[settings.get(item.get("section")) for item in items])
                case {"id": number, "method": _}:
                    tell(id=number, result=None)
                case {"method": "textDocument/publishDiagnostics", "params": params}:
                    if params["uri"] == opened["uri"]:
                        diagnostics: list[Message] = params["diagnostics"]
                        return diagnostics
                case _:
                    pass
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # pyright's command starts node, which would live on
        await server.wait()


def vendored(project: Path) -> Path:
    (project / "pyproject.toml").write_text("")
    command = [str(BIN / "bgtasks"), "vendor", "--write-config", "--for=all", f"--python={sys.executable}"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    return Path(sys.executable)


def installed(project: Path) -> Path:
    return make_environment(project / ".venv", *INSTALLED, ROOT / "stubs")


def as_it_is(_: Path) -> Path:
    return Path(sys.executable)


SETUPS = {
    "our-class": ("bgtasks", as_it_is),
    "stubs-vendored": ("fastapi", vendored),
    "stubs-installed": ("fastapi", installed),
}


@pytest.mark.live
@pytest.mark.checker
@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("setup", SETUPS)
def test_an_editor_shows_the_wrong_call_and_our_signature(setup: str, server: str, tmp_path: Path) -> None:
    module, set_up = SETUPS[setup]
    file = tmp_path / "shop.py"
    python = set_up(tmp_path)
    reveal = "reveal_type(BackgroundTasks.add_task)"
    text = f"from {module} import BackgroundTasks\n\n\n{CALLS.format(reveal=reveal)}"
    file.write_text(text)

    shown = asyncio.run(asyncio.wait_for(ask_server(SERVERS[server], file, text, python, MODE), 100))

    lines = text.splitlines()
    at = [(each["range"]["start"]["line"], each) for each in shown]
    assert {line for line, each in at if each["severity"] == ERROR} == {len(lines) - 1}
    revealed = "".join(each["message"] for line, each in at if lines[line] == reveal)
    assert "object" in revealed  # upstream's says Any


@pytest.mark.live
@pytest.mark.checker
def test_with_pylances_own_setting_nothing_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    text = f"from bgtasks import BackgroundTasks\n\n\n{CALLS.format(reveal='')}"
    file.write_text(text)

    asked = ask_server(SERVERS["pyright"], file, text, Path(sys.executable), "off")
    shown = asyncio.run(asyncio.wait_for(asked, 100))

    assert [each for each in shown if each["severity"] == ERROR] == []


def test_neovim_starts_the_same_server_with_the_same_setting() -> None:
    [lua] = [each.text for each in blocks("docs/editors.md") if each.language == "lua"]

    assert re.findall(r"cmd = \{ (.*) \}", lua) == [", ".join(f'"{word}"' for word in SERVERS["pyright"])]
    assert re.findall(r'typeCheckingMode = "(\w+)"', lua) == [MODE]
