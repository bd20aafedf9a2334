from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Generic, TypeVar

from shop.models import Customer, CustomerId, Order

T = TypeVar("T")


class Points:
    """What customers have earned by their orders, and by those of the friends they brought."""

    def __init__(self, rate: Decimal = Decimal("0.1")) -> None:
        self.rate = rate
        self.balance: defaultdict[CustomerId, int] = defaultdict(int)

    def award(self, customer: CustomerId, order: Order, *, factor: int = 1) -> int:
        points = int((order.total * self.rate * factor).to_integral_value(ROUND_DOWN))
        self.balance[customer] += points
        return points

    async def award_referrer(self, customer: Customer, points: int) -> None:
        if customer.referrer is not None:
            self.balance[customer.referrer] += points

    def withdraw(self, customer: CustomerId, points: int) -> None:
        self.balance[customer] = max(0, self.balance[customer] - points)

    def merge(self, into: CustomerId, /, *others: CustomerId) -> None:
        for other in others:
            self.balance[into] += self.balance.pop(other, 0)

    def expire(self, share: float = 0.5) -> None:
        for customer, points in self.balance.items():
            self.balance[customer] = int(points * share)


class Cache(Generic[T]):
    """Values by name, and functions to make them when they are gone."""

    def __init__(self, make: Callable[[str], T]) -> None:
        self.make = make
        self.values: dict[str, T] = {}

    def get(self, name: str) -> T:
        if name not in self.values:
            self.values[name] = self.make(name)
        return self.values[name]

    def put(self, name: str, value: T) -> None:
        self.values[name] = value

    def refresh(self, *names: str) -> None:
        for name in names or tuple(self.values):
            self.values[name] = self.make(name)

    def update(self, values: Mapping[str, T]) -> None:
        self.values.update(values)

    def drop(self, name: str, default: T | None = None) -> T | None:
        return self.values.pop(name, default)
