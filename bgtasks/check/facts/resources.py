"""What must be closed, and what closes it: files, sessions, connections, temporary folders."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Function,
    Located,
    Names,
    ancestors,
    class_of,
    find_callee,
    guarded,
    method,
    own_nodes,
    read_annotation,
    resolve,
)
from bgtasks.check.facts.held import CALLED, ELEMENT, TEXT

RELEASES = {"aclose", "cleanup", "close", "disconnect", "dispose", "release", "shutdown"}
REMOVES = {"os.remove", "os.unlink", "os.rmdir", "shutil.rmtree"}
FLAGS = {"open", "is_open", "opened", "closed", "is_closed", "connected", "alive"}


@dataclass(frozen=True, slots=True)
class Resource:
    """
    A kind of what must be closed, once and for all.

    `parts` are the attributes that are closed with it. `many` tells that it is a collection of
    such, and `path` that it is a file or folder by its path, which is removed.
    """

    parts: frozenset[str] = frozenset()
    many: bool = False
    path: bool = False

    def has(self, path: tuple[str, ...]) -> bool:
        """Tell whether what is at `path` of it is closed with it."""
        steps = [step for step in path if step != ELEMENT or not self.many]
        if self.path:
            steps = [step for step in steps if step != TEXT]
        if steps and steps[0] in self.parts:
            steps = [] if steps[0] == "name" else steps[1:]
        last = "".join(steps).removesuffix(CALLED)
        return not steps or (len(steps) == 1 and steps[0].endswith(CALLED) and last not in RELEASES)


PLAIN = Resource()
FILE = Resource(frozenset({"buffer", "raw", "file"}))
NAMED = Resource(frozenset({"file", "name"}), path=True)
FOLDER = Resource(path=True)
FORM = Resource(frozenset({"file"}), many=True)

KINDS: dict[str, Resource] = {
    **dict.fromkeys(("builtins.open()", "io.open()", "pathlib.Path().open()", "aiofiles.open()"), FILE),
    **dict.fromkeys((f"{name}.open()" for name in ("bz2", "gzip", "lzma", "tarfile")), FILE),
    **dict.fromkeys(("tempfile.TemporaryFile()", "tempfile.SpooledTemporaryFile()"), FILE),
    "tempfile.NamedTemporaryFile()": NAMED,
    "tempfile.TemporaryDirectory()": FOLDER,
    **dict.fromkeys(("aiofiles.tempfile.TemporaryFile()", "aiofiles.tempfile.SpooledTemporaryFile()"), FILE),
    "aiofiles.tempfile.NamedTemporaryFile()": NAMED,
    "aiofiles.tempfile.TemporaryDirectory()": FOLDER,
    **dict.fromkeys(("fastapi.Request().form()", "starlette.requests.Request().form()"), FORM),
    **dict.fromkeys(
        (
            "zipfile.ZipFile()",
            "socket.socket()",
            "socket.create_connection()",
            "smtplib.SMTP()",
            "smtplib.SMTP_SSL()",
            "ftplib.FTP()",
            "concurrent.futures.ThreadPoolExecutor()",
            "concurrent.futures.ProcessPoolExecutor()",
            "sqlalchemy.orm.Session()",
            "sqlalchemy.orm.sessionmaker()()",
            "sqlalchemy.orm.sessionmaker().begin()",
            "sqlalchemy.ext.asyncio.AsyncSession()",
            "sqlalchemy.ext.asyncio.async_sessionmaker()()",
            "sqlalchemy.ext.asyncio.async_sessionmaker().begin()",
            "sqlalchemy.create_engine().connect()",
            "sqlalchemy.create_engine().begin()",
            "sqlalchemy.ext.asyncio.create_async_engine().connect()",
            "sqlalchemy.ext.asyncio.create_async_engine().begin()",
            "sqlmodel.Session()",
            "sqlmodel.create_engine().connect()",
            "sqlmodel.ext.asyncio.session.AsyncSession()",
            "httpx.Client()",
            "httpx.AsyncClient()",
            "requests.Session()",
            "requests.session()",
            "aiohttp.ClientSession()",
            "aiosqlite.connect()",
            "psycopg.connect()",
            "psycopg.AsyncConnection.connect()",
            "asyncpg.create_pool().acquire()",
            "asyncpg.connect()",
            "psycopg_pool.ConnectionPool().connection()",
            "psycopg_pool.AsyncConnectionPool().connection()",
            "aiomysql.create_pool().acquire()",
            "aiosmtplib.SMTP()",
            "grpc.insecure_channel()",
            "grpc.aio.insecure_channel()",
            "redis.Redis()",
            "redis.asyncio.Redis()",
            "redis.asyncio.from_url()",
        ),
        PLAIN,
    ),
}
CLOSING = {"contextlib.closing()", "contextlib.aclosing()"}
STACKS = {"contextlib.ExitStack()", "contextlib.AsyncExitStack()"}
# What these give outlives their `with`, which ends a transaction only.
OUTLIVED = {"sqlite3.connect()", "psycopg2.connect()", "pymysql.connect()"}


@guarded
def origin_of(value: ast.expr, names: Names) -> str:
    """
    Return how a value comes about, by the dotted names of what is not the app's own.

    It is `sqlalchemy.create_engine().connect()`, say; "" where that is not known.
    """
    match value:
        case ast.Await(value=inner):
            origin = origin_of(inner, names)
        case ast.Call():
            origin = origin_of_call(value, names)
        case ast.Name() | ast.Attribute():
            origin = origin_of_name(value, names)
        case _:
            origin = ""
    return origin or ""


def origin_of_call(call: ast.Call, names: Names) -> str:
    callee = find_callee(call.func, names)
    if callee is not None and isinstance(callee.located.node, FUNCTION):
        return origin_of_result(callee.located.node, callee.located.names) or ""
    above = origin_of(call.func, names)
    return f"{above}()" if above else origin_of_class(class_of(call, names))


@guarded
def origin_of_result(function: Function, names: Names) -> str:
    """Return how what a function returns comes about: as it says, or as all that it returns does."""
    said = origin_of_class(read_annotation(function.returns, names).kind)
    if said or function in names.generators:
        return said
    values = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
    origins = {origin_of(value, names) if value is not None else "" for value in values}
    return origins.pop() if len(origins) == 1 else ""


def origin_of_name(name: ast.Name | ast.Attribute, names: Names) -> str:
    found = resolve(name, names)
    if isinstance(found, External):
        return found.dotted
    if isinstance(found, Located) and isinstance(found.node, ast.Call | ast.Await):
        return origin_of(found.node, found.names)
    known = origin_of_class(class_of(name, names))
    if known or not isinstance(name, ast.Attribute):
        return known
    above = origin_of(name.value, names)
    return f"{above}.{name.attr}" if above else ""


def origin_of_class(kind: Found) -> str:
    for each in ancestors(kind):
        if isinstance(each, External) and f"{each.dotted}()" in KINDS:
            return f"{each.dotted}()"
    return f"{kind.dotted}()" if isinstance(kind, External) else ""


def kind_of(value: ast.expr, names: Names) -> Resource | None:
    """Return what kind of resource a value surely is, None where it may be none."""
    known = KINDS.get(origin_of(value, names) or "")
    if known is NAMED and is_kept(value, names):
        return FILE
    if known is not None:
        return known
    kind = class_of(value, names)
    return PLAIN if isinstance(kind, Located) and closes(kind.node, kind.names, "close") else None


def is_kept(value: ast.expr, names: Names) -> bool:
    """Tell whether a temporary file may be left in place when it is closed."""
    made = value if isinstance(value, ast.Call) else getattr(resolve(value, names), "node", None)
    return not isinstance(made, ast.Call) or any(
        keyword.arg in {"delete", "delete_on_close", None} for keyword in made.keywords
    )


def entered(kind: Located) -> str | None:
    """Return the method that enters an object of a class and gives it back, or what it closes."""
    for name in ("__enter__", "__aenter__"):
        found = method(kind, name)
        if found is not None:
            returned = [node.value for node in own_nodes_of(found) if isinstance(node, ast.Return)]
            first = next(iter(function_of(found).args.args), None)
            if first and returned and all(is_own(value, first.arg) for value in returned):
                return name
    return None


def is_own(value: ast.expr | None, owner: str) -> bool:
    while isinstance(value, ast.Attribute | ast.Await):
        value = value.value
    return isinstance(value, ast.Name) and value.id == owner


def function_of(located: Located) -> Function:
    assert isinstance(located.node, FUNCTION)
    return located.node


def own_nodes_of(located: Located) -> Iterator[ast.AST]:
    return own_nodes(function_of(located))


@guarded
def closes(kind: ast.AST, names: Names, name: str) -> bool:
    """Tell whether the method `name` of a class of the app's own closes the object, or what it holds."""
    if not isinstance(kind, ast.ClassDef):
        return False
    located = Located(kind, names)
    found = method(located, name)
    if found is None:
        return any(isinstance(each, External) and f"{each.dotted}()" in KINDS for each in ancestors(located))
    first = next(iter(function_of(found).args.args), None)
    owner = first.arg if first is not None else ""
    return any(
        ends(node, owner) or (isinstance(node, ast.Call) and ends_by_method(node, owner, located, name))
        for node in own_nodes_of(found)
    )


def ends(node: ast.AST, owner: str) -> bool:
    """Tell whether a statement of a method marks its object as closed, or closes what that holds."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute() as held, attr=attr)):
            return is_own(held, owner) and attr in RELEASES | {"__exit__", "__aexit__"}
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=spelled), attr=attr)], value=value):
            return spelled == owner and is_shut(attr, value)
        case _:
            return False


def ends_by_method(call: ast.Call, owner: str, kind: Located, name: str) -> bool:
    """Tell whether a call in the method `name` is one of another method that closes the object."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=spelled), attr=attr) if spelled == owner and attr != name:
            return attr in RELEASES and (method(kind, attr) is None or closes(kind.node, kind.names, attr))
        case _:
            return False


def is_shut(attr: str, value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, bool) and attr.lstrip("_") in FLAGS
