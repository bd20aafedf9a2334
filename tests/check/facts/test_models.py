import ast

import pytest

from bgtasks.check.code import open_module
from bgtasks.check.code.names import Project
from bgtasks.check.facts.models import takes
from bgtasks.check.facts.vocabulary import VOCABULARY
from examples import parse

HEAD = "from pydantic import BaseModel, ConfigDict, Field\nfrom pydantic_settings import BaseSettings\n"


def judge(source: str, missing: list[str], unknown: list[str]) -> bool:
    """Tell what is said of the call in the last line of `source`."""
    module = parse(HEAD + source)
    call = module.tree.body[-1]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    return takes(call.value, open_module(module, Project(VOCABULARY, ())), missing, unknown)


def model(fields: str, bases: str = "BaseModel", call: str = "M()") -> str:
    body = "".join(f"    {line}\n" for line in fields.split("\n"))
    return f"class M({bases}):\n{body}{call}\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(model("a: int = Field(None, alias='b')"), id="first of the field"),
        pytest.param(model("a: int = Field(None, alias='b')  # b is missing"), id="known by its alias"),
        pytest.param(
            "class B(BaseModel):\n    a: int = Field(1, validation_alias='b')\n"
            + model("c: int  # b is missing", "B"),
            id="inherited by its alias",
        ),
        pytest.param(model("a: int = Field(default=1)"), id="default"),
        pytest.param(model("a: int = Field(default_factory=int)"), id="factory"),
        pytest.param(model("a: int = 1"), id="value"),
        pytest.param("class B(BaseModel):\n    a: int = Field(1)\n" + model("c: int", "B"), id="inherited"),
        pytest.param(model("a: str", "BaseSettings"), id="settings"),
        pytest.param(
            model(
                "a: int = Field(alias='b')\nmodel_config = ConfigDict(populate_by_name=True)", call="M(a=1)"
            ),
            id="by its name, alias missing",
        ),
    ],
)
def test_a_model_needs_no_argument_that_has_a_default(source: str) -> None:
    missing = ["b"] if "populate_by_name" in source or "b is missing" in source else ["a"]
    assert judge(source, missing, [])


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(model("a: int"), id="no default"),
        pytest.param(model("a: int = Field(...)"), id="ellipsis"),
        pytest.param(model("a: int = Field(alias='b')"), id="no default in the field"),
        pytest.param(model("a: int = Field(1)", "object"), id="no model"),
        pytest.param(model("a: int = Field(1)", "unknown"), id="perhaps a model"),
        pytest.param(model("b: int = Field(alias='a')"), id="no default in the field of that alias"),
        pytest.param(model("b: int = Field(1, alias='c')"), id="another alias"),
        pytest.param("unknown()", id="unknown"),
    ],
)
def test_what_is_needed_is_needed(source: str) -> None:
    assert not judge(source, ["a"], [])


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        pytest.param(model("a: int\nmodel_config = ConfigDict(extra='allow')"), True, id="model_config"),
        pytest.param(model("a: int\nmodel_config = {'alias_generator': str}"), True, id="dict"),
        pytest.param(model("class Config:\n        allow_population_by_field_name = True"), True, id="class"),
        pytest.param(model("a: int", "BaseModel, extra='allow'"), True, id="keyword of the class"),
        pytest.param(model("a: int\nmodel_config = ConfigDict(frozen=True)"), False, id="another setting"),
        pytest.param(model("a: int"), False, id="no settings"),
    ],
)
def test_a_model_may_take_other_names_where_its_settings_say_so(source: str, taken: bool) -> None:
    assert judge(source, [], ["x"]) == taken
