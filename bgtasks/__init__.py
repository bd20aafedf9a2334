"""Background tasks for Starlette and FastAPI whose arguments a type checker can judge."""

from bgtasks.background import BackgroundTask, BackgroundTasks

__all__ = ["BackgroundTask", "BackgroundTasks"]
