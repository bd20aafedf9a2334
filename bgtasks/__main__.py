"""The entry point. It speaks clearly also where the extra for the command line is missing."""

import os
import sys

if __name__ == "__main__":
    # `python -m` looks first where we stand; what lies there is read, and not to be run.
    sys.path.append(sys.path.pop(0))

INTERRUPTED = "interrupted; nothing was checked"
MISTAKEN = 2

try:
    import gc
    import io
    import traceback
    from contextlib import suppress
    from typing import NoReturn

    from bgtasks import leftovers, streams
    from bgtasks.errors import BgtasksError, advise_install
except KeyboardInterrupt:  # we do not listen yet, and Python would show where it was
    os.write(2, f"bgtasks: {INTERRUPTED}\n".encode())
    os._exit(MISTAKEN)

# How many objects are made before Python looks for garbage.
FEW = 500_000


def main() -> None:
    """Run the command line; whatever the user can mend ends in one line and exit code 2."""
    # All that is read lives until it is reported; to look for garbage in it costs a tenth of our time.
    gc.set_threshold(FEW)
    leftovers.listen(leave)
    streams.prepare()
    code = answer()
    gc.freeze()  # nor does Python, at its end, have to look for any
    sys.exit(code)


def answer() -> int:
    """Return the exit code, once all is said. Nothing gets past this but what ends the process."""
    try:
        code = run()
        sys.stdout.flush()
    except BgtasksError as error:
        return fail(str(error))
    except ModuleNotFoundError as error:
        return fail(f"{error.name} is not installed; {advise_install('verify')}")
    except KeyboardInterrupt:
        return fail(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the one door for what nobody thought of
        if os.environ.get("BGTASKS_DEBUG") == "1":
            traceback.print_exc()
        return fail(explain(error))
    return code


def explain(error: Exception) -> str:
    """Say what came in the way: what the system refused us is no bug of ours."""
    match error:
        case OSError(filename=str() | bytes() as name):
            return f"{os.fsdecode(name)}: {error.strerror}"
        case OSError():
            return f"the system refused something that was needed: {error.strerror or error}"
        case UnicodeEncodeError():  # of a name that is no text
            line = error.object[: error.end].splitlines()[-1]
            return f"no checker can be told of what is no UTF-8: {line[-200:]!r}; rename it"
        case MemoryError():
            return "there is not enough memory"
        case _:
            told = f"{type(error).__name__}: {error}"[:300]
            return f"this is a bug in bgtasks, please report it (BGTASKS_DEBUG=1 tells more): {told}"


def run() -> int:
    import click  # noqa: PLC0415 - it may be missing

    from bgtasks.cli import app  # noqa: PLC0415 - as above

    try:
        os.getcwd()  # noqa: PTH109 - it may be gone
    except OSError as error:
        raise BgtasksError(f"the current folder cannot be found: {error.strerror}; go to another") from None
    try:
        app(standalone_mode=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except click.ClickException as error:
        text = io.StringIO()
        error.show(text)
        sys.stderr.write(streams.tame(text.getvalue()))
        return error.exit_code
    except click.Abort:
        return fail(INTERRUPTED)
    return 0


def fail(line: str) -> int:
    with suppress(OSError):
        sys.stderr.write(f"bgtasks: {streams.tame(' '.join(line.splitlines()))}\n")
        sys.stderr.flush()
    return MISTAKEN


def leave() -> NoReturn:
    """End at once after a signal: whatever we were about to do is not finished."""
    cursor = "\x1b[?25h" if sys.stderr and sys.stderr.isatty() else ""
    with suppress(OSError):  # not through the stream, which may be in the middle of a write
        os.write(2, f"{cursor}bgtasks: {INTERRUPTED}\n".encode())
    os._exit(MISTAKEN)


if __name__ == "__main__":
    main()
