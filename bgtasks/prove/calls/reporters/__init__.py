"""What findings look like, one module per format: pure functions to text."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from bgtasks.prove.calls.findings import Findings


def render(name: str, findings: Findings) -> str:
    """Return `findings` in a format, whose module is loaded only now."""
    text: str = import_module(f"{__name__}.{name}").render(findings)
    return text


FORMATS: Mapping[str, Callable[[Findings], str]] = {
    name: partial(render, name) for name in ("case", "markdown", "json")
}
