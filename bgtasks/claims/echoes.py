"""The closed list of what a checker says besides, of a mistake that it has named already."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bgtasks.model import Diagnostic, Kind, Run

EVERY = frozenset({"mypy", "pyright", "basedpyright", "pyrefly", "ty", "zuban"})
PYRIGHT = frozenset({"pyright", "basedpyright"})


@dataclass(frozen=True, slots=True)
class Echo:
    """
    What some checkers say besides of one mistake.

    `claimed` is the kind that was claimed and met, `kind` what the echo may mean, None for any; `words`
    are searched in the echo's rule and message.
    """

    checkers: AbstractSet[str]
    claimed: Kind
    kind: Kind | None = None
    words: str = ""


# Measured on typetests/, and on wrong calls with one mistake each.
ECHOES = (
    # send(to="a", cuont=1): the misspelt keyword is one too many, and the right one is missing.
    Echo(EVERY, Kind.MISSING_ARGUMENT, Kind.UNKNOWN_KEYWORD),
    Echo(EVERY, Kind.UNKNOWN_KEYWORD, Kind.MISSING_ARGUMENT),
    # send("a", to="b"): `to` has two values, so `count` has none.
    Echo(EVERY, Kind.MISSING_ARGUMENT, Kind.MULTIPLE_VALUES),
    Echo(EVERY, Kind.MULTIPLE_VALUES, Kind.MISSING_ARGUMENT),
    # send(to="a") of send(to, /): the keyword is not taken, so the parameter is missing.
    Echo(EVERY, Kind.MISSING_ARGUMENT, Kind.POSITIONAL_ONLY_AS_KEYWORD),
    Echo(EVERY, Kind.POSITIONAL_ONLY_AS_KEYWORD, Kind.MISSING_ARGUMENT),
    # store(session, "ada", 3) where the session is injected: one too many, so each is of a wrong type.
    Echo(EVERY, Kind.TOO_MANY_POSITIONAL, Kind.ARGUMENT_TYPE),
    # ty fills only what is positional; a keyword-only parameter is then missing.
    Echo(frozenset({"ty"}), Kind.TOO_MANY_POSITIONAL, Kind.MISSING_ARGUMENT),
    # tasks.add_task(send, self="ada"): what has two values gets one of a wrong type.
    Echo(frozenset({"mypy", "zuban"}), Kind.MULTIPLE_VALUES, Kind.ARGUMENT_TYPE, r'Argument "\w+" to'),
    # add_task(send, "ada", func=send): the second `func` pushes all others to the left.
    Echo(frozenset({"pyrefly"}), Kind.MULTIPLE_VALUES, Kind.ARGUMENT_TYPE, r"to parameter `self`"),
    Echo(frozenset({"ty"}), Kind.MULTIPLE_VALUES, Kind.ARGUMENT_TYPE, r"Expected `BackgroundTasks`"),
    # What is unpacked with a star may have any length.
    Echo(frozenset({"mypy"}), Kind.MISSING_ARGUMENT, Kind.TOO_MANY_POSITIONAL, r'for "add_task"'),
    Echo(frozenset({"ty"}), Kind.MISSING_ARGUMENT, Kind.ARGUMENT_TYPE, r"Expected `\("),
    # The constructor of a class is asked first, with one argument more.
    Echo(PYRIGHT, Kind.ARGUMENT_TYPE, Kind.MISSING_ARGUMENT, r"Expected \d+ more positional"),
    # load(b"a"): no overload fits, and then what does not fit the last one.
    Echo(PYRIGHT, Kind.NO_OVERLOAD, Kind.ARGUMENT_TYPE),
    Echo(PYRIGHT, Kind.ARGUMENT_TYPE, Kind.NO_OVERLOAD),
    # print(spe=""): which keyword it is, and then that no overload has it.
    Echo(frozenset({"mypy"}), Kind.UNKNOWN_KEYWORD, Kind.NO_OVERLOAD),
    # return tasks.add_task(...): mypy before 2.0 takes what is not returned for Any as well.
    Echo(frozenset({"mypy"}), Kind.ASSIGNMENT, None, r"^no-any-return:"),
    # take(lambda number: number): what the lambda returns is wrong, and so the lambda is.
    Echo(frozenset({"mypy"}), Kind.ARGUMENT_TYPE, Kind.ASSIGNMENT, r"^return-value: Incompatible return"),
    # Of what has no such attribute the type is not known either.
    Echo(PYRIGHT, Kind.UNKNOWN_ATTRIBUTE, None, r"^reportUnknownMemberType: Type of"),
)


def is_echo(diagnostic: Diagnostic, claimed: Kind, run: Run) -> bool:
    """Tell whether `run` says again what it says of a claim of the kind `claimed`."""
    # The canary is judged for no checker by name.
    program = run.checker.partition("+")[0]
    return any(
        (not program or program in echo.checkers)
        and echo.claimed is claimed
        and (echo.kind in diagnostic.kinds if echo.kind else True)
        and re.search(echo.words, f"{diagnostic.rule}: {diagnostic.message}")
        for echo in ECHOES
    )
