"""BGT210: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.closed_resource import RULE
from examples import codes_of, endpoint, find

OWN = """
    import functools, sqlite3, tempfile, os, shutil
    from contextlib import closing, ExitStack, AsyncExitStack
    from functools import partial
    from pathlib import Path
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session as Orm, sessionmaker
    from starlette.middleware.base import BaseHTTPMiddleware
    from fastapi import Request
    class Session:
        def __init__(self): self.open = True
        def write(self, text): ...
        def close(self): self.open = False
        def __enter__(self): return self
        def __exit__(self, *_): self.close()
        async def __aenter__(self): return self
        async def __aexit__(self, *_): self.close()
    class Child(Session): ...
    class Holder:
        def __init__(self, path): self.session = Session()
        def __enter__(self): return self.session
        def __exit__(self, *_): self.session.close()
    class Timer:
        def __enter__(self): return self
        def __exit__(self, *_): self.elapsed = 1
    class Ticket:
        def close(self): self.status = "closed"
    class Repo:
        def __init__(self, db): self.db = db
        def save(self): ...
    @contextmanager
    def session():
        one = Session()
        try:
            yield one
        finally:
            one.close()
    @asynccontextmanager
    async def nested():
        with session() as one:
            yield one
    @contextmanager
    def config():
        one = {}
        yield one
    @contextmanager
    def perhaps(close=True):
        one = Session()
        yield one
        if close:
            one.close()
    class Database:
        @asynccontextmanager
        async def session(self):
            async with Session() as one:
                yield one
        def connect(self) -> Session: return Session()
    database = Database()
    engine = create_engine("sqlite://")
    factory = sessionmaker(engine)
    def plan(tasks: BackgroundTasks, db): tasks.add_task(send, db)
    def wrap(db): return lambda: send(db)
