import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bgtasks.surroundings.frameworks import Framework, read_version

BETWEEN, AROUND = (">=0.106,<0.118",), ("<0.106", ">=0.118")


@pytest.mark.parametrize(
    ("version", "versions", "subject"),
    [
        pytest.param("0.112.0", BETWEEN, "FastAPI 0.112.0", id="in it"),
        pytest.param("0.118.0", BETWEEN, None, id="behind it"),
        pytest.param("0.118.0rc1", BETWEEN, None, id="a candidate is as its release"),
        pytest.param("0.118.0", AROUND, "FastAPI 0.118.0", id="in the second"),
        pytest.param("0.112.0", ("",), "FastAPI 0.112.0", id="in every version"),
        pytest.param(None, BETWEEN, "FastAPI >=0.106,<0.118", id="not known"),
        pytest.param(None, AROUND, "FastAPI <0.106 or >=0.118", id="not known, of two"),
        pytest.param(None, ("",), "FastAPI", id="not known, in every version"),
    ],
)
def test_what_depends_on_a_version_has_that_for_its_subject(
    version: str | None, versions: tuple[str, ...], subject: str | None
) -> None:
    assert Framework("FastAPI", read_version(version)).when(*versions) == subject


@pytest.mark.parametrize(
    ("allowed", "between", "around"),
    [
        pytest.param(">=0.95", True, True, id="a least one"),
        pytest.param(">=0.118", False, True, id="behind"),
        pytest.param("<0.118,>=0.106", True, False, id="the same"),
        pytest.param("<=0.117.1,>0.110", True, False, id="within"),
        pytest.param("<0.107", True, True, id="over the edge"),
        pytest.param("~=0.110", True, True, id="compatible"),
        pytest.param("~=0.110.0", True, False, id="compatible in the last place"),
        pytest.param("==0.110.*", True, False, id="a series"),
        pytest.param("!=0.110.0", True, True, id="all but one"),
    ],
)
def test_a_range_rules_out_what_lies_outside(allowed: str, between: bool, around: bool) -> None:
    framework = Framework("FastAPI", allowed=SpecifierSet(allowed))

    assert (framework.when(*BETWEEN) is not None, framework.when(*AROUND) is not None) == (between, around)


@pytest.mark.parametrize(
    ("text", "version"), [("0.110", Version("0.110")), ("not a version", None), (None, None)]
)
def test_what_is_no_version_is_not_known(text: str | None, version: Version | None) -> None:
    assert read_version(text) == version
