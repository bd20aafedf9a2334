"""
A mypy plugin: a task is judged as the direct call `func(*args, **kwargs)`, and what never runs is named.

    [tool.mypy]
    plugins = ["bgtasks.mypy_plugin"]

`hooks` finds the calls that make a task, `direct` has mypy check each as the direct call, `partials`
a partial of `add_task` as that of the task, and `pitfalls` tells which of the right ones never run.
"""

import re
import sys
from importlib import import_module
from pathlib import Path

from mypy.plugin import Plugin
from mypy.util import hash_digest

from bgtasks import wording

KNOWN = (1, 8), (3, 0)

# mypy drops its cache when this changes; by itself it would look at this one file of the plugin only.
FILES = (*sorted(Path(__file__).parent.glob("*.py")), Path(wording.__file__))
__version__: str = hash_digest(b"".join(path.read_bytes() for path in FILES))


def plugin(version: str) -> type[Plugin]:
    """
    Return the plugin for this version of mypy; for one that is not known, a plugin that does nothing.

    Source: <https://mypy.readthedocs.io/en/stable/extending_mypy.html>
    """
    found = re.match(r"(\d+)\.(\d+)", version)
    if found and KNOWN[0] <= (int(found[1]), int(found[2])) < KNOWN[1]:
        try:
            kind: type[Plugin] = import_module("bgtasks.mypy_plugin.hooks").TaskPlugin
        except ImportError:  # what it needs of mypy lies elsewhere now
            pass
        else:
            return kind
    sys.stderr.write(f"bgtasks.mypy_plugin does not know mypy {version}; tasks are checked without it\n")
    return Plugin
