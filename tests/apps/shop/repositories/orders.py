from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

from shop.errors import ConflictError
from shop.models import Cart, CustomerId, Order, OrderId, OrderStatus, Period, now
from shop.repositories.store import MemoryStore

NEXT: dict[OrderStatus, set[OrderStatus]] = {
    OrderStatus.DRAFT: {OrderStatus.PLACED, OrderStatus.CANCELLED},
    OrderStatus.PLACED: {OrderStatus.PAID, OrderStatus.CANCELLED},
    OrderStatus.PAID: {OrderStatus.SHIPPED, OrderStatus.REFUNDED},
    OrderStatus.SHIPPED: {OrderStatus.REFUNDED},
    OrderStatus.CANCELLED: set(),
    OrderStatus.REFUNDED: set(),
}


class Orders(MemoryStore[int, Order]):
    def __init__(self) -> None:
        super().__init__()
        self._ids = count(1000)

    def place(self, cart: Cart) -> Order:
        if not cart.lines:
            raise ConflictError("The cart is empty.", cart=str(cart.id))
        order = Order(id=OrderId(next(self._ids)), customer=cart.customer, lines=cart.lines)
        self.save(order.id, order)
        return order

    def move(self, key: OrderId, status: OrderStatus, *, tracking: str | None = None) -> Order:
        order = self.get(key)
        if status not in NEXT[order.status]:
            raise ConflictError(f"An order that is {order.status.value} cannot be {status.value}.")
        moved = order.model_copy(update={"status": status, "tracking": tracking or order.tracking})
        self.save(key, moved)
        return moved

    def of(self, customer: CustomerId, *, only_open: bool = False) -> list[Order]:
        return self.where(
            lambda order: order.customer == customer and (order.status.is_open or not only_open)
        )

    def within(self, period: Period) -> list[Order]:
        return self.where(lambda order: order.placed.date() in period)

    def where(self, matches: Callable[[Order], bool]) -> list[Order]:
        return [order for order in self if matches(order)]


class Carts:
    def __init__(self) -> None:
        self._carts: dict[UUID, Cart] = {}

    def open(self, customer: CustomerId) -> Cart:
        cart = Cart(customer=customer)
        self._carts[cart.id] = cart
        return cart

    def get(self, key: UUID) -> Cart | None:
        return self._carts.get(key)

    def touch(self, cart: Cart) -> None:
        cart.touched = now()

    def drop(self, key: UUID) -> None:
        self._carts.pop(key, None)

    def expire(self, after: timedelta = timedelta(days=14)) -> int:
        old = [key for key, cart in self._carts.items() if now() - cart.touched > after]
        for key in old:
            self.drop(key)
        return len(old)
