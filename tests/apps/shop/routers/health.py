import asyncio
import logging
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.background import BackgroundTasks
from starlette.responses import PlainTextResponse, Response

from shop.dependencies import Shop, ShopDep

router = APIRouter(tags=["health"])
logger = logging.getLogger(__name__)

Check = Callable[[Shop], object]


def check_database(shop: Shop) -> int:
    return shop.database.execute("select 1")


def check_storage(shop: Shop) -> bool:
    return shop.settings.storage.root.is_dir()


CHECKS: tuple[tuple[str, Check], ...] = (("database", check_database), ("storage", check_storage))


class Probe:
    """Runs one check after the other, and remembers what came of each."""

    def __init__(self) -> None:
        self.results: dict[str, object] = {}

    def run(self, name: str, check: Check, shop: Shop) -> None:
        try:
            self.results[name] = check(shop)
        except Exception:
            logger.exception("the check of the %s failed", name)
            self.results[name] = None

    async def settle(self, seconds: float = 0) -> None:
        await asyncio.sleep(seconds)
        failed = [name for name, result in self.results.items() if not result]
        logger.info("%d checks, failed: %s", len(self.results), failed)


@router.get("/live")
async def live() -> PlainTextResponse:
    return PlainTextResponse("ok")


@router.get("/ready")
async def ready(request: Request, shop: ShopDep, *, thorough: bool = False) -> Response:
    probe = Probe()
    tasks = BackgroundTasks()
    for name, check in CHECKS:
        tasks.add_task(probe.run, name, check, shop)
    for each in CHECKS if thorough else ():
        tasks.add_task(probe.run, *each, shop)
    tasks.add_task(probe.settle, seconds=0.5)
    extra: dict[str, Any] = {"client": request.client.host if request.client else None}
    tasks.add_task(logger.debug, "asked for by", extra=extra)
    return PlainTextResponse("checking", 202, background=tasks)
