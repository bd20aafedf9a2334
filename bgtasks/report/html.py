"""HTML pages out of templates, and of Markdown."""

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from bgtasks.report.words import printable


def fill(template: str, **values: object) -> str:
    """Return a template, named by its place in this package, filled with `values`."""
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: files("bgtasks").joinpath(name).read_text("utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return printable(environment.get_template(template).render(values, wbr=Markup("<wbr>")))


def from_markdown(text: str, *, below: int) -> Markup:
    """Return Markdown of ours as HTML whose headings stand `below` so many levels of the page."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + below, 6)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - of pages that we carry
