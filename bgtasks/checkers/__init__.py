"""The checkers that can be asked, by name; one in several configurations is as many profiles."""

from collections.abc import Mapping
from types import MappingProxyType

from bgtasks.checkers.basedpyright import BASEDPYRIGHT
from bgtasks.checkers.mypy import MYPY
from bgtasks.checkers.mypy_with_plugin import MYPY_WITH_PLUGIN
from bgtasks.checkers.pyrefly import PYREFLY
from bgtasks.checkers.pyright import PYRIGHT
from bgtasks.checkers.ty import TY
from bgtasks.checkers.zuban import ZUBAN
from bgtasks.model import Checker

CHECKERS: Mapping[str, Checker] = MappingProxyType(
    {checker.name: checker for checker in (MYPY, MYPY_WITH_PLUGIN, PYRIGHT, BASEDPYRIGHT, PYREFLY, TY, ZUBAN)}
)

# A gap may name these: a folder of type tests is for every checker.
NAMES = tuple(CHECKERS)

# These turn a run red unless the settings say otherwise.
GATING = ("mypy", "pyright")
