"""The command line: one module a command."""

import importlib.metadata
from typing import Annotated

import typer

from bgtasks.cli.doctor import doctor
from bgtasks.cli.verify import verify

app: typer.Typer = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)
app.command()(verify)
app.command()(doctor)


def show_version(value: bool) -> None:
    if value:
        typer.echo(f"typed-bgtasks {importlib.metadata.version('typed-bgtasks')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Background tasks that cannot be called wrong, and the type tests that prove it."""
