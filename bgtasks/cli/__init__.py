"""The command line: one module a command, imported when that command is asked for."""

import importlib
import os

import click

from bgtasks.settings import name_known

COMMANDS = ("check", "rule", "vendor", "verify", "convert", "mutate", "fuzz", "doctor")

if "_BGTASKS_COMPLETE" in os.environ:  # set by the script that a shell completes with
    importlib.import_module("bgtasks.cli.shells")


class Commands(click.Group):
    """The commands, each the function in the module that both bear its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which help shows them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for a name that is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"bgtasks.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with; of a name that is none, tell which was meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"no such command {name!r}; {name_known(name, COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="typed-bgtasks", message="typed-bgtasks %(version)s")
def app() -> None:
    """
    Find background tasks of Starlette and FastAPI that are called wrong, before they run.

    An app wants `check`; a library with type tests wants `verify`.
    """
