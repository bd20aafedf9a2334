import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

from anyio import from_thread
from fastapi import APIRouter, BackgroundTasks

from bgtasks import BackgroundTasks as PreciseTasks
from bgtasks.fastapi import BackgroundTasksDep
from shop.dependencies import AdminDep, LoggedTasksDep, Shop, ShopDep
from shop.models import Customer, NewCustomer, now

router = APIRouter(prefix="/admin", tags=["admin"])

Chore = Callable[[Shop], Awaitable[object]]


async def reindex(shop: Shop) -> int:
    return await shop.search.put_all(shop.products, batch=500)


async def tidy(shop: Shop) -> None:
    await asyncio.gather(asyncio.to_thread(shop.carts.expire), asyncio.to_thread(shop.reports.purge))


async def check_hooks(shop: Shop) -> dict[str, bool]:
    return await shop.webhooks.ping([each.url for each in shop.webhooks.subscriptions])


CHORES: dict[str, Chore] = {"reindex": reindex, "tidy": tidy, "hooks": check_hooks}


class Newsletter:
    """One issue; each chunk of its readers is a task."""

    def __init__(self, shop: Shop, subject: str, body: str) -> None:
        self.shop = shop
        self.subject = subject
        self.body = body

    async def __call__(self, readers: Iterable[Customer]) -> None:
        await self.shop.mailer.send_many(readers, self.body, subject=self.subject)

    @classmethod
    async def preview(cls, shop: Shop, admin: Customer) -> None:
        await cls(shop, "Preview", "")([admin])


@router.post("/chores/{name}", status_code=202)
async def chore(name: str, shop: ShopDep, tasks: BackgroundTasks, admin: AdminDep) -> None:
    tasks.add_task(CHORES[name], shop)
    tasks.add_task(shop.audit.record, "chore", name, actor=admin)


@router.post("/newsletter", status_code=202)
async def newsletter(
    subject: str, body: str, shop: ShopDep, tasks: BackgroundTasks, admin: AdminDep, size: int = 50
) -> int:
    issue = Newsletter(shop, subject, body)
    readers = shop.customers.subscribers()
    for start in range(0, len(readers), size):
        tasks.add_task(issue, readers[start : start + size])
    tasks.add_task(Newsletter.preview, shop, admin)
    tasks.add_task(
        lambda count, unit="readers": shop.audit.record("newsletter", f"{count} {unit}"), len(readers)
    )
    return len(readers)


@router.post("/import", status_code=202)
def import_customers(new: list[NewCustomer], shop: ShopDep, tasks: LoggedTasksDep) -> None:
    tasks.add_task(shop.customers.import_all, new)
    tasks.add_task(shop.customers.import_all, (each for each in new if each.newsletter))


@router.post("/maintenance", status_code=202)
async def maintenance(shop: ShopDep, tasks: BackgroundTasksDep, days: int = 365) -> None:
    tasks.add_task(shop.audit.trim, now() - timedelta(days=days))
    tasks.add_task(shop.database.vacuum)
    tasks.add_task(shop.database.connection.execute, "analyze")
    tasks.add_task(shutil.rmtree, shop.settings.storage.root / "tmp", ignore_errors=True)
    tasks.add_task(shop.points.expire, share=0.9)
    tasks.add_task(from_thread.run, check_hooks, shop)


@router.post("/search/{name}", status_code=202)
async def rename_index(name: str, shop: ShopDep) -> dict[str, int]:
    tasks = PreciseTasks()
    tasks.add_task(type(shop.search).rename, name)
    tasks.add_task(shop.search.warm_up, *shop.products.views)
    tasks.add_task(reindex(shop))
    await tasks()
    return {"products": len(shop.products)}


@router.post("/call", status_code=202)
async def call(path: list[str], values: dict[str, Any], shop: ShopDep, tasks: BackgroundTasks) -> None:
    """Call anything in the shop by its path. For the brave."""
    target: Any = shop
    for name in path:
        target = getattr(target, name)
    tasks.add_task(target, **values)
    return target
