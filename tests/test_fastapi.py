import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Annotated

import anyio.to_thread
import httpx
import pytest
from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from fastapi import Depends, FastAPI, HTTPException, Response
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.types import ASGIApp, Receive, Scope, Send

from bgtasks import BackgroundTask, BackgroundTasks, BackgroundTaskWarning
from bgtasks.fastapi import BackgroundTasksDep, get_background_tasks

pytestmark = pytest.mark.live

Serve = Callable[[ASGIApp], AbstractContextManager[httpx.Client]]
Respond = Callable[[StarletteBackgroundTasks], Response | None]


def app_that_injects_fastapis(respond: Respond) -> FastAPI:
    app = FastAPI()

    @app.get("/", response_model=None)
    def endpoint(tasks: FastAPIBackgroundTasks) -> Response | None:
        return respond(tasks)

    return app


def app_that_injects_ours(respond: Respond) -> FastAPI:
    app = FastAPI()

    @app.get("/", response_model=None)
    def endpoint(tasks: BackgroundTasksDep) -> Response | None:
        return respond(tasks)

    return app


each_class = pytest.mark.parametrize(
    "app_for",
    [
        pytest.param(app_that_injects_fastapis, id="fastapi"),
        pytest.param(app_that_injects_ours, id="bgtasks"),
    ],
)


def get(serve: Serve, app: ASGIApp) -> httpx.Response:
    with serve(app) as client:
        return client.get("/")


