import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import BaseModel

from shop.models import Event, now

logger = logging.getLogger(__name__)


class Subscription(BaseModel):
    url: str
    kinds: set[str]
    secret: str = ""
    failures: int = 0

    def wants(self, event: Event) -> bool:
        return "*" in self.kinds or event.kind in self.kinds


class Webhooks:
    """Tells other systems what happened here."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.subscriptions: list[Subscription] = []

    def subscribe(self, url: str, *kinds: str, secret: str = "") -> Subscription:
        subscription = Subscription(url=url, kinds=set(kinds), secret=secret)
        self.subscriptions.append(subscription)
        return subscription

    async def publish(self, event: Event) -> None:
        wanted = [each for each in self.subscriptions if each.wants(event)]
        await asyncio.gather(*(self.deliver(each, event) for each in wanted))

    async def announce(self, kind: str, subject: object, data: Mapping[str, Any] | None = None) -> None:
        await self.publish(Event(kind=kind, subject=str(subject), data=dict(data or {})))

    async def deliver(self, subscription: Subscription, event: Event, attempts: int = 3) -> bool:
        for attempt in range(attempts):
            try:
                response = await self.client.post(subscription.url, json=event.model_dump(mode="json"))
            except httpx.HTTPError:
                logger.info("attempt %d for %s failed", attempt, subscription.url)
                await asyncio.sleep(2**attempt)
            else:
                return response.is_success
        subscription.failures += 1
        return False

    async def ping(self, urls: Sequence[str]) -> dict[str, bool]:
        event = Event(kind="ping", subject="shop", at=now())
        answers = await asyncio.gather(
            *(self.deliver(Subscription(url=url, kinds={"*"}), event, 1) for url in urls)
        )
        return dict(zip(urls, answers, strict=True))
