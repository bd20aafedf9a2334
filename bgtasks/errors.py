class BgtasksError(Exception):
    """Something that the user can mend. Its text is one line: what is wrong, where, and what to do."""


class RunError(Exception):
    """Why nothing can be concluded from the run of a checker, in one line."""
