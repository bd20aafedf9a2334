"""`bgtasks rule`."""

import sys

import click
from rich.console import Console
from rich.markdown import Markdown

from bgtasks.check.codes import ALL
from bgtasks.check.pages import find_rule, read_page
from bgtasks.cli.completion import Values
from bgtasks.report.outputs import say

KNOWN = Values(
    [*ALL, *(rule.name for rule in ALL.values())],
    {code: rule.summary for code, rule in ALL.items()} | {rule.name: code for code, rule in ALL.items()},
    several=False,
)


@click.command()
@click.argument("code", type=KNOWN, required=False)
def rule(*, code: str | None) -> None:
    """
    Tell what a code of `bgtasks check` means.

    CODE is a code such as BGT204, or its name. Its page has wrong and right code. Without a CODE, all are
    listed.

    Exit codes: 0; 2 where there is no such code.
    """
    if code is None:
        width = max(len(each.name) for each in ALL.values())
        for each in ALL.values():
            off = "" if each.on else " (off by default)"
            say(f"{each.code}  {each.name:{width}}  {each.summary}{off}")
        return
    page = read_page(find_rule(code).code)
    if sys.stdout.isatty():
        Console().print(Markdown(page))
    else:
        say(page, nl=False)