"""


def using(body: str, parameters: str = "tasks: BackgroundTasks") -> str:
    return "\n".join(line[4:] for line in OWN.splitlines()) + "\n" + endpoint(body, parameters)


OPENED = {
    "a class": "with Session() as db",
    "an asynchronous one": "async with Session() as db",
    "a subclass": "with Child() as db",
    "what it holds": "with Holder('a') as db",
    "a generator function": "with session() as db",
    "one around another": "async with nested() as db",
    "a method": "async with database.session() as db",
    "a method that returns it": "with database.connect() as db",
    "closing": "with closing(Session()) as db",
    "by its long name": "with contextlib.closing(unknown()) as db",
    "a file": "with open('a') as db",
    "a file by its path": "with Path('a').open() as db",
    "a temporary file": "with tempfile.TemporaryFile() as db",
    "sqlalchemy": "with Orm(engine) as db",
    "a factory": "with factory() as db",
    "an engine": "with engine.connect() as db",
    "several": "with lock, session() as db",
    "what has a name": "db = Session()\nwith db",
    "closing what has a name": "db = Session()\nwith closing(db)",
}
LASTING = {
    "sqlite": "with sqlite3.connect('a') as db",
    "a timer": "with Timer() as db",
    "what is no resource": "with config() as db",
    "what is closed on a condition": "with perhaps() as db",
    "unknown": "with unknown() as db",
    "another name": "db = Session()\nwith Session() as other",
}


@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED)
def test_what_a_with_closes_is_reported(opened: str) -> None:
    assert codes_of(using(f"{opened}:\n    tasks.add_task(send, db)")) == [RULE.code]


@pytest.mark.parametrize("opened", LASTING.values(), ids=LASTING)
def test_what_outlives_a_with_is_left_alone(opened: str) -> None:
    assert codes_of(using(f"{opened}:\n    tasks.add_task(send, db)")) == []


HANDED = {
    "argument": "tasks.add_task(send, db)",
    "keyword": "tasks.add_task(send, to=db)",
    "receiver": "tasks.add_task(db.write, 'a')",
    "in a list": "tasks.add_task(send, [db])",
    "partial": "tasks.add_task(functools.partial(send, db))",
    "lambda": "tasks.add_task(lambda: db.write('a'))",
    "closure": "def job():\n    db.write('a')\ntasks.add_task(job)",
    "constructor": "tasks.add_task(Repo(db).save)",
    "by another name": "repo = Repo(db)\ntasks.add_task(repo.save)",
    "by a function": "tasks.add_task(wrap(db))",
    "helper": "plan(tasks, db)",
    "single": "return JSONResponse({}, background=BackgroundTask(send, db))",
    "hand-made": "own = BackgroundTasks()\nown.add_task(send, db)\nreturn JSONResponse({}, background=own)",
    "in a branch": "if unknown:\n    tasks.add_task(send, db)",
}
KEPT = {
    "read before": "tasks.add_task(send, db.read())",
    "a part": "tasks.add_task(send, db.name)",
    "its close": "tasks.add_task(db.close)",
    "run at once": "own = BackgroundTasks()\nown.add_task(send, db)\nawait own()",
    "one run at once": "one = BackgroundTask(send, db)\nawait one()",
    "run by another": "own = BackgroundTasks()\nown.add_task(send, db)\nawait unknown(own)",
    "a parameter of the same name": "tasks.add_task(lambda db: db.write('a'), 1)",
}


@pytest.mark.parametrize("handed", HANDED.values(), ids=HANDED)
def test_however_a_task_comes_by_it(handed: str) -> None:
    body = handed.replace("\n", "\n    ")
    assert codes_of(using(f"with Session() as db:\n    {body}")) == [RULE.code]


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_what_a_task_does_not_hold_is_left_alone(kept: str) -> None:
    body = kept.replace("\n", "\n    ")
    assert codes_of(using(f"with Session() as db:\n    {body}")) == []


CLOSED = {
    "behind": "db = Session()\ntasks.add_task(send, db)\ndb.close()",
    "finally": "db = Session()\ntry:\n    tasks.add_task(send, db)\nfinally:\n    db.close()",
    "in each branch": (
        "db = open('a')\ntasks.add_task(send, db)\nif unknown:\n    db.close()\nelse:\n    db.close()"
    ),
    "stack": "with ExitStack() as s:\n    db = s.enter_context(session())\n    tasks.add_task(send, db)",
    "of a package": "db = connect()\ntasks.add_task(send, db)\nawait db.close()",
    "folder": "with tempfile.TemporaryDirectory() as folder:\n    tasks.add_task(send, folder)",
    "in a folder": "with tempfile.TemporaryDirectory() as folder:\n    tasks.add_task(send, f'{folder}/a')",
    "path of it": (
        "with tempfile.TemporaryDirectory() as d:\n    p = Path(d) / 'a'\n    tasks.add_task(send, p)"
    ),
    "joined": "with tempfile.TemporaryDirectory() as d:\n    tasks.add_task(send, os.path.join(d, 'a'))",
    "named": "with tempfile.NamedTemporaryFile() as file:\n    tasks.add_task(send, file.name)",
    "removed": "folder = tempfile.mkdtemp()\ntasks.add_task(send, folder)\nshutil.rmtree(folder)",
}
OPEN = {
    "before": "db = Session()\ndb.close()\ntasks.add_task(send, db)",
    "perhaps": "db = Session()\ntasks.add_task(send, db)\nif unknown:\n    db.close()",
    "on another path": "db = Session()\nif unknown:\n    db.close()\n    return\ntasks.add_task(send, db)",
    "what is no resource": "db = Ticket()\ntasks.add_task(send, db)\ndb.close()",
    "what the app makes": "def get(): ...\ndb = get()\ntasks.add_task(send, db)\ndb.close()",
    "bound anew": "db = Session()\ntasks.add_task(send, db)\ndb = Session()\ndb.close()",
    "name of a file": "with open('a') as file:\n    tasks.add_task(send, file.name)",
    "kept": "with tempfile.NamedTemporaryFile(delete=False) as file:\n    tasks.add_task(send, file.name)",
    "line of a file": "with open('a') as file:\n    for line in file:\n        tasks.add_task(send, line)",
    "content of a folder": (
        "with tempfile.TemporaryDirectory() as d:\n    tasks.add_task(send, Path(d).read_text())"
    ),
    "removed by the task": (
        "with tempfile.TemporaryDirectory() as folder:\n    tasks.add_task(shutil.rmtree, folder)"
    ),
    "removed by name": "path = 'a'\ntasks.add_task(send, path)\nos.remove(path)",
}


@pytest.mark.parametrize("body", CLOSED.values(), ids=CLOSED)
def test_what_is_closed_on_every_path_is_reported(body: str) -> None:
    assert codes_of(using(body)) == [RULE.code]


@pytest.mark.parametrize("body", OPEN.values(), ids=OPEN)
def test_what_may_be_open_is_left_alone(body: str) -> None:
    assert codes_of(using(body)) == []


DEPENDENCY = "def get():\n    with Session() as one:\n        yield one\n"
RETRIED = """
def retry(times):
    def decorator(make):
        @functools.wraps(make)
        def wrapper(*args):
            made = make(*args)
            given = next(made)
            yield given
            next(made, None)
        return wrapper
    return decorator
