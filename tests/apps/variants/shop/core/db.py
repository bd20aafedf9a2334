from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(bind=create_engine("sqlite://"))


class Database:
    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url)
        self._maker = async_sessionmaker(self._engine)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        session = self._maker()
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise
        finally:
            await session.close()


database = Database("sqlite+aiosqlite://")


def lifespan_maker() -> "async_sessionmaker[AsyncSession]":
    return database._maker


async def get_session() -> AsyncIterator[AsyncSession]:
    async with database.session() as session:
        yield session


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db
