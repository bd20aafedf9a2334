import shutil
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as Several
from starlette.concurrency import run_in_threadpool

from shop.dependencies import AdminDep, LoggedTasksDep, ShopDep
from shop.errors import NotFoundError
from shop.models import Product
from shop.services.images import Thumbnail

router = APIRouter(prefix="/products", tags=["products"])


@router.get("/{sku}")
async def product(sku: str, shop: ShopDep, tasks: BackgroundTasks) -> Product:
    found = shop.products.get(sku)
    tasks.add_task(shop.products.count_view, sku)
    if found.is_available:
        tasks.add_task(shop.prices.put, sku, found.price)
    else:
        tasks.add_task(shop.prices.drop, sku, default=None)
    return found


@router.put("/{sku}")
async def put(sku: str, product: Product, shop: ShopDep, admin: AdminDep, tasks: LoggedTasksDep) -> Product:
    known = shop.products.get(sku, None)
    shop.products.save(sku, product)
    tasks.add_task(shop.search.put, product, refresh=known is None)
    tasks.add_task(shop.prices.refresh, sku)
    tasks.add_task(shop.audit.record, "product_changed" if known else "product_added", sku, actor=admin)
    if known and known.price != product.price:
        details: dict[str, Any] = {"was": str(known.price), "is": str(product.price)}
        tasks.add_task(shop.audit.record, "price_changed", sku, actor=admin, **details)
    return product


@router.delete("/{sku}", status_code=204)
async def remove(sku: str, shop: ShopDep, admin: AdminDep, tasks: BackgroundTasks) -> None:
    if not shop.products.remove(sku):
        raise NotFoundError("product", sku)
    tasks.add_task(shop.search.remove, sku)
    tasks.add_task(run_in_threadpool, shop.images.discard, sku)
    tasks.add_task(shop.audit.record, "product_removed", sku, actor=admin)


@router.post("/{sku}/image", status_code=202)
async def image(
    sku: str, request: Request, shop: ShopDep, admin: AdminDep, tasks: BackgroundTasks
) -> JSONResponse:
    path = shop.images.keep(sku, await request.body())
    tasks.add_task(shop.images.make_all, sku, force=True)
    tasks.add_task(Thumbnail(path, 2560, quality=90))
    tasks.add_task(Thumbnail(path, 64), force=True)
    for thumbnail in shop.images.thumbnails(sku):
        tasks.add_task(thumbnail, force=True)
    tasks.add_task(shop.images.thumbnails, sku)
    shop.products.save(sku, shop.products.get(sku).model_copy(update={"image": path.name}))
    return JSONResponse({"image": path.name, "by": admin.id}, 202)


@router.get("/{sku}/images.zip")
def images(sku: str, shop: ShopDep) -> FileResponse:
    folder = Path(mkdtemp())
    shop.images.archive(folder, sku)
    archive = shutil.make_archive(str(folder), "zip", folder)
    cleaning = Several()
    cleaning.add_task(shutil.rmtree, folder, ignore_errors=True)
    cleaning.add_task(Path(archive).unlink, missing_ok=True)
    return FileResponse(archive, background=cleaning)


@router.post("/prices")
async def reprice(prices: dict[str, Decimal], shop: ShopDep, *, dry_run: bool = False) -> JSONResponse:
    changed = shop.products.reprice(prices, dry_run=dry_run)
    later = None if dry_run else BackgroundTask(shop.prices.refresh, *changed)
    return JSONResponse({"changed": changed}, background=later)


@router.post("/prices/preset")
async def preset(shop: ShopDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(shop.products.reprice, {"MUG-0001": Decimal(9), "CAP-0002": Decimal(19)}, dry_run=False)
    tasks.add_task(shop.prices.update, {"MUG-0001": 9})


@router.get("")
async def listing(shop: ShopDep, tasks: BackgroundTasks, tag: str | None = None) -> list[Product]:
    found = shop.products.tagged(tag) if tag else list(shop.products)
    add = tasks.add_task
    for each in found:
        add(shop.products.count_view, each.sku, times=1)
    if tag:
        add(shop.search.warm_up, tag, f"{tag} sale")
    return found
