class BgtasksError(Exception):
    """Something that the user can mend. Its text is one line: what is wrong, where, and what to do."""


class RunError(Exception):
    """Why nothing can be concluded from the run of a checker, in one line."""


class StoppedError(RunError):
    """A checker that did not end as it should; `output` and `complaint` are what it printed."""

    def __init__(self, code: int, output: str, complaint: str, said: str) -> None:
        super().__init__(f"stopped with exit code {code} and said: {said or 'nothing'}")
        self.output = output
        self.complaint = complaint


def advise_install(extra: str) -> str:
    """Say how to install an extra of ours. CONTRIBUTING.md tells what it says from the first release on."""
    return f"pip install '.[{extra}]' in a checkout of typed-bgtasks"
