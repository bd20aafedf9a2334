import subprocess
import sys


def modules_loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    return set(result.stdout.split())


def test_importing_bgtasks_loads_starlette_and_typing_extensions_only() -> None:
    required = modules_loaded_by("import starlette.background, typing_extensions")

    loaded = modules_loaded_by("import bgtasks")

    assert loaded - required == {"bgtasks", "bgtasks.background"}
