import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shop.background import timed
from shop.settings import StorageSettings


@dataclass(frozen=True)
class Thumbnail:
    """One size of one picture. Calling it makes it."""

    source: Path
    width: int
    quality: int = 80

    @property
    def target(self) -> Path:
        return self.source.with_stem(f"{self.source.stem}-{self.width}")

    def __call__(self, *, force: bool = False) -> Path:
        if force or not self.target.exists():
            command = ["convert", str(self.source), "-resize", str(self.width), "-quality", str(self.quality)]
            subprocess.run([*command, str(self.target)], check=True)
        return self.target


class Images:
    def __init__(self, settings: StorageSettings) -> None:
        self.settings = settings

    def path_of(self, sku: str, suffix: str = ".jpg") -> Path:
        return self.settings.images / sku[:3] / f"{sku}{suffix}"

    def keep(self, sku: str, content: bytes) -> Path:
        path = self.path_of(sku)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def thumbnails(self, sku: str) -> Iterator[Thumbnail]:
        for width in self.settings.image_widths:
            yield Thumbnail(self.path_of(sku), width)

    @timed
    def make_all(self, sku: str, *, force: bool = False) -> list[Path]:
        return [thumbnail(force=force) for thumbnail in self.thumbnails(sku)]

    def discard(self, sku: str) -> None:
        for thumbnail in self.thumbnails(sku):
            thumbnail.target.unlink(missing_ok=True)
        self.path_of(sku).unlink(missing_ok=True)

    def archive(self, into: Path, *skus: str) -> None:
        for sku in skus:
            shutil.copy2(self.path_of(sku), into)
