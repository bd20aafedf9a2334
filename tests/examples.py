"""Small apps in which a rule is broken, or not: a source, with what it imports before it."""

import ast
import textwrap
from pathlib import Path

from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Finding, Module
from bgtasks.check.rules import find_violations
from bgtasks.surroundings.frameworks import Framework, Frameworks, read_version

NEWEST = "0.165.0"

HEAD = """\
import asyncio, contextlib, functools
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Annotated, Any, Optional, Union
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Response, UploadFile
from fastapi.responses import JSONResponse; from fastapi.routing import APIRoute
from starlette.background import BackgroundTask; from fastapi import Request, WebSocket
from somewhere import connect, lock, route, send, unknown
app = FastAPI()
async def notify(user): ...
def rows(user): yield user
"""


def parse(body: str, name: str = "app") -> Module:
    """Return `body` behind the imports, parsed."""
    source = HEAD + textwrap.dedent(body)
    return Module(Path(f"{name}.py"), name, source, ast.parse(source))


def find(body: str, fastapi: str | None = NEWEST) -> list[Finding]:
    """Return what breaks a rule in an app that runs with a version of FastAPI."""
    return list(find_violations(read_app([parse(body)], pinned(fastapi))))


def pinned(fastapi: str | None) -> Frameworks:
    """Return what an app is built on that runs with a version of FastAPI, None where it is not known."""
    return Frameworks(Framework("FastAPI", read_version(fastapi)))


def codes_of(body: str, fastapi: str | None = NEWEST) -> list[str]:
    """Return the codes of what `find` finds."""
    return [finding.rule.code for finding in find(body, fastapi)]


def endpoint(body: str, parameters: str = "tasks: BackgroundTasks", decorator: str = "@app.get('/')") -> str:
    """Return an endpoint with a body."""
    return f"{decorator}\nasync def endpoint({parameters}):\n{textwrap.indent(textwrap.dedent(body), '    ')}"
