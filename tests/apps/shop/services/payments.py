import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Literal, overload

import stripe

from shop.errors import PaymentError
from shop.models import Order, WebhookPayload
from shop.settings import PaymentSettings

logger = logging.getLogger(__name__)

Handler = Callable[[WebhookPayload], Awaitable[None]]


class Payments:
    """Charges and refunds, by a client library that has no types."""

    def __init__(self, settings: PaymentSettings) -> None:
        self.settings = settings
        self.client: Any = stripe.Client(settings.api_key.get_secret_value(), retries=settings.retries)
        self.handlers: dict[str, list[Handler]] = {}

    def charge(self, order: Order, token: str) -> str:
        try:
            charge = self.client.charges.create(
                amount=in_cents(order.total), currency=self.settings.currency, source=token
            )
        except stripe.CardError as error:
            raise PaymentError(str(error), order=order.id) from error
        return str(charge.id)

    async def capture(self, payment: str, amount: Decimal | None = None) -> None:
        await self.client.charges.capture(payment, amount=None if amount is None else in_cents(amount))

    @overload
    async def refund(self, payment: str, *, full: Literal[True] = ...) -> None: ...
    @overload
    async def refund(self, payment: str, amount: Decimal, *, full: Literal[False] = ...) -> None: ...
    async def refund(self, payment: str, amount: Decimal | None = None, *, full: bool = True) -> None:
        arguments = {} if full or amount is None else {"amount": in_cents(amount)}
        await self.client.refunds.create(charge=payment, **arguments)

    def on(self, kind: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.handlers.setdefault(kind, []).append(handler)
            return handler

        return register

    def is_genuine(self, body: bytes, signature: str) -> bool:
        secret = self.settings.webhook_secret.get_secret_value().encode()
        return hmac.compare_digest(hmac.new(secret, body, hashlib.sha256).hexdigest(), signature)

    async def handle(self, payload: WebhookPayload) -> None:
        for handler in self.handlers.get(payload["type"], []):
            await handler(payload)


def in_cents(amount: Decimal) -> int:
    return int(amount * 100)
