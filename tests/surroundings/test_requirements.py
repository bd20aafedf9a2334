import textwrap

import pytest
from packaging.requirements import Requirement

from bgtasks.surroundings.requirements import PROJECTS, read_requirements, translate

LINES = """\
# what the app needs
-r base.txt
--requirement=more.txt
-c constraints.txt
--index-url https://example.org/simple
-e ./local
fastapi[standard]==0.112.0 --hash=sha256:1 \\
    --hash=sha256:2
starlette>=0.37,<0.39  # as fastapi
httpx; python_version < "3.9"
./wheels/local.whl
git+https://example.org/x.git#egg=x
uvicorn==0.30.0 \\
    # via shop
"""


@pytest.mark.parametrize(
    "line",
    [
        f"fastapi=={'9.' * 2_500}1",
        f"fastapi=={'9' * 5_000}!1",
        f"fastapi ; {'(' * 1_500}python_version > '3'{')' * 400}",
    ],
)
def test_what_no_person_writes_is_no_requirement(line: str) -> None:
    assert read_requirements(f"starlette\n{line}\n".encode())[0] == [Requirement("starlette")]


def test_a_requirements_file_has_requirements_and_includes_others() -> None:
    requirements, included = read_requirements(LINES.encode())

    assert [str(each) for each in requirements] == [
        "fastapi[standard]==0.112.0",
        "starlette<0.39,>=0.37",
        'httpx; python_version < "3.9"',
        "uvicorn==0.30.0",
    ]
    assert included == ["base.txt", "more.txt", "constraints.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_an_editor_of_windows_writes_is_read(encoding: str) -> None:
    [requirement], _ = read_requirements("fastapi==0.112.0\r\n".encode(encoding))
    assert str(requirement) == "fastapi==0.112.0"


def test_the_mark_of_an_encoding_and_other_line_ends_are_read() -> None:
    assert [str(each) for each in read_requirements(b"\xef\xbb\xbffastapi==1\r\nhttpx\r\n")[0]] == [
        "fastapi==1",
        "httpx",
    ]


@pytest.mark.parametrize(
    ("constraint", "versions"),
    [
        pytest.param("^0.110.1", ">=0.110.1,<0.111", id="caret"),
        pytest.param("^1.2.3", ">=1.2.3,<2", id="caret of a major"),
        pytest.param("^0.0.3", ">=0.0.3,<0.0.4", id="caret of a patch"),
        pytest.param("^0.0", ">=0.0,<0.1", id="caret of zeros"),
        pytest.param("~0.110.1", ">=0.110.1,<0.111", id="tilde"),
        pytest.param("~1", ">=1,<2", id="tilde of a major"),
        pytest.param("~=0.110.1", "~=0.110.1", id="compatible"),
        pytest.param("0.110.1", "==0.110.1", id="exact"),
        pytest.param("0.110.*", "==0.110.*", id="a series"),
        pytest.param("==0.110.1", "==0.110.1", id="as PEP 440"),
        pytest.param(">=0.100,<0.110", ">=0.100,<0.110", id="a range"),
        pytest.param(">=0.100 <0.110", ">=0.100,<0.110", id="a range with a space"),
        pytest.param("*", "", id="any"),
        pytest.param("<0.100 || >0.110", "", id="one of two"),
    ],
)
def test_a_constraint_of_poetry_is_said_as_pep_440_does(constraint: str, versions: str) -> None:
    assert translate(constraint) == versions


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param(
            "pyproject.toml",
            """
            [project]
            dependencies = ["fastapi==0.112.0", "not a requirement"]

            [project.optional-dependencies]
            old = ["fastapi<0.100"]

            [dependency-groups]
            dev = ["pytest==8.0", {include-group = "lint"}]
            """,
            ["fastapi==0.112.0", "pytest==8.0"],
            id="project",
        ),
        pytest.param(
            "pyproject.toml",
            """
            [tool.poetry.dependencies]
            python = "^3.10"
            fastapi = { version = "^0.112.0", extras = ["all"] }
            local = { path = "local" }

            [tool.poetry.group.dev.dependencies]
            pytest = "8.0"
            """,
            ["python<4,>=3.10", "fastapi<0.113,>=0.112.0", "local", "pytest==8.0"],
            id="poetry",
        ),
        pytest.param(
            "Pipfile",
            '[packages]\nfastapi = "==0.112.0"\nhttpx = "*"',
            ["fastapi==0.112.0", "httpx"],
            id="pipfile",
        ),
        pytest.param(
            "setup.cfg",
            """
            [options]
            install_requires =
                fastapi>=0.112
                httpx
            """,
            ["fastapi>=0.112", "httpx"],
            id="setup.cfg",
        ),
        pytest.param("setup.cfg", "[flake8]\nmax-line-length = 100", [], id="other settings"),
        pytest.param("pyproject.toml", "project = 1\n[tool]\npoetry = []", [], id="other types"),
    ],
)
def test_a_project_asks_for_versions(name: str, content: str, expected: list[str]) -> None:
    found = PROJECTS[name](textwrap.dedent(content).encode())

    assert [str(each) for each in found] == expected