def runs_in_the_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@each_class
def test_the_response_arrives_before_a_sync_task_has_run(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    response_arrived = threading.Event()
    ran_after_the_response: list[bool] = []

    def task() -> None:
        ran_after_the_response.append(response_arrived.wait(timeout=4))

    with serve(app_for(lambda tasks: tasks.add_task(task))) as client:
        response = client.get("/")
        assert ran_after_the_response == []
        response_arrived.set()

    assert response.status_code == 200
    assert ran_after_the_response == [True]


@each_class
def test_the_response_arrives_before_an_async_task_has_run(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    response_arrived = threading.Event()
    ran_after_the_response: list[bool] = []

    async def task() -> None:
        ran_after_the_response.append(await anyio.to_thread.run_sync(response_arrived.wait, 4))

    with serve(app_for(lambda tasks: tasks.add_task(task))) as client:
        response = client.get("/")
        assert ran_after_the_response == []
        response_arrived.set()

    assert response.status_code == 200
    assert ran_after_the_response == [True]


@each_class
def test_tasks_run_in_the_order_they_were_added(serve: Serve, app_for: Callable[[Respond], FastAPI]) -> None:
    ran: list[tuple[str, int]] = []

    def sync_task(number: int) -> None:
        ran.append(("sync", number))

    async def async_task(number: int) -> None:
        await asyncio.sleep(0)
        ran.append(("async", number))

    def respond(tasks: StarletteBackgroundTasks) -> None:
        tasks.add_task(async_task, 1)
        tasks.add_task(sync_task, number=2)
        tasks.add_task(async_task, number=3)
        tasks.add_task(sync_task, 4)

    response = get(serve, app_for(respond))

    assert response.status_code == 200
    assert ran == [("async", 1), ("sync", 2), ("async", 3), ("sync", 4)]


@each_class
def test_sync_tasks_run_in_a_worker_thread_and_async_tasks_in_the_event_loop(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    in_the_event_loop: dict[str, bool] = {}

    def sync_task() -> None:
        in_the_event_loop["sync"] = runs_in_the_event_loop()

    async def async_task() -> None:
        in_the_event_loop["async"] = runs_in_the_event_loop()

    def respond(tasks: StarletteBackgroundTasks) -> None:
        tasks.add_task(sync_task)
        tasks.add_task(async_task)

    get(serve, app_for(respond))

    assert in_the_event_loop == {"sync": False, "async": True}


@each_class
def test_without_tasks_the_response_is_as_ever(serve: Serve, app_for: Callable[[Respond], FastAPI]) -> None:
    response = get(serve, app_for(lambda _: None))

    assert response.status_code == 200
    assert response.json() is None


@each_class
def test_a_failing_task_stops_the_later_ones_and_the_server_logs_its_error(
    serve: Serve, app_for: Callable[[Respond], FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []
    error = LookupError("no such address")

    def fail() -> None:
        raise error

    def respond(tasks: StarletteBackgroundTasks) -> None:
        tasks.add_task(ran.append, "before")
        tasks.add_task(fail)
        tasks.add_task(ran.append, "after")

    response = get(serve, app_for(respond))

    assert response.status_code == 200
    assert ran == ["before"]
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error]


@each_class
def test_an_error_in_the_endpoint_drops_the_tasks(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> None:
        tasks.add_task(ran.append, "task")
        raise HTTPException(status_code=409)

    response = get(serve, app_for(respond))

    assert response.status_code == 409
    assert ran == []


@each_class
def test_a_response_without_background_takes_the_injected_tasks(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> Response:
        tasks.add_task(ran.append, "injected")
        return Response("as it stands")

    response = get(serve, app_for(respond))

    assert response.text == "as it stands"
    assert ran == ["injected"]


@each_class
def test_a_response_with_background_drops_the_injected_tasks(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> Response:
        tasks.add_task(ran.append, "injected")
        return Response(background=BackgroundTask(ran.append, "of the response"))

    get(serve, app_for(respond))

    assert ran == ["of the response"]


@each_class
def test_the_injected_tasks_as_background_of_the_response_run_once(
    serve: Serve, app_for: Callable[[Respond], FastAPI]
) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> Response:
        tasks.add_task(ran.append, "injected")
        return Response(background=tasks)

    get(serve, app_for(respond))

    assert ran == ["injected"]


@each_class
def test_background_tasks_are_themselves_a_task(serve: Serve, app_for: Callable[[Respond], FastAPI]) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> None:
        tasks.add_task(ran.append, "before")
        tasks.add_task(type(tasks)([BackgroundTask(ran.append, "inner")]))
        tasks.add_task(ran.append, "after")

    get(serve, app_for(respond))

    assert ran == ["before", "inner", "after"]


@each_class
def test_a_running_task_may_add_another(serve: Serve, app_for: Callable[[Respond], FastAPI]) -> None:
    ran: list[str] = []

    def respond(tasks: StarletteBackgroundTasks) -> None:
        def task() -> None:
            if not ran:
                tasks.add_task(ran.append, "added meanwhile")
            ran.append("task")

        tasks.add_task(task)

    get(serve, app_for(respond))

    assert ran == ["task", "added meanwhile"]


@each_class
def test_requests_do_not_share_their_tasks(serve: Serve, app_for: Callable[[Respond], FastAPI]) -> None:
    ran: list[str] = []

    with serve(app_for(lambda tasks: tasks.add_task(ran.append, "task"))) as client:
        client.get("/")
        client.get("/")

    assert ran == ["task", "task"]


def test_the_schema_is_the_one_with_fastapis_own_class() -> None:
    ours = app_that_injects_ours(lambda _: None).openapi()

    assert ours == app_that_injects_fastapis(lambda _: None).openapi()
    assert "parameters" not in ours["paths"]["/"]["get"]


def test_the_endpoint_receives_our_class(serve: Serve) -> None:
    received: list[type[object]] = []

    get(serve, app_that_injects_ours(lambda tasks: received.append(type(tasks))))

    assert received == [BackgroundTasks]


class Own(StarletteBackgroundTasks):
    """A subclass as an app may have."""


@pytest.mark.parametrize("annotation", [BackgroundTasks, StarletteBackgroundTasks, Own])
def test_a_subclass_as_annotation_gets_fastapis_class_and_its_tasks_run_without_a_warning(
    serve: Serve, annotation: type[StarletteBackgroundTasks], recwarn: pytest.WarningsRecorder
) -> None:
    """What docs/warnings.md says of it. A generator function, of which our class would warn, is added."""
    ran: list[str] = []
    received: list[type[object]] = []

    def lazy() -> Iterator[None]:
        yield

    def endpoint(tasks: StarletteBackgroundTasks) -> None:
        received.append(type(tasks))
        tasks.add_task(ran.append, "a task")
        tasks.add_task(lazy)

    endpoint.__annotations__["tasks"] = annotation
    app = FastAPI()
    app.get("/")(endpoint)

    assert get(serve, app).status_code == 200
    assert received == [FastAPIBackgroundTasks]
    assert ran == ["a task"]
    assert not [each for each in recwarn if issubclass(each.category, BackgroundTaskWarning)]


def test_dependencies_and_the_endpoint_fill_one_list(serve: Serve) -> None:
    ran: list[str] = []

    def sub_dependency(tasks: BackgroundTasksDep) -> None:
        tasks.add_task(ran.append, "sub-dependency")

    def dependency(_: Annotated[None, Depends(sub_dependency)], tasks: BackgroundTasksDep) -> None:
        tasks.add_task(ran.append, "dependency")

    def dependency_with_fastapis_class(tasks: FastAPIBackgroundTasks) -> None:
        tasks.add_task(ran.append, "dependency with FastAPI's class")

    app = FastAPI()
    dependencies = [Depends(dependency), Depends(dependency_with_fastapis_class)]

    @app.get("/", dependencies=dependencies)
    async def endpoint(tasks: BackgroundTasksDep) -> None:
        tasks.add_task(ran.append, "endpoint")

    get(serve, app)

    assert ran == ["sub-dependency", "dependency", "dependency with FastAPI's class", "endpoint"]


def test_one_function_may_take_both_classes(serve: Serve) -> None:
    ran: list[str] = []
    app = FastAPI()

    @app.get("/")
    def endpoint(fastapis: FastAPIBackgroundTasks, ours: BackgroundTasksDep) -> None:
        fastapis.add_task(ran.append, "FastAPI's")
        ours.add_task(ran.append, "ours")
        fastapis.add_task(ran.append, "FastAPI's again")

    get(serve, app)

    assert ran == ["FastAPI's", "ours", "FastAPI's again"]


def test_the_dependency_needs_no_worker_thread(serve: Serve) -> None:
    app = FastAPI()

    @app.get("/")
    async def endpoint(tasks: BackgroundTasksDep) -> int:
        return len(tasks.tasks)

    async def app_without_worker_threads(scope: Scope, receive: Receive, send: Send) -> None:
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = 1
        async with limiter:
            await app(scope, receive, send)

    response = get(serve, app_without_worker_threads)

    assert response.status_code == 200


def test_the_dependency_can_be_overridden(serve: Serve) -> None:
    ran: list[str] = []
    collected = BackgroundTasks()
    app = app_that_injects_ours(lambda tasks: tasks.add_task(ran.append, "task"))
    app.dependency_overrides[get_background_tasks] = lambda: collected

    get(serve, app)

    assert ran == []
    assert [task.args for task in collected.tasks] == [("task",)]
