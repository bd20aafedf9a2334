import asyncio
import logging
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from shop import legacy
from shop.dependencies import AdminDep, CustomerDep, LoggedTasksDep, OwnOrderDep, ShopDep
from shop.errors import ConflictError
from shop.models import MailOptions, Order, OrderId, OrderStatus

router = APIRouter(prefix="/orders", tags=["orders"])
logger = logging.getLogger(__name__)

FOLLOW_UPS: dict[OrderStatus, Callable[[Order], object]] = {
    OrderStatus.PAID: lambda order: logger.info("order %s is paid", order.id),
    OrderStatus.CANCELLED: lambda order: logger.info("order %s is off", order.id),
}


@router.get("")
async def orders(customer: CustomerDep, shop: ShopDep, *, only_open: bool = False) -> list[Order]:
    return shop.orders.of(customer.id, only_open=only_open)


@router.post("/{order}/pay")
async def pay(order: OwnOrderDep, token: str, shop: ShopDep, tasks: BackgroundTasks) -> Order:
    payment = shop.payments.charge(order, token)
    paid = shop.orders.move(order.id, OrderStatus.PAID)
    shop.orders.save(paid.id, paid.model_copy(update={"payment": payment}))
    tasks.add_task(shop.payments.capture, payment)
    tasks.add_task(FOLLOW_UPS[paid.status], paid)
    tasks.add_task(legacy.export_to_erp, paid, dry_run=shop.settings.debug, retries=2)
    tasks.add_task(logger.info, "order %s paid by %s", paid.id, payment, extra={"payment": payment})
    return paid


@router.post("/{order}/ship")
async def ship(
    order: OrderId, shop: ShopDep, admin: AdminDep, tasks: LoggedTasksDep, tracking: str | None = None
) -> Order:
    shipped = shop.orders.move(order, OrderStatus.SHIPPED, tracking=tracking)
    customer = shop.customers.get(shipped.customer)
    tasks.add_task(shop.mails.shipped, customer, shipped, tracking=tracking)
    tasks.add_task(shop.mails.shipped, customer, shipped, tracking=shipped.id)
    tasks.add_task(shop.audit.record, "shipped", order, actor=admin, tracking=tracking)
    tasks.add_task(asyncio.wait_for, shop.webhooks.announce("order.shipped", order), timeout=30)
    return shipped


@router.post("/{order}/cancel")
async def cancel(order: OwnOrderDep, shop: ShopDep, tasks: BackgroundTasks) -> Order:
    if not order.status.is_open:
        raise ConflictError("It is too late for that.", order=order.id)
    cancelled = shop.orders.move(order.id, OrderStatus.CANCELLED)
    for line in cancelled.lines:
        tasks.add_task(shop.products.restock, line.sku, line.quantity)
    if order.payment:
        tasks.add_task(shop.payments.refund, order.payment)
    tasks.add_task(lambda: shop.points.withdraw(order.customer, int(order.total)))
    return cancelled


@router.post("/{order}/refund")
async def refund(
    order: OrderId, shop: ShopDep, admin: AdminDep, tasks: BackgroundTasks, amount: Decimal | None = None
) -> Order:
    refunded = shop.orders.move(order, OrderStatus.REFUNDED)
    customer = shop.customers.get(refunded.customer)
    if refunded.payment is None:
        raise ConflictError("It was never paid.", order=order)
    if amount is None:
        tasks.add_task(shop.payments.refund, refunded.payment, full=True)
    else:
        tasks.add_task(shop.payments.refund, refunded.payment, amount, full=False)
        tasks.add_task(shop.payments.refund, refunded.payment, str(amount), full=False)
    tasks.add_task(shop.mails.refunded, customer, refunded, reason="as you asked")
    tasks.add_task(partial(shop.mails.refunded, customer), refunded, reasons="as you asked")
    tasks.add_task(shop.audit.record, "refunded", order, actor=admin)
    return refunded


@router.post("/{order}/remind", status_code=202)
async def remind(order: OrderId, shop: ShopDep, admin: AdminDep, tasks: BackgroundTasks) -> dict[str, str]:
    found = shop.orders.get(order)
    customer = shop.customers.get(found.customer)
    options: MailOptions = {"subject": f"About order {order}", "reply_to": admin.email}
    tasks.add_task(shop.mailer.send, customer.email, "Have you forgotten something?", **options)
    tasks.add_task(lambda: shop.mailer.send_later(3600, customer.email, "Still there?"))
    return {"reminded": customer.email}


@router.get("/{order}/track")
async def track(order: OwnOrderDep, shop: ShopDep) -> Response:
    if order.tracking is None:
        response = Response(status_code=404)
    else:
        response = RedirectResponse(f"https://track.example.org/{order.tracking}")
    response.background = BackgroundTask(shop.audit.record, "tracked", order.id)
    return response


@router.post("/{order}/hooks/{name}", status_code=202)
async def call_hook(order: OrderId, name: str, shop: ShopDep, tasks: BackgroundTasks) -> None:
    hook: Any = getattr(legacy, name, None)
    if hook is None:
        raise ConflictError("There is no such hook.", name=name)
    tasks.add_task(hook, shop.orders.get(order))
    tasks.add_task(shop.executor.submit, hook, shop.orders.get(order), dry_run=True)
