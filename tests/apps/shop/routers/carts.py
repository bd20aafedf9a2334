from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks

from bgtasks.fastapi import BackgroundTasksDep
from shop.dependencies import CustomerDep, ShopDep
from shop.errors import NotFoundError
from shop.models import Cart, Line, Order
from shop.repositories.orders import Carts

router = APIRouter(prefix="/carts", tags=["carts"])


def find(carts: Carts, key: UUID) -> Cart:
    cart = carts.get(key)
    if cart is None:
        raise NotFoundError("cart", key)
    return cart


@router.post("", status_code=201)
async def start(customer: CustomerDep, shop: ShopDep, tasks: BackgroundTasks) -> Cart:
    tasks.add_task(shop.carts.expire)
    tasks.add_task(shop.carts.expire, after=timedelta(days=60))
    return shop.carts.open(customer.id)


@router.post("/{cart}/lines")
async def add_line(cart: UUID, line: Line, shop: ShopDep, tasks: BackgroundTasks) -> Cart:
    found = find(shop.carts, cart)
    found.lines.append(line)
    tasks.add_task(func=shop.carts.touch, cart=found)
    tasks.add_task(shop.products.count_view, line.sku, times=line.quantity)
    return found


@router.delete("/{cart}", status_code=204)
async def drop(cart: UUID, shop: ShopDep, tasks: BackgroundTasksDep) -> None:
    found = find(shop.carts, cart)
    tasks.add_task(shop.carts.drop, cart)
    tasks.add_task(found.lines.clear)


@router.post("/{cart}/order", status_code=201)
async def place(cart: UUID, customer: CustomerDep, shop: ShopDep, tasks: BackgroundTasksDep) -> Order:
    found = find(shop.carts, cart)
    shop.products.reserve(found.lines)
    order = shop.orders.place(found)
    tasks.add_task(shop.carts.drop, found.id)
    tasks.add_task(shop.mails.placed, customer, order)
    tasks.add_task(shop.points.award, customer.id, order, factor=2 if found.coupon else 1)
    low = {product.sku: product for product in shop.products.running_low()}
    if low:
        tasks.add_task(shop.mails.low_stock, [*shop.settings.admins], low)
        tasks.add_task(
            shop.webhooks.announce, "stock.low", order.id, {sku: each.stock for sku, each in low.items()}
        )
    return order
