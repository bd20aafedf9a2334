"""What the doctor says: to a person what is there, what is missing and what to write, and JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.mypy_with_plugin import MYPY_WITH_PLUGIN
from bgtasks.doctor.health import CHECK, App, Health, Vendored
from bgtasks.errors import advise_install
from bgtasks.files import relative

WELL = "works"
NOBODY = "nobody"
LEGEND = {
    WELL: f"{WELL}: it finds the target, reports the wrong calls that we show it, and nothing else.",
    MYPY_WITH_PLUGIN.name: f"{MYPY_WITH_PLUGIN.name}: mypy with our plugin, as check always asks it.",
    NOBODY: f"{NOBODY}: asked only where --checkers or the settings name it.",
}


def to_json(healths: Sequence[Health], vendored: Vendored | None) -> str:
    proofs = {proof.checker: asdict(proof) for proof in vendored.proofs} if vendored else {}
    rows = [asdict(health) | {"vendored": proofs.get(health.checker)} for health in healths]
    return json.dumps(rows, indent=2)


def render(healths: Sequence[Health], app: App, vendored: Vendored | None) -> Iterator[RenderableType]:
    """
    Yield for a person what holds for all checkers, then the table, one checker a row.

    Behind it stand what is known of vendored stubs, and a line for each command: whether it has all
    that it needs, or what it lacks.
    """
    first = healths[0]
    yield Text(f"python  {first.python} ({first.python_version}), where verify looks")
    yield Text(f"target  {first.target or 'not found'}")
    yield Text(f"app     {app.python} ({app.python_version}), where check looks: {runs_with(app)}")
    yield Text(f"stubs   {tell_stubs(first, app, vendored)}")
    yield from (Text(f"in the way: {line}", "red") for line in first.rivals)
    grid = Table("checker", "version", "asked by", "state", box=box.SIMPLE, pad_edge=False)
    for health in healths:
        grid.add_row(
            health.checker, health.version or "", " and ".join(health.asked_by) or NOBODY, state(health)
        )
    yield grid
    shown = {cell for column in grid.columns for cell in map(str, column.cells)}
    yield from (Text(line, "dim") for word, line in LEGEND.items() if word in shown)
    if vendored is not None:
        yield Text(f"vendored {vendored.folder}, under the project's own configuration")
        yield from (Text(f"  {line}") for line in vendored.lines)
    yield from conclusions(healths, app, vendored)


def runs_with(app: App) -> str:
    versions = {"FastAPI": app.fastapi, "Starlette": app.starlette}
    return ", ".join(f"{name} {version}" for name, version in versions.items() if version) or "no Starlette"


def tell_stubs(first: Health, app: App, vendored: Vendored | None) -> str:
    """Return where stubs lie, or who needs any."""
    installed = [Path(stub) for stub in dict.fromkeys((*first.stubs, *app.stubs))]
    folders = dict.fromkeys(stub.parent for stub in installed)
    told = [
        f"{' and '.join(stub.name for stub in installed if stub.parent == folder)} in {folder}"
        for folder in folders
    ]
    told += [f"vendored in {vendored.folder}"] if vendored else []
    return "; ".join(told) or "none; our class needs none, and bgtasks vendor copies those for upstream's"


def state(health: Health) -> Text:
    if health.problem is None:
        return Text(WELL, "green")
    style = "red" if health.needed or not health.missing else "dim"
    return Text("not installed" if health.missing else health.problem, style)


def conclusions(healths: Sequence[Health], app: App, vendored: Vendored | None) -> Iterator[Text]:
    """Yield what to install, and a line for each command that asks any of the checkers."""
    missing = [health.checker for health in healths if health.missing]
    for extra in dict.fromkeys(CHECKERS[name].extra for name in missing):
        names = [name for name in missing if CHECKERS[name].extra == extra]
        yield Text(f"To have {', '.join(names)}: {advise_install(extra)}")
    for command in (CHECK, "verify"):
        asked = [health for health in healths if command in health.asked_by]
        lacks = [
            f"{health.checker} {'is not installed' if health.missing else 'does not work'}"
            for health in asked
            if health.problem and health.needed
        ]
        if command == CHECK and app.starlette is None:
            place = relative(app.python)
            lacks.append(f"Starlette is not installed where {place} is; name your app's with --python")
        if asked:
            yield conclude(f"bgtasks {command}", lacks)
    if healths[0].rivals:
        yield conclude("the name bgtasks", ["another package lies in the way, as said above"])
    if vendored is not None:
        unproved = [proof.checker for proof in vendored.proofs if not proof.ok]
        lacks = [f"not shown to be read by {', '.join(unproved)}, as said above"] if unproved else []
        yield conclude("vendored stubs", lacks)


def conclude(subject: str, lacks: Sequence[str]) -> Text:
    if lacks:
        return Text(f"{subject}: not ready: {'; '.join(lacks)}", "bold red")
    return Text(f"{subject}: ready", "bold green")
