"""HTML pages out of templates."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from bgtasks.report.words import printable


def fill(package: str, template: str, **values: object) -> str:
    """Return a template of a package, filled with `values`."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    source = files(package).joinpath(template).read_text("utf-8")
    return printable(environment.from_string(source).render(values))
