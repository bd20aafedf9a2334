"""BGT212: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.ignored_background import RULE
from examples import codes_of, endpoint

INVALID = {
    "single": "response.background = BackgroundTask(send)\nreturn {}",
    "several": "own = BackgroundTasks()\nown.add_task(send)\nresponse.background = own\nreturn {}",
    "nothing returned": "response.background = BackgroundTask(send)",
    "in a branch": "if unknown:\n    response.background = BackgroundTask(send)\nreturn {}",
    "status too": "response.status_code = 201\nresponse.background = BackgroundTask(send)\nreturn {}",
    "another response": "response.background = BackgroundTask(send)\nreturn JSONResponse({})",
    "returned elsewhere": "if unknown:\n    return response\nresponse.background = BackgroundTask(send)",
}
VALID = {
    "returned": "response.background = BackgroundTask(send)\nreturn response",
    "handed on": "response.background = BackgroundTask(send)\nreturn unknown(response)",
    "another name": "same = response\nsame.background = BackgroundTask(send)\nreturn same",
    "none": "response.background = None",
    "unknown": "response.background = unknown",
    "bound anew": "response = JSONResponse({})\nresponse.background = BackgroundTask(send)\nreturn response",
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(body: str) -> None:
    assert codes_of(endpoint(body, "response: Response")) == [RULE.code]


@pytest.mark.parametrize("body", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(body: str) -> None:
    assert codes_of(endpoint(body, "response: Response")) == []


def test_injected_tasks_run_anyway() -> None:
    body = "tasks.add_task(send)\nresponse.background = tasks"

    assert codes_of(endpoint(body, "tasks: BackgroundTasks, response: Response")) == []


def test_a_dependency_is_no_better() -> None:
    source = "def dep(response: Response):\n    response.background = BackgroundTask(send)\n"

    assert codes_of(source + endpoint("...", "_=Depends(dep)")) == [RULE.code]
    assert codes_of(source) == []