def logged(make):
    async def wrapper():
        async for each in make(): yield each
    return wrapper
def passing(make):
    def wrapper(): yield from make()
    return wrapper
def replacing(make):
    def wrapper(): yield Session()
    return wrapper
def plain(make):
    def wrapper(): return next(make())
    return wrapper
"""
SERVICE = f"""{DEPENDENCY}
def work(db): db.write()
class Service:
    def __init__(self, db, name): self.db, self.name = db, name; self.session = db
    def save(self): self.flush()
    def flush(self): self.session.write()
    def greet(self): print(self.name)
    def again(self): print(self.name) or self.again()
    def plan(self, tasks): tasks.add_task(work, self.session)
    def plan_name(self, tasks): tasks.add_task(work, self.name)
    def plan_own(self, tasks): tasks.add_task(self.flush)
    def plan_other(self, tasks): tasks.add_task(self.greet)
    def plan_perhaps(self, tasks=None): tasks and tasks.add_task(work, self.session)
    def plan_kept(self): self.tasks.add_task(work, self.session)
class Below(Service):
    def __init__(self, db, name): super().__init__(db, name)
def get_service(db=Depends(get)) -> Service: return Service(db, "mail")
def get_below(db=Depends(get)) -> Below: return Below(db, "mail")
"""
BY_SERVICE = "service: Service = Depends(get_service)"
PROVIDED = {
    "kept by an object": (SERVICE, BY_SERVICE, "work, service.session"),
    "kept by a base": (SERVICE, "service: Below = Depends(get_below)", "work, service.session"),
    "read by a method": (SERVICE, BY_SERVICE, "service.save"),
    "kept by an object made here": (SERVICE, "db=Depends(get)", "work, Service(db, 1).session"),
    "behind a decorator": (f"{RETRIED}@retry(3)\n{DEPENDENCY}", "db=Depends(get)", "send, db"),
    "behind two decorators": (f"{RETRIED}@passing\n@passing\n{DEPENDENCY}", "db=Depends(get)", "send, db"),
    "behind an async decorator": (f"{RETRIED}@logged\nasync {DEPENDENCY}", "db=Depends(get)", "send, db"),
    "dependency": (DEPENDENCY, "db=Depends(get)", "send, db"),
    "annotated": (DEPENDENCY, "db: Annotated[Session, Depends(get)]", "send, db"),
    "alias": (DEPENDENCY + "Db = Annotated[Session, Depends(get)]\n", "db: Db", "db.write"),
    "default of a module": (DEPENDENCY + "DB = Depends(get)\n", "db=DB", "send, db"),
    "chain": (
        DEPENDENCY + "def get_repo(db=Depends(get)): return Repo(db)\n",
        "repo=Depends(get_repo)",
        "repo.save",
    ),
    "yielding chain": (
        DEPENDENCY + "async def get_repo(db=Depends(get)): yield Repo(db)\n",
        "repo=Depends(get_repo)",
        "repo.save",
    ),
    "class": (
        DEPENDENCY
        + "class Store:\n    def __init__(self, db=Depends(get)): self.db = db\n    def put(self): ...\n",
        "store: Store = Depends()",
        "store.put",
    ),
    "upload": ("", "file: UploadFile", "send, file"),
    "part of an upload": ("", "file: UploadFile", "send, file.file"),
    "method of an upload": ("", "file: UploadFile", "file.read"),
    "optional upload": ("", "file: UploadFile | None = None", "send, file"),
    "uploads": ("", "files: list[UploadFile]", "send, files"),
    "one of them": ("", "files: list[UploadFile]", "send, files[0]"),
    "parts of them": ("", "files: list[UploadFile]", "send, [file.file for file in files]"),
}
GIVEN = {
    "something else of an object": (SERVICE, BY_SERVICE, "work, service.name"),
    "something else of a base": (SERVICE, "service: Below = Depends(get_below)", "work, service.name"),
    "a method that reads something else": (SERVICE, BY_SERVICE, "service.greet"),
    "something else of an object made here": (SERVICE, "db=Depends(get)", "work, Service(db, 1).name"),
    "behind an unknown decorator": (f"@unknown\n{DEPENDENCY}", "db=Depends(get)", "send, db"),
    "behind one that gives another": (f"{RETRIED}@replacing\n{DEPENDENCY}", "db=Depends(get)", "send, db"),
    "behind a plain function": (f"{RETRIED}@plain\n{DEPENDENCY}", "db=Depends(get)", "send, db"),
    "behind a known and an unknown one": (
        f"{RETRIED}@passing\n@unknown\n{DEPENDENCY}",
        "db=Depends(get)",
        "send, db",
    ),
    "no yield": ("def get(): return Session()\n", "db=Depends(get)", "send, db"),
    "name of an upload": ("", "file: UploadFile", "send, file.filename"),
    "names": ("", "files: list[UploadFile]", "send, [file.filename for file in files]"),
    "read": ("", "file: UploadFile", "send, await file.read()"),
    "an attribute": (DEPENDENCY, "db=Depends(get)", "send, db.user_id"),
    "not kept": (DEPENDENCY + "def user(db=Depends(get)): return db.get(1)\n", "u=Depends(user)", "send, u"),
}


@pytest.mark.parametrize(("before", "parameter", "call"), PROVIDED.values(), ids=PROVIDED)
def test_what_fastapi_closes_is_reported_where_it_does(before: str, parameter: str, call: str) -> None:
    def source(own: str) -> str:
        head, _, tail = own.rpartition("@app.get('/')")
        return f"{head}{before}@app.get('/'){tail}"

    body = source(using(f"tasks.add_task({call})", f"tasks: BackgroundTasks, {parameter}"))

    assert codes_of(body, "0.110.3") == [RULE.code]
    assert codes_of(body, "0.105.0") == codes_of(body, "0.118.0") == []


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        ("plan(tasks)", [RULE.code]),
        ("plan_own(tasks)", [RULE.code]),
        ("plan_perhaps(tasks=tasks)", [RULE.code]),
        ("plan_name(tasks)", []),
        ("plan_other(tasks)", []),
        ("plan_perhaps()", []),
        ("plan_perhaps(None)", []),
        ("plan_kept()", []),
    ],
)
def test_a_task_that_a_service_adds_holds_what_the_service_keeps(call: str, codes: list[str]) -> None:
    body = endpoint(f"service.{call}", f"tasks: BackgroundTasks, {BY_SERVICE}")
    head = "\n".join(line[4:] for line in OWN.splitlines())
    found = find(f"{head}\n{SERVICE}{body}", "0.110.3")

    assert [finding.rule.code for finding in found] == codes
    assert all('closes what "service" keeps before' in finding.message for finding in found)


@pytest.mark.parametrize(
    ("call", "codes"), [("plan(tasks, one)", [RULE.code]), ("plan(None, one)", []), ("plan(db=one)", [])]
)
def test_where_no_tasks_are_handed_on_none_gets_it(call: str, codes: list[str]) -> None:
    body = using(f"with Session() as one:\n    {call}")
    assert codes_of(body.replace("tasks: BackgroundTasks, db)", "tasks=None, db=None)")) == codes


@pytest.mark.parametrize(("before", "parameter", "call"), GIVEN.values(), ids=GIVEN)
def test_what_fastapi_does_not_close_is_left_alone(before: str, parameter: str, call: str) -> None:
    head, _, tail = using(f"tasks.add_task({call})", f"tasks: BackgroundTasks, {parameter}").rpartition(
        "@app.get('/')"
    )

    assert codes_of(f"{head}{before}@app.get('/'){tail}", "0.110.3") == []


MIDDLEWARE = """
@app.middleware("http")
async def lend(request, call_next):
    request.state.db = Session()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()
