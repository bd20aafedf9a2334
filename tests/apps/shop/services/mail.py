import asyncio
import logging
import smtplib
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from typing_extensions import Unpack

from shop.background import async_retried, retried
from shop.models import Customer, MailOptions, Order, Product
from shop.settings import MailSettings

logger = logging.getLogger(__name__)

SUBJECTS = {
    "welcome": "Welcome, {name}!",
    "placed": "Your order {order}",
    "shipped": "Order {order} is on its way",
    "refunded": "We have refunded order {order}",
}


class Mailer:
    """Sends mail over SMTP. What fails is tried again, and then logged, since nobody waits for it."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.templates = Environment(loader=PackageLoader("shop"), autoescape=select_autoescape())

    def compose(self, to: str, body: str, **options: Unpack[MailOptions]) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.settings.sender
        message["To"] = to
        message["Subject"] = options.get("subject", "")
        if reply_to := options.get("reply_to", self.settings.reply_to):
            message["Reply-To"] = reply_to
        message.set_content(body)
        for name in options.get("attachments", []):
            message.add_attachment(Path(name).read_bytes(), maintype="application", subtype="octet-stream")
        return message

    @retried(3)
    def send(self, to: str, body: str, **options: Unpack[MailOptions]) -> None:
        with smtplib.SMTP(self.settings.host, self.settings.port, timeout=self.settings.timeout) as smtp:
            smtp.send_message(self.compose(to, body, **options))

    def send_template(self, template: str, to: Customer, /, **context: Any) -> None:
        body = self.templates.get_template(f"{to.language}/{template}.txt").render(customer=to, **context)
        subject = SUBJECTS[template].format(name=to.name, **context)
        self.send(to.email, body, subject=subject)

    async def send_later(self, seconds: float, to: str, body: str) -> None:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self.send, to, body)

    @async_retried(2, pause=1.0)
    async def send_many(self, customers: Iterable[Customer], body: str, *, subject: str) -> int:
        sent = 0
        for customer in customers:
            await asyncio.to_thread(self.send, customer.email, body, subject=subject)
            sent += 1
        return sent

    @staticmethod
    def log_bounce(address: str, reason: str = "unknown") -> None:
        logger.warning("mail to %s bounced: %s", address, reason)


class OrderMails:
    """The mails that an order gives rise to."""

    def __init__(self, mailer: Mailer) -> None:
        self.mailer = mailer

    async def placed(self, customer: Customer, order: Order) -> None:
        await asyncio.to_thread(self.mailer.send_template, "placed", customer, order=order.id)

    async def shipped(self, customer: Customer, order: Order, *, tracking: str | None = None) -> None:
        await asyncio.to_thread(
            self.mailer.send_template, "shipped", customer, order=order.id, tracking=tracking
        )

    async def refunded(self, customer: Customer, order: Order, reason: str = "") -> None:
        await asyncio.to_thread(
            self.mailer.send_template, "refunded", customer, order=order.id, reason=reason
        )

    def low_stock(self, recipients: Sequence[str], products: Mapping[str, Product]) -> None:
        body = "\n".join(f"{sku}: {product.stock}" for sku, product in products.items())
        for recipient in recipients:
            self.mailer.send(recipient, body, subject="Running low")
