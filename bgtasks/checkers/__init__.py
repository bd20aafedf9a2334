"""The checkers that can be asked, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from bgtasks.checkers.mypy import MYPY
from bgtasks.checkers.pyright import PYRIGHT
from bgtasks.model import Checker

CHECKERS: Mapping[str, Checker] = MappingProxyType({"mypy": MYPY, "pyright": PYRIGHT})

# A gap may name these, too: a folder of type tests is for every checker.
NAMES = (*CHECKERS, "basedpyright", "pyrefly", "ty", "zuban")
