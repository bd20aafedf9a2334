from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shop.models import Customer, Event
from shop.repositories.store import Database

TABLE = """
create table if not exists audit (
    id integer primary key, at text not null, actor text, kind text not null, subject text not null, data text
)
"""


class AuditLog:
    def __init__(self, database: Database) -> None:
        self.database = database
        database.execute(TABLE)

    def record(self, kind: str, subject: object, *, actor: Customer | None = None, **data: Any) -> int:
        event = Event(kind=kind, subject=str(subject), data=data)
        return self.record_event(event, actor.email if actor else None)

    def record_event(self, event: Event, actor: str | None = None) -> int:
        values = event.model_dump(mode="json")
        return self.database.insert("audit", actor=actor, **values)

    def tail(self, limit: int = 50, *, kind: str | None = None) -> Iterator[Event]:
        where = "where kind = ?" if kind else ""
        values = (kind, limit) if kind else (limit,)
        query = f"select kind, subject, at from audit {where} order by id desc limit ?"
        for row in self.database.rows(query, *values):
            yield Event.model_validate(row)

    def trim(self, before: datetime) -> int:
        return self.database.execute("delete from audit where at < ?", before.isoformat())
