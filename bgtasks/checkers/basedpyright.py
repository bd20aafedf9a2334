"""basedpyright: pyright by another name, as long as it is asked for pyright's rules only."""

from dataclasses import replace

from bgtasks.checkers.pyright import PYRIGHT
from bgtasks.model import Checker

# Its baseline of errors to keep quiet about lies beside the configuration, so there is none.
BASEDPYRIGHT: Checker = replace(PYRIGHT, name="basedpyright", extra="checkers")