"""


@pytest.mark.parametrize(
    ("before", "parameter", "call", "expected"),
    [
        pytest.param(
            MIDDLEWARE, "request: Request", "send, request.state.db", [RULE.code], id="of the state"
        ),
        pytest.param(
            MIDDLEWARE + "def get(request: Request): return request.state.db\n",
            "db=Depends(get)",
            "send, db",
            [RULE.code],
            id="by a dependency",
        ),
        pytest.param(
            MIDDLEWARE + "def get(request: Request):\n    one = request.state.db\n    return one\n",
            "db=Depends(get)",
            "send, db",
            [RULE.code],
            id="by a name in a dependency",
        ),
        pytest.param(
            MIDDLEWARE
            + "def get(request: Request):\n    one = request.state.db\n    one = Session()\n    return one\n",
            "db=Depends(get)",
            "send, db",
            [],
            id="by a name for something else",
        ),
        pytest.param(MIDDLEWARE, "request: Request", "send, request.state.user", [], id="something else"),
        pytest.param("", "request: Request", "send, request.state.db", [], id="no middleware"),
    ],
)
def test_what_a_middleware_closes(before: str, parameter: str, call: str, expected: list[str]) -> None:
    head, _, tail = using(f"tasks.add_task({call})", f"tasks: BackgroundTasks, {parameter}").rpartition(
        "@app.get('/')"
    )

    assert codes_of(f"{head}{before}@app.get('/'){tail}") == expected
