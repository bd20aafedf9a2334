from pathlib import Path

import pytest

from bgtasks.check.code.resolution import ancestors, member, method, resolve
from sources import last_expression, read_files, read_source, spell_found

RESOLVED = {
    "builtin": ("print", "builtins.print"),
    "import": ("import os.path\nos.path.join", "os.path.join"),
    "import as": ("import asyncio as a\na.run", "asyncio.run"),
    "from import": ("from functools import partial as p\np", "functools.partial"),
    "function": ("def f(): ...\nf", "app.py: f"),
    "another name": ("def f(): ...\ng = f\nh = g\nh", "app.py: f"),
    "value": ("x = f(1)\nx", "app.py: f(1)"),
    "class member": ("class A:\n    def f(self): ...\nA.f", "app.py: f"),
    "inherited member": ("class A:\n    def f(self): ...\nclass B(A): ...\nB.f", "app.py: f"),
    "member of an unknown base": ("from x import A\nclass B(A): ...\nB.f", "unknown"),
    "bound twice": ("if x:\n    def f(): ...\nelse:\n    def f(): ...\nf", "unknown"),
    "None in place of an import": ("try:\n    import x\nexcept ImportError:\n    x = None\nx.y", "x.y"),
    "overloads": ("@overload\ndef f(a): ...\n@overload\ndef f(b): ...\ndef f(c): ...\nf", "app.py: f"),
    "parameter": ("def g(f):\n    f", "unknown"),
    "inner scope": ("f = 1\ndef g():\n    def f(): ...\n    f", "app.py: f"),
    "class scope is not seen from a method": ("class A:\n    f = 1\n    def g(self):\n        f", "unknown"),
    "nothing of that name": ("nowhere", "unknown"),
    "call": ("f()", "unknown"),
    "circle": ("a = b\nb = a\na", "app.py: b"),
    "circle of attributes": ("a = b.x\nb = a.x\na", "app.py: b.x"),
    "subject": ("import lib\nlib.Subject", "lib.Subject"),
}


@pytest.mark.parametrize(("source", "expected"), RESOLVED.values(), ids=RESOLVED)
def test_what_a_name_surely_is(source: str, expected: str) -> None:
    names = read_source(source)

    assert spell_found(resolve(last_expression(names), names)) == expected


ACROSS = {
    "module": ({"app.py": "import b\nb.f", "b.py": "def f(): ..."}, "b.py: f"),
    "star": ({"app.py": "from b import *\nf", "b.py": "def f(): ..."}, "b.py: f"),
    "subject by a star": ({"app.py": "from lib import *\nSubject"}, "lib.Subject"),
    "relative": ({"p/a.py": "from .b import f\nf", "p/__init__.py": "", "p/b.py": "def f(): ..."}, "b.py: f"),
    "two up": (
        {"p/q/a.py": "from ..b import f\nf", "p/__init__.py": "", "p/q/__init__.py": "", "p/b.py": "f = int"},
        "builtins.int",
    ),
    "by the package": (
        {"app.py": "from p import f\nf", "p/__init__.py": "from p.b import f", "p/b.py": "def f(): ..."},
        "b.py: f",
    ),
    "module of a package": ({"app.py": "import p\np.b", "p/__init__.py": "", "p/b.py": ""}, "b.py: module"),
    "in src": ({"app.py": "from b import f\nf", "src/b.py": "def f(): ..."}, "b.py: f"),
    "imports in a circle": (
        {"a.py": "from b import f\nf", "b.py": "from c import f", "c.py": "from b import f"},
        "unknown",
    ),
    "stars in a circle": ({"a.py": "from b import *\nf", "b.py": "from a import *"}, "unknown"),
    "what cannot be parsed": ({"app.py": "import b\nb.f", "b.py": "def f(:"}, "b.f"),
    "the standard library comes first": ({"app.py": "import json\njson.f", "json.py": "f = 1"}, "json.f"),
}


@pytest.mark.parametrize(("files", "expected"), ACROSS.values(), ids=ACROSS)
def test_imports_are_followed_across_files(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    names = read_files(tmp_path, files)

    assert spell_found(resolve(last_expression(names), names)) == expected


def test_the_ancestors_of_a_class_come_depth_first_and_once() -> None:
    names = read_source(
        "from x import E\nclass A: ...\nclass B(A): ...\nclass C(A, E): ...\nclass D(B, C, f()): ...\nD"
    )

    found = ancestors(resolve(last_expression(names), names))

    assert [spell_found(each) for each in found] == [
        "app.py: D", "app.py: B", "app.py: A", "app.py: C", "x.E", "unknown",
    ]  # fmt: skip


def test_classes_that_inherit_in_a_circle_end() -> None:
    names = read_source("class A(B): ...\nclass B(A): ...\nA")
    kind = resolve(last_expression(names), names)

    assert [spell_found(each) for each in ancestors(kind)] == ["app.py: A", "app.py: B"]
    assert member(kind, "f") is None


def test_a_method_is_a_member_that_is_a_function() -> None:
    names = read_source("class A:\n    x = 1\n    def f(self): ...\nA")
    kind = resolve(last_expression(names), names)

    assert spell_found(method(kind, "f")) == "app.py: f"
    assert member(kind, "x") is not None
    assert method(kind, "x") is None
    assert method(None, "f") is None
