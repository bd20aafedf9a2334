"""The command line: one module a command, imported when that command is asked for."""

import importlib

import click

COMMANDS = ("verify", "convert", "check", "rule", "vendor", "mutate", "fuzz", "doctor")


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="typed-bgtasks", message="typed-bgtasks %(version)s")
def app() -> None:
    """Background tasks that cannot be called wrong, and the type tests that prove it."""
