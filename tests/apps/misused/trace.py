from collections import Counter

TRACE: Counter[str] = Counter()


def leave(path: str) -> None:
    TRACE[path] += 1
