"""What a task holds when it runs, however it came by it."""

import ast

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.reaches import reached_by
from examples import endpoint, parse

BEFORE = """
import dataclasses, os
class Repo:
    def __init__(self, db): self.db = db
    def save(self): ...
class Base:
    def __init__(self, db): self.db = db
class Child(Base):
    def __init__(self, db): super().__init__(db=db)
    def save(self): ...
class Reader:
    def __init__(self, db): self.rows = db.read()
    def save(self): ...
@dataclasses.dataclass
class Data:
    db: object
    def save(self): ...
def wrap(func):
    def inner(): func()
    return inner
def make(db): return Repo(db)
def read(db): return db.read()
def same(x): return same(x)
"""
HELD: dict[str, tuple[str, list[str]]] = {
    "argument": ("send, db", ["db"]),
    "keyword": ("send, to=db", ["db"]),
    "receiver": ("db.write, 1", ["db.write()"]),
    "attribute": ("send, db.file", ["db.file"]),
    "attribute of an element": ("send, db.a[0].b", ["db.a.[].b"]),
    "list": ("send, [1, db]", ["db"]),
    "dictionary": ("send, {'a': db}", ["db"]),
    "comprehension": ("send, [x.file for x in db]", ["db.[].file"]),
    "elements": ("send, list(db)", ["db.[]"]),
    "partial": ("functools.partial(send, db, to=db)", ["db", "db"]),
    "lambda": ("lambda: send(db)", ["db late"]),
    "method in a lambda": ("lambda: db.write(1).more()", ["db.write() late"]),
    "default of a lambda": ("lambda x=db: send(x)", ["db"]),
    "closure": ("job", ["db.write() late"]),
    "constructor": ("Repo(db).save", ["db"]),
    "constructor of a base": ("Child(db).save", ["db"]),
    "dataclass": ("Data(db).save", ["db"]),
    "made by a function": ("make(db).save", ["db"]),
    "wrapper": ("wrap(db.write)", ["db.write()"]),
    "another name": ("send, other", ["db"]),
    "one of two": ("send, db if db else None", ["db"]),
    "text": ("send, f'{db}/a'", ["db.{}"]),
    "joined": ("send, os.path.join(db, 'a')", ["db.{}"]),
    "what a class takes of it": ("Reader(db).save", []),
    "what a function takes of it": ("read(db)", []),
    "what is awaited": ("send, await db.read()", []),
    "what it says": ("send, repr(db)", []),
    "a parameter of that name": ("lambda db: db.write()", []),
    "a function that calls itself": ("same(db)", []),
    "loop variable": ("send, row", ["db.[]"]),
}


@pytest.mark.parametrize(("call", "expected"), HELD.values(), ids=HELD)
def test_what_a_task_holds(call: str, expected: list[str]) -> None:
    body = f"other = db\ndef job():\n    db.write()\nfor row in db:\n    tasks.add_task({call})"
    app = read_app([parse(BEFORE + endpoint(body, "tasks: BackgroundTasks, db"))])
    [task] = app.tasks

    held = [reach for reach in reached_by(task) if reach.name.id == "db"]

    assert [".".join(["db", *reach.path]) + " late" * reach.late for reach in held] == expected


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param("def job(x, y):\n    y.write()", ["other"], id="unread"),
        pytest.param(
            "def job(x, y):\n    def later(): x.write()\n    y.write(later)", ["db", "other"], id="nested"
        ),
        pytest.param("def job(x, y):\n    print(locals())", ["db", "other"], id="locals"),
        pytest.param("def job(x, y): ...", ["db", "other"], id="a stub"),
        pytest.param("def job(x, y): pass", [], id="does nothing"),
    ],
)
@pytest.mark.parametrize(
    "call", ["job, db, other", "job, y=other, x=db", "functools.partial(job, db), other"]
)
def test_a_task_does_not_hold_what_its_function_leaves_unread(
    job: str, call: str, expected: list[str]
) -> None:
    [task] = read_app([parse(f"import functools\n{job}\n{endpoint(f'tasks.add_task({call})')}")]).tasks
    assert sorted(reach.name.id for reach in reached_by(task) if reach.name.id != "job") == expected


def test_what_callers_give_to_a_parameter_reaches_the_task_too() -> None:
    helpers = "def plan(tasks: BackgroundTasks, x): tasks.add_task(x.write)\ndef more(t, y): plan(t, y.db)\n"
    app = read_app([parse(helpers + endpoint("more(tasks, one)", "tasks: BackgroundTasks, one"))])
    [task] = app.tasks

    assert [(each.name.id, each.path, ast.unparse(each.call)) for each in reached_by(task)] == [
        ("x", ("write()",), "tasks.add_task(x.write)"),
        ("y", ("db", "write()"), "plan(t, y.db)"),
        ("one", ("db", "write()"), "more(tasks, one)"),
    ]
