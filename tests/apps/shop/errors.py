from collections.abc import Mapping
from typing import Any


class ShopError(Exception):
    """What a client did wrong, or what went wrong for it; becomes a response of this status."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details

    def as_problem(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, **self.details}


class NotFoundError(ShopError):
    status = 404
    code = "not_found"

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"There is no {kind} {key}.", kind=kind, key=str(key))


class ConflictError(ShopError):
    status = 409
    code = "conflict"


class OutOfStockError(ConflictError):
    code = "out_of_stock"

    def __init__(self, sku: str, wanted: int, available: int) -> None:
        super().__init__(f"Only {available} of {sku} are left.", sku=sku, wanted=wanted, available=available)


class PaymentError(ShopError):
    status = 402
    code = "payment_failed"


class ForbiddenError(ShopError):
    status = 403
    code = "forbidden"
