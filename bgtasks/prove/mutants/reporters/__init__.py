"""The formats of a mutation report."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bgtasks.prove.mutants.model import MutationReport
from bgtasks.prove.mutants.reporters import json, markdown

FORMATS: Mapping[str, Callable[[MutationReport], str]] = MappingProxyType(
    {"json": json.render, "markdown": markdown.render}
)
