import pytest

from bgtasks.prove.mutants.renaming import rename_modules

NAMES = {"lib": "m.lib", "lib.pools": "m.pools"}
KNOWN = {*NAMES, "lib.other"}

SOURCES = {
    "a name out of a module": ("from lib.pools import Pool as P", "from m.pools import Pool as P"),
    "a module out of a package": ("from lib import pools", "import m.pools as pools"),
    "both at once": ("from lib import Pool, pools", "from m.lib import Pool; import m.pools as pools"),
    "one that is not renamed": ("from lib.other import x", "from lib.other import x"),
    "over several lines": ("from lib.pools import (\n    Pool,\n)\nx", "from m.pools import Pool\n\n\nx"),
    "behind another statement": ("x = 1; from lib.pools import *", "x = 1; from m.pools import *"),
    "relative": ("from . import pools, other", "import m.pools as pools; from m.lib import other"),
    "relative and not renamed": ("from .other import x", "from lib.other import x"),
    "relative and out of the package": ("from ... import pools, x", "from ... import pools, x"),
    "a long chain": (f"import lib\nx{'.y' * 2_000}", f"import lib; import m.lib\nx{'.y' * 2_000}"),
    "under another name": ("import lib.pools as p\np.Pool", "import m.pools as p\np.Pool"),
    "in full": ("import lib.pools\nlib.pools.Pool()", "import lib.pools; import m.pools\nm.pools.Pool()"),
    "through its package": (
        "import lib\nlib.Pool, lib.other.x",
        "import lib; import m.lib\nm.lib.Pool, lib.other.x",
    ),
    "a variable of that name": ("lib = 1\nlib.pools", "lib = 1\nlib.pools"),
    "behind what is no ASCII": (
        "import lib\n'ü', lib.Pool, lib.Pool",
        "import lib; import m.lib\n'ü', m.lib.Pool, m.lib.Pool",
    ),
}


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_modules_are_imported_by_their_new_names(source: str, expected: str) -> None:
    assert rename_modules(source, NAMES, "lib", KNOWN.__contains__) == expected
