from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def make(*files: str, **texts: str) -> Path:
        for name in (*files, *texts):
            path = tmp_path / name.replace("__at__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, ""))
        return tmp_path

    return make
