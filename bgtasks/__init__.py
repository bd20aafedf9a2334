"""Background tasks for Starlette and FastAPI whose arguments a type checker can judge."""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["BackgroundTask", "BackgroundTaskWarning", "BackgroundTasks"]

if TYPE_CHECKING:
    from bgtasks.background import BackgroundTask, BackgroundTasks, BackgroundTaskWarning

    __version__: str
else:
    # PEP 562: the command line and the mypy plugin are in this package too, and need no Starlette.
    def __getattr__(name: str) -> object:
        if name == "__version__":
            metadata = import_module("importlib.metadata")
            return str(metadata.version("typed-bgtasks"))
        if name != "background" and name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        background = import_module("bgtasks.background")
        return background if name == "background" else getattr(background, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__, "__version__"})
