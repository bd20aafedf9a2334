"""What the report of a check looks like, one module per format: pure functions from a report to text."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module

from bgtasks.check.report import CheckReport


def render(name: str, report: CheckReport) -> str:
    """Return `report` in a format, whose module is loaded, with the libraries it needs, only now."""
    text: str = import_module(f"{__name__}.{name}").render(report)
    return text


def draw(report: CheckReport) -> Iterable[object]:
    """Return what a terminal shows of `report`; as in `render`, what that needs is loaded only now."""
    parts: Iterable[object] = import_module(f"{__name__}.terminal").render(report)
    return parts


FORMATS: Mapping[str, Callable[[CheckReport], str]] = {
    name: partial(render, name) for name in ("json", "sarif", "junit", "github", "markdown", "html")
}
