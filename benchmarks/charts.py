"""
Bar charts as SVG: rectangles and text, drawn for the width of a phone, in the colours of the page.

The libraries that draw SVG fix their colours and their width, or draw text as shapes: none of it
follows a dark page, or is read aloud.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 400
LINE = 18
BAR = 12
STEP = BAR + 4
# As wide as a letter is at most, so that no text leaves the chart.
LETTER = 8.5

LIGHT = "--ink: #1b1f24; --soft: #57606a; --grid: #d0d7de; --one: #00796b; --two: #b35c00; --rest: #8c959f"
DARK = "--ink: #e3e6e9; --soft: #a5aeb8; --grid: #444c56; --one: #4db6ac; --two: #f0b35a; --rest: #6e7781"
# Alone, a picture goes by the system; in a page of the site, by what its reader has chosen there.
STYLE = f"""\
.bgtasks-chart {{ {LIGHT}; max-width: 100%; height: auto; }}
@media (prefers-color-scheme: dark) {{ .bgtasks-chart {{ {DARK}; }} }}
[data-md-color-scheme=default] .bgtasks-chart {{ {LIGHT}; }}
[data-md-color-scheme=slate] .bgtasks-chart {{ {DARK}; }}
.bgtasks-chart text {{ fill: var(--ink); font: 13px system-ui, sans-serif; }}
.bgtasks-chart .head {{ font-weight: 600; }}
.bgtasks-chart .soft {{ fill: var(--soft); }}
.bgtasks-chart line {{ stroke: var(--grid); }}
.bgtasks-chart .one {{ fill: var(--one); }}
.bgtasks-chart .two {{ fill: var(--two); }}
.bgtasks-chart .rest {{ fill: var(--rest); }}"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar out of parts, each a value and its look: "one", "two" or "rest". `words` stand behind it."""

    parts: tuple[tuple[float, str], ...]
    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Bars below one line of text."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """
    Groups over one axis, whose `ticks` count `unit`; `legend` says what each look means.

    `title` and `description` are read aloud in the place of the picture.
    """

    name: str
    title: str
    description: str
    unit: str
    ticks: Sequence[float]
    groups: Sequence[Group]
    legend: Sequence[tuple[str, str]] = ()


def draw(chart: Chart) -> str:
    """Return a chart as a picture that can stand alone or within a page."""
    bars = [bar for group in chart.groups for bar in group.bars]
    left = max((len(bar.name) * LETTER + 6 for bar in bars if bar.name), default=0)
    right = max((len(bar.words) * LETTER + 6 for bar in bars), default=0)
    right = max(right, len(f"{chart.ticks[-1]:g}") * LETTER / 2)
    scale = (WIDTH - left - right) / chart.ticks[-1]
    body: list[str] = []
    y = 0
    for look, words in chart.legend:
        body.append(f'<rect class="{look}" x="0" y="{y + 3}" width="{BAR}" height="{BAR}"/>')
        body.append(text(BAR + 6, y + LINE - 5, words))
        y += LINE
    top = y = y + 6 * bool(chart.legend)
    shapes: list[str] = []
    for group in chart.groups:
        shapes.append(text(0, y + LINE - 6, group.label, "head"))
        y += LINE
        for bar in group.bars:
            shapes += shape(bar, y, left, scale)
            y += STEP
        y += 8
    grid = [
        f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{y}"/>'
        + text(at, y + LINE - 3, f"{tick:g}", "soft", anchor="start" if at < LETTER else "middle")
        for tick, at in ((tick, left + tick * scale) for tick in chart.ticks)
    ]
    height = y + 2 * LINE + 4
    axis = text(left, height - 6, chart.unit, "soft")
    name = chart.name
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="bgtasks-chart" width="560"',
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-description">',
            f'<title id="{name}-title">{escape(chart.title)}</title>',
            f'<desc id="{name}-description">{escape(chart.description)}</desc>',
            f"<style>\n{STYLE}\n</style>",
            *body,
            *grid,
            *shapes,
            axis,
            "</svg>\n",
        ]
    )


def shape(bar: Bar, y: float, left: float, scale: float) -> Iterator[str]:
    if bar.name:
        yield text(left - 6, y + BAR - 2, bar.name, "soft", anchor="end")
    x = left
    for value, look in bar.parts:
        width = max(value * scale, 1 if value else 0)
        if width:
            yield f'<rect class="{look}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"/>'
        x += width
    yield text(x + 4, y + BAR - 2, bar.words)


def text(x: float, y: float, words: str, look: str = "", *, anchor: str = "start") -> str:
    kind = f' class="{look}"' if look else ""
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}"{where}>{escape(words)}</text>'
