import textwrap

import pytest

from bgtasks.surroundings.locks import LOCKS

FILES = {
    "uv.lock": """
        version = 1

        [[package]]
        name = "fastapi"
        version = "0.112.0"
        source = { registry = "https://pypi.org/simple" }

        [[package]]
        name = "shop"
        source = { editable = "." }

        [[package]]
        name = "starlette"
        version = "0.36.3"
        resolution-markers = ["python_full_version < '3.9'"]

        [[package]]
        name = "starlette"
        version = "0.37.2"
        resolution-markers = ["python_full_version >= '3.13'", "python_full_version == '3.9.*'"]
    """,
    "poetry.lock": """
        [[package]]
        name = "fastapi"
        version = "0.112.0"
        groups = ["main"]
        markers = "python_version >= \\"3.9\\""

        [[package]]
        name = "starlette"
        version = "0.37.2"

        [package.markers]
        main = "python_version < \\"4\\""
        dev = "python_version < \\"3\\""
    """,
    "pdm.lock": """
        [[package]]
        name = "fastapi"
        version = "0.112.0"
        requires_python = ">=3.8"
        marker = "python_version >= \\"3.9\\""
    """,
    "pylock.toml": """
        lock-version = "1.0"

        [[packages]]
        name = "fastapi"
        version = "0.112.0"
        marker = "python_version >= '3.9'"

        [[packages]]
        name = "local"
        directory = { path = "local" }
    """,
    "Pipfile.lock": """{
        "_meta": {"sources": []},
        "default": {
            "fastapi": {"hashes": ["sha256:1"], "markers": "python_version >= '3.8'", "version": "==0.112.0"},
            "shop": {"editable": true, "path": "."}
        },
        "develop": {"pytest": {"version": "==8.0"}}
    }""",
}
EXPECTED = {
    "uv.lock": [
        "fastapi==0.112.0",
        'starlette==0.36.3; python_full_version < "3.9"',
        'starlette==0.37.2; python_full_version >= "3.13"',
        'starlette==0.37.2; python_full_version == "3.9.*"',
    ],
    "poetry.lock": ['fastapi==0.112.0; python_version >= "3.9"', 'starlette==0.37.2; python_version < "4"'],
    "pdm.lock": ['fastapi==0.112.0; python_version >= "3.9"'],
    "pylock.toml": ['fastapi==0.112.0; python_version >= "3.9"'],
    "Pipfile.lock": ['fastapi==0.112.0; python_version >= "3.8"', "pytest==8.0"],
}


@pytest.mark.parametrize("name", FILES)
def test_a_lock_file_has_one_version_of_each(name: str) -> None:
    content = textwrap.dedent(FILES[name]).encode()

    assert [str(each) for each in LOCKS[name](content)] == EXPECTED[name]


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"default": 1}', id="a number"),
        pytest.param("", id="empty"),
        pytest.param("package = 1\npackages = [1]", id="other types"),
        pytest.param("[[package]]\nname = 1\nversion = []", id="other types in a package"),
        pytest.param('[[package]]\nname = "a"\nversion = "1"\nmarkers = "no marker"', id="no marker"),
        pytest.param('{"default": {"a": "*", "b": {"version": 1, "markers": 2}}}', id="other types in JSON"),
    ],
)
def test_what_is_no_lock_file_has_nothing_or_is_a_value_error(name: str, content: str) -> None:
    try:
        found = [str(each) for each in LOCKS[name](content.encode())]
    except ValueError:
        return
    assert [each for each in found if each not in {"a==1", "b==1"}] == []
