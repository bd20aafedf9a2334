import functools
import logging


def logged(task):
    @functools.wraps(task)
    def run(*args, **kwargs):
        logging.info("started")
        return task(*args, **kwargs)

    return run
