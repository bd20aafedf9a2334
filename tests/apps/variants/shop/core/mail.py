from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import HTTPException

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def send(to: str) -> None: ...
async def notify(to: str) -> None: ...
def save(db: Session) -> None:
    db.commit()


def refuse(to: str) -> None:
    if not to:
        raise HTTPException(404)


class Mailer:
    def __init__(self, to: str) -> None:
        self.to = to

    def deliver(self) -> None: ...
    def later(self):
        return self._run()

    async def _run(self) -> None: ...
