"""What a report looks like, one module per format: pure functions from a report to text."""

from collections.abc import Callable, Mapping

from bgtasks.model import Report

FORMATS: Mapping[str, Callable[[Report], str]] = {}
