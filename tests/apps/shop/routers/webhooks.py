import json
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Header, Request
from fastapi.responses import JSONResponse, Response
from starlette.background import BackgroundTask

from shop.dependencies import AdminDep, Shop, ShopDep
from shop.errors import ForbiddenError
from shop.models import OrderId, OrderStatus, WebhookPayload
from shop.services.webhooks import Subscription

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


def connect(shop: Shop) -> None:
    """Say what is to happen when the payment provider calls."""

    @shop.payments.on("charge.refunded")
    async def refunded(payload: WebhookPayload) -> None:
        order = shop.orders.move(OrderId(payload["data"]["order"]), OrderStatus.REFUNDED)
        await shop.mails.refunded(shop.customers.get(order.customer), order)

    @shop.payments.on("charge.failed")
    async def failed(payload: WebhookPayload) -> None:
        shop.orders.move(OrderId(payload["data"]["order"]), OrderStatus.CANCELLED)


@router.post("/payments")
async def payments(
    request: Request, shop: ShopDep, tasks: BackgroundTasks, signature: Annotated[str, Header()]
) -> Response:
    body = await request.body()
    if not shop.payments.is_genuine(body, signature):
        tasks.add_task(shop.audit.record, "forged_webhook", signature, size=len(body))
        raise ForbiddenError("That is not from our provider.")
    payload: WebhookPayload = json.loads(body)
    for handler in shop.payments.handlers.get(payload["type"], []):
        tasks.add_task(handler, payload)
    tasks.add_task(shop.payments.handle, {"id": "", "type": "log", "data": {"of": payload["id"]}})
    return Response(status_code=204)


@router.post("/subscriptions", status_code=201)
async def subscribe(url: str, kinds: list[str], shop: ShopDep, admin: AdminDep) -> JSONResponse:
    subscription = shop.webhooks.subscribe(url, *kinds)
    task = BackgroundTask(shop.webhooks.announce, "subscription.added", url, data={"by": admin.id})
    return JSONResponse(subscription.model_dump(mode="json"), 201, background=task)


@router.delete("/subscriptions", status_code=204)
async def unsubscribe(url: str, shop: ShopDep, tasks: BackgroundTasks) -> None:
    gone: list[Subscription] = [each for each in shop.webhooks.subscriptions if each.url == url]
    for each in gone:
        tasks.add_task(shop.webhooks.subscriptions.remove, each)
    tasks.add_task(shop.webhooks.ping, [each.url for each in gone])
    tasks.add_task(shop.webhooks.ping, url)
