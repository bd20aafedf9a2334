"""
Write the figures of docs/speed.md: the tables and the charts out of the data that the benchmarks wrote.

    python -m benchmarks.figures            writes them
    python -m benchmarks.figures --check    exits with 1 where they are not those of the data
"""

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.charts import Bar, Chart, Group, draw

Data: TypeAlias = Mapping[str, Any]

DOCS = Path(__file__).parents[1] / "docs"
MARKED = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)
UNMEASURED = "not measured"
FULL = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--docs", type=Path, default=DOCS, help="the folder of the pages [docs]")
    options = parser.parse_args()
    stale = {
        path: text
        for path, text in make_all(options.docs).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        if options.check:
            print(f"{path} is not what its data makes; write it with `python -m benchmarks.figures`")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if options.check and stale else 0


def make_all(docs: Path) -> Mapping[Path, str]:
    """Return the page and the charts, by their paths, as the data makes them."""
    cost = json.loads((docs / "data" / "verify.json").read_text(encoding="utf-8"))
    gains = json.loads((docs / "data" / "gains.json").read_text(encoding="utf-8"))
    charts = [draw_peers(cost), draw_checkers(cost), draw_plugin(gains)]
    blocks = {
        "ratios": ratios(cost),
        "peers": [*picture(charts[0]), *peers(cost)],
        "checkers": [*picture(charts[1]), *checkers(cost)],
        "gains": [*picture(charts[2]), *plugin(gains)],
    }
    page = docs / "speed.md"
    text = page.read_text(encoding="utf-8")
    return {
        page: MARKED.sub(lambda found: "\n".join([found[1], *blocks[found[2]], "", found[3]]), text),
        **{docs / "charts" / f"{chart.name}.svg": draw(chart) for chart in charts},
    }


def picture(chart: Chart) -> Iterator[str]:
    yield f"![{chart.title}](charts/{chart.name}.svg)"
    yield ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table whose first column is text and whose others are numbers."""
    if not rows:
        yield f"*{UNMEASURED.capitalize()}.*"
        return
    yield f"| {' | '.join(heads)} |"
    yield "|---" + "|---:" * (len(heads) - 1) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


# -- What bgtasks verify costs


def ratios(cost: Data) -> Iterator[str]:
    yield from table(["what", "ratio", "bar"], [ratio(row) for row in cost["rows"]])
    yield ""
    yield measured(cost)


def ratio(row: Data) -> Sequence[str]:
    bounds = ((sign, row[key]) for sign, key in (("≥", "least"), ("≤", "most")))
    bar = "".join(f"{sign}\N{NO-BREAK SPACE}{bound:g}" for sign, bound in bounds if bound)
    what = f"{row['what']}: {row['remark']}" if row["remark"] else row["what"]
    if row["ratio"] is None:
        return what, UNMEASURED, bar
    missed = bar and not row["met"]
    return what, f"**{row['ratio']:.2f}, missed**" if missed else f"{row['ratio']:.2f}", bar


def measured(cost: Data) -> str:
    """Return what the figures are of, and whether they are whole."""
    versions = ", ".join(f"{name} {version}" for name, version in cost["versions"].items())
    said = (
        f"Measured on {cost['date']} by `{cost['command']}`: {cost['cores']} cores, {versions}. "
        f"When it began, others kept {cost['load']:.1f} cores at work."
    )
    if cost["quick"]:
        said += " With `--quick`: in fewer rounds, and the quicker peers only."
    if cost["load"] > cost["cores"] / 4:
        said += " **So the machine was not idle, and the wall times hold nothing.**"
    if not cost["complete"]:
        said += " **It was ended before it was through: what is missing here was not measured.**"
    return textwrap.fill(said, 120, break_long_words=False, break_on_hyphens=False)


def by_peer(cost: Data) -> Mapping[tuple[str, str], list[Data]]:
    """Return what was measured of each peer under each checker, the fewest claims first."""
    found: dict[tuple[str, str], list[Data]] = {}
    for point in cost["peers"]:
        found.setdefault((point["package"], point["checker"]), []).append(point)
    last = {name: points[-1]["ratio"] or 0 for name, points in found.items()}
    return {name: found[name] for name in sorted(found, key=lambda name: -last[name])}


def times(value: float | None) -> str:
    return UNMEASURED if value is None else f"{value:.1f}"


def peers(cost: Data) -> Iterator[str]:
    counts = sorted({point["claims"] for point in cost["peers"]})
    rows: list[list[str]] = []
    for (package, checker), points in by_peer(cost).items():
        known = {point["claims"]: point["ratio"] for point in points}
        remark = next((f": {point['remark']}" for point in points if point["remark"]), "")
        rows.append([f"{package}, {checker}{remark}", *(times(known.get(count)) for count in counts)])
    yield from table(["CPU, to ours", *(f"{count} claims" for count in counts)], rows)


def draw_peers(cost: Data) -> Chart:
    groups = [
        Group(
            f"{package}, {checker}",
            tuple(
                Bar(((one["ratio"], "one"),), f"{one['ratio']:.1f}", str(one["claims"]))
                for one in points
                if one["ratio"] is not None
            ),
        )
        for (package, checker), points in by_peer(cost).items()
    ]
    groups = [group for group in groups if group.bars]
    counts = " and ".join(sorted({bar.name for group in groups for bar in group.bars}, key=int))
    most = max((bar.parts[0][0] for group in groups for bar in group.bars), default=1)
    said = "; ".join(
        f"{group.label}: {', '.join(f'{bar.words} times for {bar.name} claims' for bar in group.bars)}"
        for group in groups
    )
    return Chart(
        "peers",
        "The CPU that pytest plugins take, to ours, as claims grow",
        f"A bar for each number of claims, in times of what bgtasks verify takes for them. {said}.",
        "CPU of the peer, to ours (times)",
        ticks(most),
        groups,
        [("one", f"for {counts} claims, a bar each")],
    )


def checkers(cost: Data) -> Iterator[str]:
    rows = [
        [one["name"], f"{one['share']:.0f} %", f"{one['memory']:.0f} MB", f"{one['ours']:.2f}"]
        for one in by_share(cost)
    ]
    yield from table(["checker alone", "of the CPU of all", "memory", "bgtasks with it, to it"], rows)


def by_share(cost: Data) -> Sequence[Data]:
    return sorted(cost["checkers"], key=lambda one: -one["share"])


def draw_checkers(cost: Data) -> Chart:
    found = by_share(cost)
    said = ", ".join(f"{one['name']} {one['share']:.0f} %" for one in found)
    return Chart(
        "checkers",
        "What each checker costs of a run over 1,000 claims",
        f"The share of each checker of the CPU of all six, each run alone. {said}.",
        "share of the CPU of all six (%)",
        ticks(max((one["share"] for one in found), default=1)),
        [Group(one["name"], (Bar(((one["share"], "one"),), f"{one['share']:.0f} %"),)) for one in found],
    )


def ticks(most: float) -> Sequence[float]:
    """Return round numbers from 0 to the first that is not below `most`, five at most."""
    step = next(
        step for power in range(6) for step in (10**power, 2 * 10**power, 5 * 10**power) if step * 4 >= most
    )
    count = -int(-most // step)
    return [step * index for index in range(count + 1)]


# -- What the plugin buys


def plugin(gains: Data) -> Iterator[str]:
    rows = [
        [
            kind["name"],
            str(kind["claims"]),
            str(kind["plain"]),
            str(kind["plugin"]),
            " ".join(f"{sign}{kind[key]}" for sign, key in (("+", "won"), ("-", "lost")) if kind[key]),
        ]
        for kind in gains["kinds"]
    ]
    yield from table(["kind", "claims", "mypy", "plugin", "bought"], rows)
    yield ""
    yield f"Measured by `{gains['command']}`: mypy {gains['version']}, Python {gains['python']}."


def draw_plugin(gains: Data) -> Chart:
    kinds = [kind for kind in gains["kinds"] if kind["name"] != "all"]
    said = ", ".join(
        f"{kind['name']}: {kind['plain']} of {kind['claims']}, {kind['plugin']} with it" for kind in kinds
    )
    return Chart(
        "gains",
        "The claims that mypy meets without the plugin and with it",
        f"By kind of claim. {said}.",
        "of the claims of the kind (%)",
        (0, 25, 50, 75, FULL),
        [
            Group(
                kind["name"],
                (
                    Bar(
                        tuple(
                            (FULL * count / kind["claims"], look)
                            for count, look in (
                                (kind["plain"] - kind["lost"], "one"),
                                (kind["won"], "two"),
                                (kind["claims"] - kind["plain"] + kind["lost"] - kind["won"], "rest"),
                            )
                        ),
                        f"{kind['plain']}→{kind['plugin']}",
                    ),
                ),
            )
            for kind in kinds
        ],
        [("one", "met by mypy alone"), ("two", "met with the plugin"), ("rest", "a gap with the plugin too")],
    )


if __name__ == "__main__":
    sys.exit(main())
