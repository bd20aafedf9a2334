# SPDX-FileCopyrightText: The bgtasks authors
# SPDX-License-Identifier: MIT
# Source: typed-bgtasks-stubs 0.1.0, fastapi-stubs/__init__.pyi

from fastapi.applications import FastAPI as FastAPI
from fastapi.background import BackgroundTasks as BackgroundTasks
from fastapi.datastructures import UploadFile as UploadFile
from fastapi.exceptions import HTTPException as HTTPException
from fastapi.exceptions import WebSocketException as WebSocketException
from fastapi.param_functions import Body as Body
from fastapi.param_functions import Cookie as Cookie
from fastapi.param_functions import Depends as Depends
from fastapi.param_functions import File as File
from fastapi.param_functions import Form as Form
from fastapi.param_functions import Header as Header
from fastapi.param_functions import Path as Path
from fastapi.param_functions import Query as Query
from fastapi.param_functions import Security as Security
from fastapi.requests import Request as Request
from fastapi.responses import Response as Response
from fastapi.routing import APIRouter as APIRouter
from fastapi.websockets import WebSocket as WebSocket
from fastapi.websockets import WebSocketDisconnect as WebSocketDisconnect
from starlette import status as status

__version__: str
