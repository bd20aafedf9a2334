from typing import Annotated
from functools import partial
import fastapi
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Query,
    Request,
    Security,
    UploadFile,
    Cookie,
    Path,
)
from fastapi.params import Depends as D

app = FastAPI()
router = APIRouter()


def get_db(): ...


DB = Annotated[object, Depends(get_db)]


def by_depends(x, db=Depends(get_db)): ...
def by_annotated(x, db: Annotated[object, Depends(get_db)]): ...
def by_alias(x, db: DB): ...
def by_alias_default(x, db: DB = None): ...
def by_query(x: int = Query(1)): ...
def by_query_annotated(x: Annotated[int, Query()] = 1): ...
def by_header(x, h: str = Header(None)): ...
def by_body(x, b: dict = Body(...)): ...
def by_security(x, s=Security(get_db)): ...
def by_params(x, s=D(get_db)): ...
def by_module(x, s=fastapi.Depends(get_db)): ...
def by_file(x, f: UploadFile = File(...)): ...
async def aby(x, db=Depends(get_db)): ...
@router.post("/e")
async def endpoint(x: int, db=Depends(get_db)): ...


class Service:
    def __init__(self, db=Depends(get_db)): ...
    def run(self, x, q: str = Query("a")): ...
    @classmethod
    def cl(cls, q=Depends(get_db)): ...
    @staticmethod
    def st(q=Depends(get_db)): ...


s = Service(None)


@app.post("/")
def f(tasks: BackgroundTasks, service: Service = Depends(), db=Depends(get_db)):
    tasks.add_task(by_depends, 1)  # BGT310
    tasks.add_task(by_depends, 1, db)
    tasks.add_task(by_depends, 1, db=db)
    tasks.add_task(by_annotated, 1, db)
    tasks.add_task(by_alias_default, 1)
    tasks.add_task(by_query)  # BGT310
    tasks.add_task(by_query, 3)
    tasks.add_task(by_query_annotated)
    tasks.add_task(by_header, 1)  # BGT310
    tasks.add_task(by_body, 1)  # BGT310
    tasks.add_task(by_security, 1)  # BGT310
    tasks.add_task(by_params, 1)  # BGT310
    tasks.add_task(by_module, 1)  # BGT310
    tasks.add_task(by_file, 1)  # BGT310
    tasks.add_task(aby, 1)  # BGT310
    tasks.add_task(aby, x=1, db=db)
    tasks.add_task(endpoint, 1)  # BGT310
    tasks.add_task(endpoint, 1, db)
    tasks.add_task(service.run, 1)  # BGT310
    tasks.add_task(service.run, 1, "q")
    tasks.add_task(s.run, 1, q="a")
    tasks.add_task(Service.cl)  # BGT310
    tasks.add_task(Service.st)  # BGT310
    tasks.add_task(Service.st, 1)
    tasks.add_task(partial(by_depends, 1))  # BGT310
    tasks.add_task(partial(by_depends, db=db), 1)
    tasks.add_task(lambda: by_depends(1))  # BGT310
    tasks.add_task(lambda: by_depends(1, db))
    tasks.add_task(Service().run, 1, "a")  # BGT310
    own = Service()
    tasks.add_task(own.run, 1, "a")  # BGT310
    tasks.add_task(*[by_depends, 1])
    tasks.add_task(by_depends, *[1, db])
