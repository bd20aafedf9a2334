from collections.abc import Iterable
from itertools import count

from shop.errors import ConflictError
from shop.models import Customer, CustomerChanges, CustomerId, NewCustomer
from shop.repositories.store import MemoryStore


class Customers(MemoryStore[int, Customer]):
    def __init__(self) -> None:
        super().__init__()
        self._ids = count(1)

    def register(self, new: NewCustomer, referrer: CustomerId | None = None) -> Customer:
        if self.by_email(new.email):
            raise ConflictError("This address is registered already.", email=new.email)
        customer = Customer(id=CustomerId(next(self._ids)), referrer=referrer, **new.model_dump())
        self.save(customer.id, customer)
        return customer

    def by_email(self, email: str) -> Customer | None:
        return next((customer for customer in self if customer.email == email.lower()), None)

    def change(self, customer: Customer, changes: CustomerChanges) -> Customer:
        changed = customer.model_copy(update=changes.model_dump(exclude_none=True, exclude_unset=True))
        self.save(changed.id, changed)
        return changed

    def subscribers(self, language: str | None = None) -> list[Customer]:
        return [each for each in self if each.newsletter and language in {None, each.language}]

    def unsubscribe(self, *ids: CustomerId) -> int:
        gone = 0
        for key in ids:
            customer = self.find(key)
            if customer is not None and customer.newsletter:
                self.save(key, customer.model_copy(update={"newsletter": False}))
                gone += 1
        return gone

    def forget(self, customer: Customer, *, keep_orders: bool = True) -> None:
        if keep_orders:
            blank = customer.model_copy(
                update={"name": "", "email": f"gone-{customer.id}@invalid", "address": None}
            )
            self.save(customer.id, blank)
        else:
            self.remove(customer.id)

    def import_all(self, customers: Iterable[NewCustomer]) -> list[Customer]:
        return [self.register(each) for each in customers if not self.by_email(each.email)]
