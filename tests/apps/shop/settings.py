import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, SecretStr

Stage = Literal["development", "staging", "production"]


class MailSettings(BaseModel):
    host: str = "localhost"
    port: int = 25
    sender: str = "shop@example.org"
    reply_to: str | None = None
    timeout: float = 10.0


class PaymentSettings(BaseModel):
    api_key: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    currency: str = "EUR"
    retries: int = Field(default=3, ge=0)


class StorageSettings(BaseModel):
    root: Path = Path("var")
    image_widths: tuple[int, ...] = (320, 640, 1280)
    keep_reports_for_days: int = 30

    @property
    def images(self) -> Path:
        return self.root / "images"

    @property
    def reports(self) -> Path:
        return self.root / "reports"


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True)

    stage: Stage = "development"
    database: str = ":memory:"
    base_url: str = "http://localhost:8000"
    admins: frozenset[str] = frozenset()
    mail: MailSettings = MailSettings()
    payments: PaymentSettings = PaymentSettings()
    storage: StorageSettings = StorageSettings()

    @property
    def debug(self) -> bool:
        return self.stage == "development"

    def url_for(self, *parts: str | int) -> str:
        return "/".join([self.base_url.rstrip("/"), *map(str, parts)])


@lru_cache
def get_settings() -> Settings:
    """Read the settings from the environment, once."""
    values: dict[str, object] = {}
    for name in Settings.model_fields:
        if value := os.environ.get(f"SHOP_{name.upper()}"):
            values[name] = value
    return Settings.model_validate(values)


SettingsDep = Annotated[Settings, Depends(get_settings)]
