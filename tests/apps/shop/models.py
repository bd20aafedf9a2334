from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NewType
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, field_validator
from typing_extensions import TypedDict

CustomerId = NewType("CustomerId", int)
OrderId = NewType("OrderId", int)
Sku = Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{4}$")]
Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]


def now() -> datetime:
    return datetime.now(timezone.utc)


class OrderStatus(str, Enum):
    DRAFT = "draft"
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"

    @property
    def is_open(self) -> bool:
        return self in {OrderStatus.DRAFT, OrderStatus.PLACED, OrderStatus.PAID}


class Address(BaseModel):
    street: str
    city: str
    postcode: str
    country: str = Field(default="DE", min_length=2, max_length=2)

    def as_lines(self) -> list[str]:
        return [self.street, f"{self.postcode} {self.city}", self.country]


class NewCustomer(BaseModel):
    email: str
    name: str
    language: str = "en"
    newsletter: bool = False

    @field_validator("email")
    @classmethod
    def check_email(cls, value: str) -> str:
        if "@" not in value:
            raise ValueError("not an address")
        return value.lower()


class Customer(NewCustomer):
    model_config = ConfigDict(from_attributes=True)

    id: CustomerId
    address: Address | None = None
    joined: datetime = Field(default_factory=now)
    is_admin: bool = False
    referrer: CustomerId | None = None


class CustomerChanges(BaseModel):
    email: str | None = None
    name: str | None = None
    language: str | None = None
    address: Address | None = None


class Product(BaseModel):
    sku: Sku
    name: str
    price: Money
    stock: int = Field(default=0, ge=0)
    tags: set[str] = set()
    image: str | None = None

    @property
    def is_available(self) -> bool:
        return self.stock > 0


class Line(BaseModel):
    sku: Sku
    quantity: int = Field(ge=1)
    price: Money

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


class Cart(BaseModel):
    id: UUID = Field(default_factory=uuid4)
    customer: CustomerId
    lines: list[Line] = []
    coupon: str | None = None
    touched: datetime = Field(default_factory=now)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


class Order(BaseModel):
    id: OrderId
    customer: CustomerId
    lines: list[Line]
    status: OrderStatus = OrderStatus.PLACED
    placed: datetime = Field(default_factory=now)
    payment: str | None = None
    tracking: str | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


class Event(BaseModel):
    kind: str
    subject: str
    at: datetime = Field(default_factory=now)
    data: dict[str, Any] = {}


class Period(BaseModel):
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class MailOptions(TypedDict, total=False):
    subject: str
    reply_to: str
    attachments: list[str]


class WebhookPayload(TypedDict):
    id: str
    type: str
    data: dict[str, Any]
