"""What moves on stderr while something is at work."""

from collections.abc import Mapping

from rich import status
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Status(status.Status):
    """A line that tells what is being done."""

    def __init__(self, doing: str) -> None:
        super().__init__(doing, console=Console(stderr=True))
        self.start()


class Lines:
    """A line for each of `titles`, until `total` runs of it have ended."""

    def __init__(self, titles: Mapping[str, str], total: int) -> None:
        self.progress: Progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            refresh_per_second=4,
        )
        self.tasks: dict[str, TaskID] = {
            name: self.progress.add_task(title, total=total) for name, title in titles.items()
        }
        self.progress.start()

    def end(self, name: str, line: str) -> None:
        """Count one run of a checker as ended, and print what is said of it."""
        self.progress.advance(self.tasks[name])
        self.progress.console.print(line, highlight=False)

    def stop(self) -> None:
        """Take the lines away."""
        self.progress.stop()
