"""What a report looks like, one module per format: pure functions from a report to text."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from bgtasks.verify.model import Report


def render(name: str, report: Report) -> str:
    """Return `report` in a format, whose module is loaded, with the libraries it needs, only now."""
    text: str = import_module(f"{__name__}.{name}").render(report)
    return text


FORMATS: Mapping[str, Callable[[Report], str]] = {
    name: partial(render, name) for name in ("json", "junit", "github", "markdown", "html")
}
