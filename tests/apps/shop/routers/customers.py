from functools import partial
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response
from starlette.background import BackgroundTask

from bgtasks.fastapi import BackgroundTasksDep
from shop import legacy
from shop.background import defer
from shop.dependencies import CustomerDep, ScheduleDep, ShopDep
from shop.models import Customer, CustomerChanges, CustomerId, NewCustomer

router = APIRouter(prefix="/customers", tags=["customers"])


@router.post("", status_code=201)
async def register(
    new: NewCustomer, shop: ShopDep, tasks: BackgroundTasks, referrer: CustomerId | None = None
) -> Customer:
    customer = shop.customers.register(new, referrer)
    tasks.add_task(shop.mailer.send_template, "welcome", customer, coupon="HELLO10")
    tasks.add_task(shop.audit.record, "registered", customer.id, actor=customer, language=customer.language)
    tasks.add_task(
        shop.webhooks.announce, "customer.registered", customer.id, {"newsletter": customer.newsletter}
    )
    if referrer is not None:
        tasks.add_task(shop.points.award_referrer, customer, points=100)
    if customer.newsletter:
        tasks.add_task(
            shop.mailer.send_later,
            60 * 60 * 24,
            customer.email,
            "You will hear from us.",
        )
    return customer


@router.get("/me")
async def me(customer: CustomerDep) -> Customer:
    return customer


@router.patch("/me")
async def change(
    changes: CustomerChanges, customer: CustomerDep, shop: ShopDep, tasks: BackgroundTasksDep
) -> Customer:
    changed = shop.customers.change(customer, changes)
    if changed.email != customer.email:
        body = f"Your address is {changed.email} now. Was that not you? Write to us."
        tasks.add_task(shop.mailer.send, customer.email, body, subject="Your address has changed")
    if changes.address:
        tasks.add_task(legacy.sync_addresses, [changed], full=True)
    tasks.add_task(
        shop.webhooks.announce,
        "customer.changed",
        changed.id,
        data=changes.model_dump(exclude_unset=True),
    )
    return changed


@router.delete("/me", status_code=204)
async def leave(customer: CustomerDep, shop: ShopDep, schedule: ScheduleDep, *, keep: bool = True) -> None:
    schedule.add(shop.customers.forget, customer, keep_orders=keep)
    schedule.add(shop.points.withdraw, customer.id, shop.points.balance[customer.id])
    schedule.add_job(shop.webhooks.announce, "customer.left", customer.id)


@router.get("/me/card")
def card(customer: CustomerDep, shop: ShopDep) -> Response:
    return Response(
        legacy.customer_vcard(customer),
        media_type="text/vcard",
        background=BackgroundTask(shop.audit.record, "card_read", customer.id, actor=customer),
    )


@router.post("/unsubscribe", status_code=202)
async def unsubscribe(
    ids: Annotated[list[CustomerId], Query()], shop: ShopDep, tasks: BackgroundTasks
) -> dict[str, int]:
    tasks.add_task(shop.customers.unsubscribe, *ids)
    defer(tasks, shop.audit.record, "unsubscribed", ",".join(map(str, ids)))
    return {"unsubscribed": len(ids)}


@router.post("/merge/{other}", status_code=202)
async def merge(other: CustomerId, customer: CustomerDep, shop: ShopDep, tasks: BackgroundTasks) -> None:
    tasks.add_task(partial(shop.points.merge, customer.id), other)
    tasks.add_task(partial(shop.audit.record, "merged", actor=customer), other, into=customer.id)


@router.post("/bounces", status_code=204)
async def bounced(address: str, shop: ShopDep, tasks: BackgroundTasks, reason: str | None = None) -> None:
    log = shop.mailer.log_bounce if reason is None else partial(shop.mailer.log_bounce, reason=reason)
    tasks.add_task(log, address)
    customer = shop.customers.by_email(address)
    tasks.add_task(shop.customers.unsubscribe, customer.id)
