import pytest

from bgtasks.check.ask.copies import name_packages


@pytest.mark.parametrize(
    ("line", "named"),
    [
        pytest.param("from shop.__init__ import send", "from shop          import send", id="absolute"),
        pytest.param("    from a.b.__init__ import c", "    from a.b          import c", id="deeper"),
        pytest.param("from .__init__ import send", "from .         import send", id="relative"),
        pytest.param("from ..__init__ import send", "from ..         import send", id="from above"),
        pytest.param(
            "from ..shop.__init__ import send", "from ..shop          import send", id="from beside"
        ),
        pytest.param("import shop.__init__ as shop", "import shop          as shop", id="under a name"),
    ],
)
def test_the_file_of_a_package_is_imported_by_the_name_of_the_package(line: str, named: str) -> None:
    assert name_packages(f"x = 1\n{line}\n") == f"x = 1\n{named}\n"
    assert len(line) == len(named)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("super().__init__()", id="a call"),
        pytest.param("from shop import __init__", id="the function"),
        pytest.param("from shop.__init__.deep import x", id="below it"),
        pytest.param("from shop.__init__s import x", id="another name"),
    ],
)
def test_all_else_stays_as_it_is(line: str) -> None:
    assert name_packages(line) == line
