"""Paths that raise, and responses with a background of their own: BGT203, BGT204 and BGT209."""

from contextlib import suppress

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from .. import dependencies
from ..errors import Conflict, NotAllowed, answered
from ..services.mail import notify, send

router = APIRouter(prefix="/payments")


@router.post("/decline")
async def decline(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/payments/decline")  # BGT203 /payments/decline
    raise HTTPException(402)


@router.post("/check")
async def check(tasks: BackgroundTasks, valid: bool = False) -> dict[str, bool]:
    tasks.add_task(notify, "/payments/check")  # BGT209 /payments/check
    if not valid:
        raise HTTPException(422)
    return {"valid": valid}


@router.post("/charge")
def charge(tasks: BackgroundTasks, amount: int = 0) -> dict[str, float]:
    try:
        share = 1 / amount
    except ZeroDivisionError:
        tasks.add_task(send, "/payments/charge")  # BGT203 /payments/charge
        raise
    return {"share": share}


@router.post("/book")
async def book(booked: bool = False) -> JSONResponse:
    tasks = BackgroundTasks()
    tasks.add_task(send, "/payments/book")  # BGT209 /payments/book
    if not booked:
        raise NotAllowed
    return JSONResponse({}, background=tasks)


@router.post("/refuse", dependencies=[Depends(dependencies.refuse)])
async def refuse() -> None: ...


@router.post("/check-first")
async def check_first(tasks: BackgroundTasks, valid: bool = True) -> None:
    if not valid:
        raise HTTPException(422)
    tasks.add_task(notify, "/payments/check-first")


@router.post("/check-else")
async def check_else(tasks: BackgroundTasks, valid: bool = True) -> None:
    if valid:
        tasks.add_task(notify, "/payments/check-else")
    else:
        raise HTTPException(422)


@router.post("/check-twice")
async def check_twice(tasks: BackgroundTasks, valid: bool = True) -> None:
    if valid:
        tasks.add_task(notify, "/payments/check-twice")
    if not valid:
        raise HTTPException(422)


@router.post("/recover")
async def recover(tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(notify, "/payments/recover")
    try:
        raise HTTPException(402)
    except HTTPException as error:
        return {"detail": error.detail}


@router.post("/recover-any")
async def recover_any(tasks: BackgroundTasks) -> None:
    try:
        tasks.add_task(notify, "/payments/recover-any")
        raise NotAllowed
    except (ValueError, Exception):
        pass


@router.post("/suppress")
async def suppress_it(tasks: BackgroundTasks) -> None:
    with suppress(NotAllowed):
        tasks.add_task(notify, "/payments/suppress")
        raise NotAllowed


@router.post("/finally")
async def finally_return(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/payments/finally")
    try:
        raise NotAllowed
    finally:
        return None


@router.post("/answer")
async def answer(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/answer")
    return JSONResponse({}, status_code=402)


@router.post("/conflict")
async def conflict(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/payments/conflict")
    raise Conflict(tasks)


@router.post("/keep")
async def keep(request: Request, tasks: BackgroundTasks) -> None:
    request.state.tasks = tasks
    tasks.add_task(notify, "/payments/keep")
    raise NotAllowed


@router.post("/answered")
@answered
async def answered_by_decorator(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/payments/answered")
    raise NotAllowed


async def fail(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/payments/caught-outside")
    raise NotAllowed


@router.post("/caught-outside")
async def caught_outside(tasks: BackgroundTasks) -> None:
    try:
        await fail(tasks)
    except NotAllowed:
        pass


@router.post("/own-response")
async def own_response(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/own-response")
    return JSONResponse({}, background=BackgroundTask(print, end=""))  # BGT204 /payments/own-response


@router.post("/own-variable")
async def own_variable(tasks: BackgroundTasks) -> Response:
    others = BackgroundTasks()
    others.add_task(print, end="")
    response = Response(background=others)  # BGT204 /payments/own-variable
    tasks.add_task(notify, "/payments/own-variable")
    return response


@router.post("/own-late")
async def own_late(tasks: BackgroundTasks, small: bool = True) -> Response:
    response = Response()
    if small:
        tasks.add_task(notify, "/payments/own-late")
        response.background = BackgroundTask(print, end="")  # BGT204 /payments/own-late
    return response


@router.post("/no-background")
async def no_background(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/no-background")
    return JSONResponse({})


@router.post("/background-none")
async def background_none(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/background-none")
    return JSONResponse({}, background=None)


@router.post("/background-same")
async def background_same(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/background-same")
    return JSONResponse({}, background=tasks)


@router.post("/background-nested")
async def background_nested(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/background-nested")
    return JSONResponse({}, background=BackgroundTasks([BackgroundTask(tasks), BackgroundTask(print, end="")]))


@router.post("/background-merged")
async def background_merged(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(notify, "/payments/background-merged")
    others = BackgroundTasks()
    others.add_task(tasks)
    return JSONResponse({}, background=others)


@router.post("/background-elsewhere")
async def background_elsewhere(tasks: BackgroundTasks, small: bool = True) -> JSONResponse:
    if small:
        tasks.add_task(notify, "/payments/background-elsewhere")
        return JSONResponse({})
    return JSONResponse({}, background=BackgroundTask(print, end=""))


@router.post("/background-unset")
async def background_unset(tasks: BackgroundTasks) -> Response:
    tasks.add_task(notify, "/payments/background-unset")
    response = Response(background=BackgroundTask(print, end=""))
    response.background = None
    return response


@router.post("/background-replaced")
async def background_replaced(tasks: BackgroundTasks) -> Response:
    tasks.add_task(notify, "/payments/background-replaced")
    response = Response(background=BackgroundTask(print, end=""))
    response = Response(response.body)
    return response
