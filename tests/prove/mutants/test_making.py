import difflib
import textwrap
from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.prove.mutants.making import make_mutants
from bgtasks.prove.mutants.model import Mutant

MODULE = '''
"""A docstring."""

from __future__ import annotations

from typing import Annotated, overload


class Pool(Base, metaclass=Meta):
    # A comment stays.
    size: int  # type: ignore[misc]

    @decorated(
        by="more"
    )
    def submit(  # ty
        self,
        text: Annotated[
            str, "said of it"
        ],
    ) -> None:
        """Put it in."""
        print("ünï", text)
'''


def make(source: str) -> list[Mutant]:
    return list(make_mutants(textwrap.dedent(source), "lib.pools", Path("lib/pools.py")))


def changed(source: str, mutator: str) -> list[str]:
    """Return the lines that the only mutant of that kind loses and gains."""
    text = textwrap.dedent(source)
    [mutant] = [mutant for mutant in make(source) if mutant.mutator == mutator]
    lines = difflib.unified_diff(text.split("\n"), mutant.source.split("\n"), n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}]


@pytest.mark.parametrize(
    ("mutator", "lines"),
    [
        (
            "base-dropped",
            ["-class Pool(Base, metaclass=Meta):", "+class Pool(metaclass=Meta):"],
        ),
        (
            "parameter-renamed",
            [
                "-    def submit(  # ty",
                "-        self,",
                "-        text: Annotated[",
                '-            str, "said of it"',
                "-        ],",
                "-    ) -> None:",
                "+    def submit(self, text_renamed: Annotated[str, 'said of it']) -> None:  # ty",
                '-        print("ünï", text)',
                '+        print("ünï", text_renamed)',
            ],
        ),
    ],
)
def test_all_but_the_signature_stays_as_it_is(mutator: str, lines: list[str]) -> None:
    assert changed(MODULE, mutator) == lines


def test_any_is_imported_behind_the_docstring_and_the_future() -> None:
    added = next(mutant for mutant in make(MODULE) if mutant.after == "size: Any").source

    assert "from typing import Any\nfrom typing import Annotated" in added
    compile(added, "mutant", "exec")


def test_a_mutant_is_told_of_in_one_line_and_without_metadata() -> None:
    [mutant] = [mutant for mutant in make(MODULE) if mutant.mutator == "parameter-renamed"]

    assert mutant.address == "lib.pools:Pool.submit"
    assert (mutant.line, mutant.before, mutant.after) == (
        16,
        "def submit(self, text: str) -> None",
        "def submit(self, text_renamed: str) -> None",
    )


OVERLOADED = """
from typing import overload
@overload
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...
"""


def test_of_overloads_only_what_changes_is_shown() -> None:
    shown = [(one.before, one.after) for one in make(OVERLOADED) if one.mutator.startswith("overload")]

    assert shown == [
        ("def f(a: int) -> int", ""),
        ("def f(a: str) -> str", ""),
        ("def f(a: int) -> int; def f(a: str) -> str", "def f(a: str) -> str; def f(a: int) -> int"),
    ]


def test_no_mutant_is_made_twice_and_none_is_the_original() -> None:
    sources = [mutant.source for mutant in make(MODULE)]

    assert len({*sources, textwrap.dedent(MODULE)}) == len(sources) + 1


def test_what_is_no_python_is_told() -> None:
    with pytest.raises(BgtasksError, match=r"lib/pools.py: cannot be parsed: "):
        make("def f(:")
