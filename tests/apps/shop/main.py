import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask, BackgroundTasks

from shop.dependencies import Shop
from shop.errors import ShopError
from shop.routers import admin, carts, customers, health, orders, products, reports, webhooks
from shop.settings import Settings, get_settings

logger = logging.getLogger(__name__)
slow: list[str] = []


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=10) as client:
            app.state.shop = Shop(settings, client)
            webhooks.connect(app.state.shop)
            yield

    app = FastAPI(title="Shop", debug=settings.debug, lifespan=lifespan)
    for module in (admin, carts, customers, health, orders, products, reports, webhooks):
        app.include_router(module.router)
    app.add_exception_handler(ShopError, on_error)
    app.middleware("http")(measure)
    return app


async def on_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ShopError):
        raise error
    shop: Shop = request.app.state.shop
    return JSONResponse(
        error.as_problem(),
        error.status,
        background=BackgroundTask(shop.audit.record, error.code, request.url.path, **error.details),
    )


async def measure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Remember what was slow; what the endpoint wants done afterwards is done first."""
    start = time.perf_counter()
    response = await call_next(request)
    seconds = time.perf_counter() - start
    if seconds > 1:
        tasks = BackgroundTasks([response.background] if response.background else [])
        tasks.add_task(slow.append, request.url.path)
        tasks.add_task(logger.warning, "%s took %.1f s", request.url.path, seconds)
        response.background = tasks
    return response


app = create_app()
