# ruff: noqa: E501 - a message is one line
import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

APPS = ROOT / "tests" / "apps"

# The statement, what mypy says of it, and what it says with the plugin. Of all else it says the same.
INTENDED = {
    # Calls that do nothing in the background.
    "tasks.add_task(monthly, shop, year)": (
        None,
        '"monthly" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]',
    ),
    "tasks.add_task(shop.images.thumbnails, sku)": (
        None,
        '"shop.images.thumbnails" is a generator function, so nothing in it runs; add a function that iterates over it  [background-task]',
    ),
    'tasks.add_task(lambda: shop.mailer.send_later(3600, customer.email, "Still there?"))': (
        None,
        "The lambda returns a coroutine that is never awaited; write tasks.add_task(shop.mailer.send_later, ...)  [background-task]",
    ),
    # What is wrong in the direct call.
    'tasks.add_task(publishing, f"{year}.csv")': (
        None,
        'Argument 1 to "publish" has incompatible type "str"; expected "Path"  [arg-type]',
    ),
    'tasks.add_task(partial(shop.mails.refunded, customer), refunded, reasons="as you asked")': (
        None,
        'Unexpected keyword argument "reasons" for "refunded" of "OrderMails"; did you mean "reason"?  [call-arg]',
    ),
    # The same in better words.
    "tasks.add_task(shop.mails.shipped, customer, shipped, tracking=shipped.id)": (
        'Argument "tracking" to "add_task" of "LoggedTasks" has incompatible type "OrderId"; expected "str | None"  [arg-type]',
        'Argument "tracking" to "shipped" of "OrderMails" has incompatible type "OrderId"; expected "str | None"  [arg-type]',
    ),
    "tasks.add_task(shop.payments.refund, refunded.payment, str(amount), full=False)": (
        'Argument 1 to "add_task" of "BackgroundTasks" has incompatible type overloaded function; expected "Callable[[str, str, bool], Any]"  [arg-type]',
        'No overload variant of "refund" of "Payments" matches argument types "str", "str", "bool"  [call-overload]',
    ),
    "tasks.add_task(reindex(shop))": (
        'Argument 1 to "add_task" of "BackgroundTasks" has incompatible type "Coroutine[Any, Any, int]"; expected "Callable[[], object]"  [arg-type]',
        '"Coroutine[Any, Any, int]" not callable: "reindex" makes a coroutine here, which is never awaited and cannot be called; write tasks.add_task(reindex, ...)  [background-task]',
    ),
    'return JSONResponse({"purged": len(made)}, background=tasks.add_task(shop.reports.purge))': (
        '"add_task" of "BackgroundTasks" does not return a value (it only ever returns None)  [func-returns-value]',
        '"tasks.add_task" returns None, not a background task; write tasks.add_task(...) before it, and background=tasks  [background-task]',
    ),
    # What is right, and mypy rejects.
    'lambda count, unit="readers": shop.audit.record("newsletter", f"{count} {unit}"), len(readers)': (
        "Cannot infer type of lambda  [misc]",
        None,
    ),
}
OTHERWISE = {
    'tasks.add_task(shop.prices.update, {"MUG-0001": 9})': 'Dict entry 0 has incompatible type "str": "int"; expected "str": "Decimal"  [dict-item]',
    "tasks.add_task(shop.customers.unsubscribe, customer.id)": 'Item "None" of "Customer | None" has no attribute "id"  [union-attr]',
    "return target": 'Returning Any from function declared to return "None"  [no-any-return]',
}


def ask(folder: Path, *, plugin: bool) -> dict[str, str]:
    """Return the errors that mypy finds in the apps, by the statements that they stand in."""
    config = (APPS / "mypy.ini").read_text(encoding="utf-8")
    if plugin:
        config = config.replace("[mypy]\n", "[mypy]\nplugins = bgtasks.mypy_plugin\n", 1)
    (folder / "mypy.ini").write_text(config)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", "shop", "notify.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    said: dict[str, str] = {}
    for path, line, message in re.findall(r"(?m)^(.*?):(\d+): error: (.*)$", done.stdout):
        statement = (folder / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip()
        assert statement not in said
        said[statement] = message
    return said


@pytest.mark.checker
def test_a_whole_app_gets_the_same_diagnostics_but_for_the_intended_ones(tmp_path: Path) -> None:
    shutil.copytree(APPS / "shop", tmp_path / "shop")
    shutil.copy(ROOT / "examples" / "notify.py", tmp_path)
    without, with_plugin = ask(tmp_path, plugin=False), ask(tmp_path, plugin=True)
    assert without == OTHERWISE | {line: said for line, (said, _) in INTENDED.items() if said}
    assert with_plugin == OTHERWISE | {line: said for line, (_, said) in INTENDED.items() if said}


def test_the_app_is_of_some_size() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (APPS / "shop").rglob("*.py")]
    calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    tasks = [call for call in calls if re.search(r"add_task$|BackgroundTask$", ast.unparse(call.func))]
    assert sum(source.count("\n") for source in sources) >= 2000
    assert len(tasks) >= 100
