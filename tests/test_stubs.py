import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STUBS = [ROOT / "stubs" / "starlette-stubs", ROOT / "stubs" / "fastapi-stubs"]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def stub_ids(path: Path) -> str:
    return path.name


class WithoutDoc(ast.NodeTransformer):
    """`Annotated[X, ...]` becomes `X`: what the documentation adds is no part of the signature."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        match node:
            case ast.Subscript(ast.Name("Annotated"), ast.Tuple([annotated, *_])):
                return annotated
            case _:
                return node


def signature(path: Path, class_name: str, method: str) -> str:
    [found] = [
        node
        for parent in parse(path).body
        if isinstance(parent, ast.ClassDef) and parent.name == class_name
        for node in parent.body
        if isinstance(node, ast.FunctionDef) and node.name == method
    ]
    WithoutDoc().visit(found.args)
    assert found.returns is not None
    return f"({ast.unparse(found.args)}) -> {ast.unparse(found.returns)}"


def exports(path: Path, package: str) -> dict[str, tuple[str, str] | None]:
    """Where each public name of a package comes from; `None` is the package itself."""
    names: dict[str, tuple[str, str] | None] = {}
    for node in parse(path).body:
        match node:
            case ast.ImportFrom(module, aliases, level):
                source = f"{package}.{module}" if level else f"{module}"
                names |= {alias.asname: (source, alias.name) for alias in aliases if alias.asname}
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                names[name] = None
            case _:
                pass
    return names


@pytest.mark.parametrize("stubs", STUBS, ids=stub_ids)
def test_add_task_is_the_signature_of_the_package(stubs: Path) -> None:
    ours = signature(ROOT / "bgtasks" / "background.py", "BackgroundTasks", "add_task")
    assert signature(stubs / "background.pyi", "BackgroundTasks", "add_task") == ours


def test_a_single_task_takes_what_add_task_takes() -> None:
    stub = STUBS[0] / "background.pyi"
    assert signature(stub, "BackgroundTask", "__init__") == signature(stub, "BackgroundTasks", "add_task")


@pytest.mark.parametrize("stubs", STUBS, ids=stub_ids)
def test_the_package_reexports_what_upstream_does(stubs: Path) -> None:
    # A name that the stub forgets is lost to whoever installs it, in all checkers.
    package = stubs.name.removesuffix("-stubs")
    upstream = find_spec(package)
    assert upstream is not None
    assert upstream.origin is not None
    assert exports(stubs / "__init__.pyi", package) == exports(Path(upstream.origin), package)


@pytest.mark.parametrize("stubs", STUBS, ids=stub_ids)
def test_the_package_reexports_by_absolute_names(stubs: Path) -> None:
    # In a vendored copy outside of "*-stubs" ty cannot resolve a relative one, and says so.
    assert "from ." not in (stubs / "__init__.pyi").read_text(encoding="utf-8")


@pytest.mark.parametrize("stub", [path for stubs in STUBS for path in stubs.glob("*.pyi")], ids=stub_ids)
def test_a_stub_says_what_it_is_and_where_it_comes_from(stub: Path) -> None:
    [version] = re.findall(
        r'^version = "(.*)"$', (ROOT / "stubs" / "pyproject.toml").read_text(), re.MULTILINE
    )
    text = stub.read_text(encoding="utf-8")
    assert "\n# SPDX-License-Identifier: MIT\n" in text
    assert f"\n# Source: typed-bgtasks-stubs {version}, {stub.parent.name}/{stub.name}\n" in text
    if stub.name == "background.pyi":
        assert f'\n_bgtasks_stubs: Literal["{version}"]\n' in text


@pytest.mark.parametrize("stubs", STUBS, ids=stub_ids)
def test_the_stubs_are_partial(stubs: Path) -> None:
    # Without the newline pyright takes the stubs for whole, and all that they leave out for missing.
    assert (stubs / "py.typed").read_bytes() == b"partial\n"
    assert {path.name for path in stubs.iterdir()} == {"__init__.pyi", "background.pyi", "py.typed"}
