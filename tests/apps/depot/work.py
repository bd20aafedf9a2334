"""What is done in the background."""

import functools
from dataclasses import dataclass, field
from typing import Generic, TypeVar, overload

from .decorators import Connection, connected, logged, registered, retried

T = TypeVar("T")


def pack(parcel: int, box: str = "small", *, fragile: bool = False) -> None:
    """Pack a parcel."""


@logged
def weigh(parcel: int, unit: str) -> float:
    return float(len(unit) * parcel)


@retried(3)
async def track(parcel: int, carrier: str) -> None:
    """Ask the carrier."""


@connected
def store(connection: Connection, parcel: int, shelf: str) -> None:
    connection.execute(f"{parcel} {shelf}")


@registered
@logged
def label(parcel: int, text: str) -> None:
    """Print a label."""


@overload
def send(parcel: int) -> None: ...
@overload
def send(parcel: str, carrier: str) -> None: ...
def send(parcel: int | str, carrier: str = "post") -> None:
    """Send a parcel."""


class Courier:
    def __init__(self, name: str) -> None:
        self.name = name
        self.deliver_fast = functools.partial(self.deliver, express=True)

    def deliver(self, parcel: int, *, express: bool = False) -> None:
        """Bring a parcel."""

    @classmethod
    def call(cls, name: str, parcel: int) -> None:
        """Call one of them."""

    @staticmethod
    def notify(address: str) -> None:
        """Tell that it comes."""

    @logged
    def pick_up(self, parcel: int) -> None:
        """Get a parcel."""


@dataclass
class Archive(Generic[T]):
    kept: list[T] = field(default_factory=list[T])

    def keep(self, item: T) -> None:
        self.kept.append(item)

    def __call__(self, item: T, copies: int) -> None:
        self.kept += [item] * copies


pack_large = functools.partial(pack, box="large")
pack_fragile = functools.partial(pack_large, fragile=True)
track_by_post = functools.partial(track, carrier="post")
