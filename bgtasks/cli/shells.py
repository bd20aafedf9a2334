"""
The shells that complete: click's own scripts lose a part of a value with a comma or an equals sign.

Source: <https://click.palletsprojects.com/en/stable/shell-completion/>
"""

import os
from typing import ClassVar

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)


class Bash(BashComplete):
    """bash breaks words at `=`, and puts a blank behind `json=`, where the file is still to come."""

    source_template: ClassVar[str] = BashComplete.source_template.replace(
        "COMPREPLY+=($value)", "COMPREPLY+=($value); [[ $value == *[=/] ]] && compopt -o nospace"
    )
    kept: str = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and that one, whole again."""
        last = int(os.environ["COMP_CWORD"])
        typed = split_arg_string(os.environ["COMP_WORDS"])[1 : last + 1]
        typed += [""] * (last - len(typed))
        words: list[str] = []
        for before, word in zip(["", *typed], typed, strict=False):
            if words and (word == "=" or (word and before == "=")):
                words[-1] += word
            else:
                words.append(word)
        # bash keeps what stands before the last sign where it broke the word.
        broken = words[-1] != typed[-1] or typed[-1] == "="
        self.kept = words[-1].rpartition("=")[0].rpartition("=")[2] if broken else ""
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """Return a line for the script."""
        return f"{item.type},{item.value.removeprefix(f'{self.kept}=')}"


class Zsh(ZshComplete):
    """zsh puts a blank behind `json=` too, and drops the option of `--option=value`."""

    source_template: ClassVar[str] = ZshComplete.source_template.replace(
        'completions+=("$key")',
        'if [[ "$key" == *[=/] ]]; then compadd -U -S "" -- "$key"; else completions+=("$key"); fi',
    )
    option: str = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and that one."""
        words, begun = super().get_completion_args()
        self.option = option_in(begun)
        return words, begun

    def format_completion(self, item: CompletionItem) -> str:
        """Return the lines for the script."""
        return super().format_completion(joined(self.option, item))


class Fish(FishComplete):
    """fish keeps only what stands before a comma, and drops the option of `--option=value`."""

    source_template: ClassVar[str] = FishComplete.source_template.replace('split ","', 'split --max 1 ","')
    option: str = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and that one."""
        words, begun = super().get_completion_args()
        self.option = option_in(begun)
        return words, begun

    def format_completion(self, item: CompletionItem) -> str:
        """Return a line for the script."""
        return super().format_completion(joined(self.option, item))


def option_in(word: str) -> str:
    """Return `--option=` of `--option=value`, and nothing of any other word."""
    name, equals, _ = word.partition("=")
    return name + equals if equals and name.startswith("-") else ""


def joined(option: str, item: CompletionItem) -> CompletionItem:
    return CompletionItem(option + item.value, item.type, item.help)


for _shell in (Bash, Zsh, Fish):
    add_completion_class(_shell)
