"""What Starlette, FastAPI and we call things, and which class is which of theirs."""

import ast
from enum import Enum

from bgtasks.check.code import FUNCTION, External, Found, Located, Names, Vocabulary, ancestors, resolve

TASKS = frozenset(
    {
        "starlette.background.BackgroundTasks",
        "fastapi.BackgroundTasks",
        "fastapi.background.BackgroundTasks",
        "bgtasks.BackgroundTasks",
        "bgtasks.background.BackgroundTasks",
    }
)
TASK = frozenset(
    {"starlette.background.BackgroundTask", "bgtasks.BackgroundTask", "bgtasks.background.BackgroundTask"}
)
INJECTED = "bgtasks.fastapi.BackgroundTasksDep"
DEPENDS = {"fastapi.Depends", "fastapi.param_functions.Depends", "fastapi.params.Depends", "fastapi.Security"}
MARKING = ("Body", "Cookie", "Depends", "File", "Form", "Header", "Path", "Query", "Security")
MARKERS = {f"fastapi.{module}{name}" for module in ("", "params.", "param_functions.") for name in MARKING}
ROUTERS = {
    "fastapi.APIRouter",
    "fastapi.FastAPI",
    "fastapi.applications.FastAPI",
    "fastapi.routing.APIRouter",
}
APPS = ROUTERS | {
    "starlette.applications.Starlette",
    "starlette.routing.Router",
}
RESPONSES = ("fastapi.Response", "fastapi.responses.", "starlette.responses.")
UPLOADS = {"fastapi.UploadFile", "fastapi.datastructures.UploadFile", "starlette.datastructures.UploadFile"}
HTTP_EXCEPTIONS = (
    "fastapi.HTTPException",
    "fastapi.exceptions.HTTPException",
    "starlette.exceptions.HTTPException",
    "starlette.exceptions.StarletteHTTPException",
)

VOCABULARY = Vocabulary(
    subjects=TASKS | TASK | {INJECTED},
    bases=dict.fromkeys(HTTP_EXCEPTIONS, (*HTTP_EXCEPTIONS, "builtins.Exception")),
    keeping=frozenset(ROUTERS),
    letting=frozenset(
        {
            "asyncio.Lock",
            "asyncio.Semaphore",
            "builtins.open",
            "sqlalchemy.ext.asyncio.AsyncSession",
            "sqlalchemy.orm.Session",
            "sqlmodel.Session",
            "threading.Lock",
            "threading.RLock",
        }
    ),
)


class Family(Enum):
    """Which of Starlette's two classes a class is, or inherits from."""

    TASK = "BackgroundTask"
    TASKS = "BackgroundTasks"


def family_of(kind: Found) -> Family | None:
    """Return the family of a class, by itself or by what it inherits from."""
    for each in ancestors(kind):
        if isinstance(each, External) and (each.dotted in TASKS or each.dotted == INJECTED):
            return Family.TASKS
        if isinstance(each, External) and each.dotted in TASK:
            return Family.TASK
    return None


def is_known(kind: Found) -> bool:
    """Tell whether `kind` is Starlette's, FastAPI's or our class itself, and no subclass of it."""
    return isinstance(kind, External) and (kind.dotted in TASKS or kind.dotted in TASK)


def is_plain(kind: Found) -> bool:
    """Tell whether `kind` is a known class, or inherits from such and adds no function of its own."""
    every = ancestors(kind)
    return any(map(is_known, every)) and all(is_known(each) or is_empty(each) for each in every)


def is_empty(kind: Found) -> bool:
    """Tell whether `kind` is a class of the app's own without a function in it."""
    if not (isinstance(kind, Located) and isinstance(kind.node, ast.ClassDef)):
        return False
    bindings = kind.names.within[kind.node].bindings.values()
    return not any(isinstance(each, FUNCTION) for bound in bindings for each in bound)


def makes_tasks(node: ast.expr | None, names: Names) -> bool:
    """Tell whether `node` is the call of a class of tasks that does nothing of its own with them."""
    return isinstance(node, ast.Call) and is_plain(resolve(node.func, names))


def is_response_class(kind: Found) -> bool:
    """Tell whether `kind` is a response class, or one of the app's own that is made as such a one is."""
    every = ancestors(kind)
    own = [each for each in every if isinstance(each, Located)]
    return any(
        isinstance(each, External)
        and (each.dotted.startswith(RESPONSES) or each.dotted == "fastapi.Response")
        for each in every
    ) and not any(
        isinstance(each.node, ast.ClassDef) and "__init__" in each.names.within[each.node].bindings
        for each in own
    )
