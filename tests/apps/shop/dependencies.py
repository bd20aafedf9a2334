from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Annotated

import httpx
from fastapi import BackgroundTasks, Depends, Header, Request

from shop.background import LoggedTasks, Schedule
from shop.errors import ForbiddenError, NotFoundError
from shop.models import Customer, Order, OrderId
from shop.repositories.audit import AuditLog
from shop.repositories.customers import Customers
from shop.repositories.orders import Carts, Orders
from shop.repositories.products import Products
from shop.repositories.store import Database
from shop.services.images import Images
from shop.services.loyalty import Cache, Points
from shop.services.mail import Mailer, OrderMails
from shop.services.payments import Payments
from shop.services.reports import Reports
from shop.services.search import SearchIndex
from shop.services.webhooks import Webhooks
from shop.settings import Settings, SettingsDep


@dataclass
class Shop:
    """Everything that lives as long as the process."""

    settings: Settings
    client: httpx.AsyncClient
    customers: Customers = field(default_factory=Customers)
    products: Products = field(default_factory=Products)
    orders: Orders = field(default_factory=Orders)
    carts: Carts = field(default_factory=Carts)
    points: Points = field(default_factory=Points)
    executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self.database)

    @cached_property
    def mailer(self) -> Mailer:
        return Mailer(self.settings.mail)

    @cached_property
    def mails(self) -> OrderMails:
        return OrderMails(self.mailer)

    @cached_property
    def payments(self) -> Payments:
        return Payments(self.settings.payments)

    @cached_property
    def images(self) -> Images:
        return Images(self.settings.storage)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.settings.storage)

    @cached_property
    def search(self) -> SearchIndex:
        return SearchIndex(self.client)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.client)

    @cached_property
    def prices(self) -> Cache[Decimal]:
        return Cache(lambda sku: self.products.get(sku).price)


def get_shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


ShopDep = Annotated[Shop, Depends(get_shop)]


def current_customer(
    shop: ShopDep, tasks: BackgroundTasks, authorization: Annotated[str | None, Header()] = None
) -> Customer:
    if authorization is None:
        raise ForbiddenError("Log in first.")
    customer = shop.customers.by_email(authorization.removeprefix("Bearer "))
    if customer is None:
        tasks.add_task(shop.audit.record, "login_failed", authorization, reason="unknown")
        raise ForbiddenError("Nobody is known by that name.")
    tasks.add_task(shop.audit.record, "seen", customer.id, actor=customer)
    return customer


CustomerDep = Annotated[Customer, Depends(current_customer)]


def current_admin(customer: CustomerDep, settings: SettingsDep) -> Customer:
    if not customer.is_admin and customer.email not in settings.admins:
        raise ForbiddenError("This is for the staff.")
    return customer


AdminDep = Annotated[Customer, Depends(current_admin)]


def own_order(order: OrderId, shop: ShopDep, customer: CustomerDep) -> Order:
    found = shop.orders.get(order)
    if found.customer != customer.id:
        raise NotFoundError("order", order)
    return found


OwnOrderDep = Annotated[Order, Depends(own_order)]


async def schedule(tasks: BackgroundTasks) -> AsyncIterator[Schedule]:
    """Give a schedule that is called off when the endpoint fails."""
    made = Schedule(tasks)
    try:
        yield made
    except BaseException:
        made.cancelled = True
        raise


ScheduleDep = Annotated[Schedule, Depends(schedule)]


def logged_tasks(tasks: BackgroundTasks) -> LoggedTasks:
    logged = LoggedTasks()
    logged.tasks = tasks.tasks
    return logged


LoggedTasksDep = Annotated[LoggedTasks, Depends(logged_tasks)]
