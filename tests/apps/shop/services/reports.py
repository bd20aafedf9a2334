import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Concatenate, ParamSpec

from shop.models import Order, Period, now
from shop.settings import StorageSettings

P = ParamSpec("P")


def revenue(orders: Iterable[Order]) -> Decimal:
    return sum((order.total for order in orders), Decimal(0))


def csv_lines(orders: Iterable[Order], *, separator: str = ",") -> Iterator[str]:
    yield separator.join(["order", "customer", "placed", "total"]) + "\n"
    for order in orders:
        values = [order.id, order.customer, order.placed.isoformat(), order.total]
        yield separator.join(map(str, values)) + "\n"


class Reports:
    def __init__(self, settings: StorageSettings) -> None:
        self.settings = settings
        self.made: list[Path] = []

    def write(self, name: str, orders: Iterable[Order], *, separator: str = ",") -> Path:
        self.settings.reports.mkdir(parents=True, exist_ok=True)
        path = self.settings.reports / f"{name}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(csv_lines(orders, separator=separator))
        self.made.append(path)
        return path

    def write_period(self, period: Period, orders: Iterable[Order]) -> Path:
        return self.write(
            f"{period.first}-{period.last}", [each for each in orders if each.placed.date() in period]
        )

    def into_temporary(
        self, write: Callable[Concatenate[Path, P], None], *args: P.args, **kwargs: P.kwargs
    ) -> Path:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            path = Path(file.name)
        write(path, *args, **kwargs)
        return path

    def purge(self) -> int:
        old = now() - timedelta(days=self.settings.keep_reports_for_days)
        gone = [
            path for path in self.settings.reports.glob("*.csv") if path.stat().st_mtime < old.timestamp()
        ]
        for path in gone:
            path.unlink()
        return len(gone)


def write_totals(path: Path, orders: Iterable[Order], *, header: bool = True) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if header:
            writer.writerow(["order", "total"])
        writer.writerows((order.id, order.total) for order in orders)
