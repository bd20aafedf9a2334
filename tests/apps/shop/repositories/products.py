from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from shop.errors import OutOfStockError
from shop.models import Line, Product
from shop.repositories.store import MemoryStore


class Products(MemoryStore[str, Product]):
    def __init__(self) -> None:
        super().__init__()
        self.views: Counter[str] = Counter()

    def reserve(self, lines: list[Line]) -> None:
        """Take all lines out of the stock, or none."""
        products = [(line, self.get(line.sku)) for line in lines]
        for line, product in products:
            if product.stock < line.quantity:
                raise OutOfStockError(line.sku, line.quantity, product.stock)
        for line, product in products:
            self.save(product.sku, product.model_copy(update={"stock": product.stock - line.quantity}))

    def restock(self, sku: str, quantity: int = 1) -> Product:
        product = self.get(sku)
        stocked = product.model_copy(update={"stock": product.stock + quantity})
        self.save(sku, stocked)
        return stocked

    def count_view(self, sku: str, *, times: int = 1) -> None:
        self.views[sku] += times

    def reprice(self, prices: Mapping[str, Decimal], *, dry_run: bool = False) -> list[str]:
        changed: list[str] = []
        for sku, price in prices.items():
            product = self.find(sku)
            if product is None or product.price == price:
                continue
            changed.append(sku)
            if not dry_run:
                self.save(sku, product.model_copy(update={"price": price}))
        return changed

    def tagged(self, *tags: str) -> list[Product]:
        return [product for product in self if product.tags.issuperset(tags)]

    def running_low(self, below: int = 5) -> list[Product]:
        return sorted((each for each in self if each.stock < below), key=lambda each: each.stock)
