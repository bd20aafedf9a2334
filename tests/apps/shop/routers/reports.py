from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.background import BackgroundTask

from shop.background import async_retried, defer, retried
from shop.dependencies import AdminDep, Shop, ShopDep
from shop.models import Order, Period
from shop.services.reports import csv_lines, revenue, write_totals

router = APIRouter(prefix="/reports", tags=["reports"])


@retried(2)
def publish(shop: Shop, path: Path, *, notify: bool = True) -> None:
    for admin in shop.settings.admins if notify else ():
        shop.mailer.send(admin, "See the attachment.", subject=path.stem, attachments=[str(path)])


@async_retried(2)
async def announce(shop: Shop, period: Period, total: str) -> None:
    await shop.webhooks.announce("report.made", f"{period.first}..{period.last}", {"revenue": total})


def yearly(shop: Shop, year: int, *, separator: str = ";") -> Path:
    period = Period(first=date(year, 1, 1), last=date(year, 12, 31))
    return shop.reports.write(str(year), shop.orders.within(period), separator=separator)


def monthly(shop: Shop, year: int) -> Iterator[Path]:
    for month in range(1, 13):
        period = Period(first=date(year, month, 1), last=date(year, month, 28))
        yield shop.reports.write_period(period, shop.orders)


@router.post("", status_code=202)
async def make(
    first: date, last: date, shop: ShopDep, admin: AdminDep, tasks: BackgroundTasks
) -> dict[str, str]:
    period = Period(first=first, last=last)
    found = shop.orders.within(period)
    total = str(revenue(found))
    tasks.add_task(shop.reports.write_period, period, found)
    tasks.add_task(shop.reports.write, f"{first}-{last}-orders", found, separator="\t")
    tasks.add_task(shop.reports.into_temporary, write_totals, found, header=False)
    tasks.add_task(announce, shop, period, total)
    defer(tasks, shop.audit.record, "report", total, actor=admin)
    return {"revenue": total}


@router.post("/years/{year}", status_code=202)
async def make_year(year: int, shop: ShopDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(yearly, shop, year)
    tasks.add_task(yearly, shop, year=year, separator=",")
    tasks.add_task(monthly, shop, year)
    publishing = partial(publish, shop, notify=not shop.settings.debug)
    tasks.add_task(publishing, shop.settings.storage.reports / f"{year}.csv")
    tasks.add_task(publishing, f"{year}.csv")


@router.get("/orders.csv")
async def orders_csv(shop: ShopDep, admin: AdminDep) -> StreamingResponse:
    async def lines(orders: Iterable[Order]) -> AsyncIterator[str]:
        for line in csv_lines(orders):
            yield line

    reading = BackgroundTask(shop.audit.record, "export", "orders", actor=admin)
    return StreamingResponse(lines(shop.orders), media_type="text/csv", background=reading)


@router.delete("", status_code=202)
def purge(shop: ShopDep, tasks: BackgroundTasks) -> JSONResponse:
    made = list(shop.reports.made)
    shop.reports.made.clear()
    for path in made:
        tasks.add_task(path.unlink, missing_ok=True)
    return JSONResponse({"purged": len(made)}, background=tasks.add_task(shop.reports.purge))
