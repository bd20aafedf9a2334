import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, Generic, TypeVar, overload

from pydantic import BaseModel

from shop.errors import NotFoundError

M = TypeVar("M", bound=BaseModel)
K = TypeVar("K", int, str)

REQUIRED: Any = object()


class Store(ABC, Generic[K, M]):
    """Models by key."""

    @abstractmethod
    def find(self, key: K) -> M | None: ...

    @abstractmethod
    def save(self, key: K, model: M) -> None: ...

    @abstractmethod
    def remove(self, key: K) -> bool: ...

    @abstractmethod
    def __iter__(self) -> Iterator[M]: ...

    @overload
    def get(self, key: K) -> M: ...
    @overload
    def get(self, key: K, default: M) -> M: ...
    @overload
    def get(self, key: K, default: None) -> M | None: ...
    def get(self, key: K, default: Any = REQUIRED) -> Any:
        found = self.find(key)
        if found is None and default is REQUIRED:
            raise NotFoundError(type(self).__name__.removesuffix("s").lower(), key)
        return default if found is None else found


class MemoryStore(Store[K, M]):
    def __init__(self) -> None:
        self._models: dict[K, M] = {}
        self._lock = RLock()

    def find(self, key: K) -> M | None:
        with self._lock:
            return self._models.get(key)

    def save(self, key: K, model: M) -> None:
        with self._lock:
            self._models[key] = model.model_copy(deep=True)

    def remove(self, key: K) -> bool:
        with self._lock:
            return self._models.pop(key, None) is not None

    def __iter__(self) -> Iterator[M]:
        with self._lock:
            yield from list(self._models.values())

    def __len__(self) -> int:
        return len(self._models)


class Database:
    """A thin layer over sqlite3, which the audit log and the search index share."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        cursor = self.connection.cursor()
        try:
            yield cursor
        except BaseException:
            self.connection.rollback()
            raise
        else:
            self.connection.commit()
        finally:
            cursor.close()

    def execute(self, statement: str, *values: object) -> int:
        with self.transaction() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount

    def insert(self, table: str, **values: Any) -> int:
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        with self.transaction() as cursor:
            cursor.execute(
                f"insert into {table} ({names}) values ({marks})", [*map(as_column, values.values())]
            )
            return cursor.lastrowid or 0

    def rows(self, query: str, *values: object) -> Iterator[dict[str, Any]]:
        for row in self.connection.execute(query, values):
            yield dict(row)

    def vacuum(self) -> None:
        self.connection.execute("vacuum")


def as_column(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value
