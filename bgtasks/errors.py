class BgtasksError(Exception):
    """Something that the user can mend. Its text is one line: what is wrong, where, and what to do."""


class Interrupted(BgtasksError):  # noqa: N818 - it is no error
    """The user, or the system, ended the work early."""


class RunError(Exception):
    """Why nothing can be concluded from the run of a checker, in one line."""
