from functools import cache, partial
from typing import Any

from missing.queues import Broker, job

from .decorators import logged

broker = Broker()


def pack(parcel, box: str) -> None:
    """Pack a parcel."""


@logged
def weigh(parcel: int) -> None:
    """Weigh a parcel."""


@job
def track(parcel: int) -> None:
    """Ask the carrier."""


@broker.task(retries=3)
def label(parcel: int) -> None:
    """Print a label."""


@cache
def price(parcel: int) -> float:
    return 1.0


def anything(*args: Any, **kwargs: Any) -> None:
    """Take what comes."""


def make(name: str) -> Any:
    return name


class Courier(Broker):
    def deliver(self, parcel: int) -> None:
        """Bring a parcel."""


class Hooks:
    def __init__(self, done, failed: Any) -> None:
        self.done = done
        self.failed = failed


pack_small = partial(pack, box="small")
