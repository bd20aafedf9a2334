"""The entry point. It speaks clearly also where the extra for the command line is missing."""

import sys

from bgtasks.errors import BgtasksError


def main() -> None:
    """Run the command line; whatever the user can mend ends in one line and exit code 2."""
    try:
        from bgtasks.cli import app  # noqa: PLC0415 - what it imports may be missing

        app()
    except BgtasksError as error:
        fail(str(error))
    except ModuleNotFoundError as error:
        fail(f"{error.name} is not installed; pip install 'typed-bgtasks[verify]'")
    except KeyboardInterrupt:
        fail("interrupted; nothing was checked")


def fail(line: str) -> None:
    sys.stderr.write(f"bgtasks: {line}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
