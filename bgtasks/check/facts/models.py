"""What a model of pydantic's takes that type checkers do not know without a plugin."""

import ast
from collections.abc import Iterable, Iterator

from bgtasks.check.code import Assignment, External, Located, Names, ancestors, last_name, member, resolve

SETTINGS = {"pydantic.BaseSettings", "pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings"}
MODELS = SETTINGS | {
    "pydantic.BaseModel",
    "pydantic.main.BaseModel",
    "pydantic.v1.BaseModel",
    "sqlmodel.SQLModel",
    "sqlmodel.main.SQLModel",
}
# Where a model says one of these, it takes what its fields are not called.
LOOSE = {
    "alias_generator",
    "allow_population_by_field_name",
    "extra",
    "populate_by_name",
    "validate_by_alias",
    "validate_by_name",
}


def takes(call: ast.expr, names: Names, missing: Iterable[str], unknown: Iterable[str]) -> bool:
    """
    Tell whether `call` makes a model that needs none of `missing`, and may take each of `unknown`.

    Checkers see a default of `Field(default=...)`, not of `Field(...)`, and none of its settings.
    Source: <https://typing.python.org/en/latest/spec/dataclasses.html#field-specifier-parameters>.
    """
    if not isinstance(call, ast.Call):
        return False
    model = resolve(call.func, names)
    above = list(ancestors(model))
    dotted = {kind.dotted for kind in above if isinstance(kind, External)}
    if not dotted & MODELS:
        return False
    loose = any(is_loose(kind) for kind in above)
    given = {keyword.arg for keyword in call.keywords if keyword.arg}
    aliased = loose and any(member(model, name) is None or has_alias(model, name) for name in given)
    return all(
        dotted & SETTINGS or has_default(model, name) or (aliased and name not in given) for name in missing
    ) and (loose or not any(unknown))


def read_field(model: Located | External | None, name: str) -> ast.expr | None:
    """Return what the field of `model` is set to that is called `name`, or else has that for an alias."""
    match member(model, name):
        case (Assignment(value=ast.expr() as value), _):
            return value
        case None:
            fields = (field for kind in ancestors(model) for field in fields_of(kind))
            return next((field for field in fields if name in aliases_of(field)), None)
        case _:
            return None


def fields_of(kind: object) -> Iterator[ast.expr]:
    """Yield what the fields that a class declares itself are set to."""
    match kind:
        case Located(node=ast.ClassDef(body=body)):
            yield from (each.value for each in body if isinstance(each, ast.AnnAssign) and each.value)
        case _:
            pass


def aliases_of(field: ast.expr) -> Iterator[str]:
    match field:
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                match keyword:
                    case ast.keyword(
                        arg="alias" | "validation_alias", value=ast.Constant(value=str() as alias)
                    ):
                        yield alias
                    case _:
                        pass
        case _:
            pass


def has_default(model: Located | External | None, name: str) -> bool:
    match read_field(model, name):
        case None:
            return False
        case ast.Call(func=func, args=args, keywords=keywords) if last_name(func) == "Field":
            first = next(iter(args), None)
            given = first is not None and not (isinstance(first, ast.Constant) and first.value is ...)
            return given or any(each.arg in {"default", "default_factory"} for each in keywords)
        case _:
            return True


def has_alias(model: Located | External | None, name: str) -> bool:
    match read_field(model, name):
        case ast.Call(keywords=keywords):
            return any(each.arg in {"alias", "validation_alias"} for each in keywords)
        case _:
            return False


def is_loose(kind: object) -> bool:
    """Tell whether a class says in its settings that it takes other names than those of its fields."""
    return (
        isinstance(kind, Located)
        and isinstance(kind.node, ast.ClassDef)
        and bool(LOOSE & set(settings_of(kind.node)))
    )


def settings_of(model: ast.ClassDef) -> Iterator[str]:
    """Yield the names of the settings in `model_config` and in `class Config`, and in the class statement."""
    yield from (keyword.arg for keyword in model.keywords if keyword.arg)
    for statement in model.body:
        match statement:
            case ast.ClassDef(name="Config", body=body):
                for each in body:
                    if isinstance(each, ast.Assign):
                        yield from (last_name(target) for target in each.targets)
            case (
                ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                | ast.AnnAssign(target=ast.Name(id="model_config"), value=value)
            ) if value is not None:
                for node in ast.walk(value):
                    match node:
                        case ast.keyword(arg=str() as name) | ast.Constant(value=str() as name):
                            yield name
                        case _:
                            pass
            case _:
                pass
