import asyncio
from collections.abc import Iterable
from typing import Any, ClassVar

import httpx

from shop.models import Product


class SearchIndex:
    """The search engine's index of the products."""

    name: ClassVar[str] = "products"

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def put(self, product: Product, *, refresh: bool = False) -> None:
        document = product.model_dump(mode="json", exclude={"stock"})
        await self._request("PUT", f"/{self.name}/{product.sku}", document, refresh=refresh)

    async def put_all(self, products: Iterable[Product], batch: int = 100) -> int:
        documents = [product.model_dump(mode="json") for product in products]
        for start in range(0, len(documents), batch):
            await self._request("POST", f"/{self.name}/_bulk", documents[start : start + batch])
        return len(documents)

    async def remove(self, sku: str) -> None:
        await self._request("DELETE", f"/{self.name}/{sku}")

    async def warm_up(self, *queries: str) -> list[int]:
        return await asyncio.gather(*map(self.count, queries))

    async def count(self, query: str) -> int:
        found = await self._request("GET", f"/{self.name}/_count", q=query)
        return int(found["count"])

    async def _request(self, method: str, path: str, json: Any = None, **params: Any) -> Any:
        response = await self.client.request(method, path, json=json, params=params)
        response.raise_for_status()
        return response.json()

    @classmethod
    def rename(cls, name: str) -> None:
        cls.name = name
