"""The entry point. It speaks clearly also where the extra for the command line is missing."""

import sys
from typing import NoReturn

from bgtasks.errors import BgtasksError


def main() -> None:
    """Run the command line; whatever the user can mend ends in one line and exit code 2."""
    try:
        run()
    except BgtasksError as error:
        fail(str(error))
    except ModuleNotFoundError as error:
        fail(f"{error.name} is not installed; pip install 'typed-bgtasks[verify]'")
    except KeyboardInterrupt:
        fail("interrupted; nothing was checked")


def run() -> NoReturn:
    import click  # noqa: PLC0415 - it may be missing

    from bgtasks.cli import app  # noqa: PLC0415 - as above

    try:
        sys.exit(app(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        raise KeyboardInterrupt from None


def fail(line: str) -> NoReturn:
    sys.stderr.write(f"bgtasks: {line}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
