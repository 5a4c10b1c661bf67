"""Live progress on stderr: a bar on a terminal, plain lines elsewhere."""

import os
import sys
from typing import TYPE_CHECKING, Self

import click

from appstore.reconcile.outcome import Done
from appstore.report.escape import plain
from appstore.report.outcomes import word
from appstore.report.subjects import full_id

if TYPE_CHECKING:
    from rich.progress import TaskID

    from appstore.reconcile.decision import Step
    from appstore.reconcile.outcome import Outcome
    from appstore.reconcile.plan import Entry


def shown() -> "Lines | Bar":
    """The bar where a person watches, else one line for each instance that ends."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Bar()
    return Lines()


class Lines:
    """One line when the run starts and one for each instance that ends."""

    def __init__(self) -> None:
        self._total = 0
        self._ended = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def planned(self, total: int) -> None:
        """How many instances are acted on."""
        self._total = total

    def started(self, entry: "Entry") -> None:
        """Nothing: the end is told."""

    def step(self, entry: "Entry", step: "Step") -> None:
        """Nothing: the end is told."""

    def ended(self, outcome: "Outcome") -> None:
        """`[3/40] lecturer-a/net101/signup/s03 create: done`."""
        action = getattr(outcome.result, "action", None)
        if action is None:
            return
        self._ended += 1
        name = plain(full_id(outcome.entry))
        click.echo(
            f"[{self._ended}/{self._total}] {name} {action}: {word(outcome.result)}", err=True
        )


class Bar:
    """A bar with counts and the names that are being worked on."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
        self._progress: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[working]}", markup=False),
            console=console,
            transient=True,
        )
        self._task: TaskID = self._progress.add_task("apply", working="")
        self._working: dict[str, str] = {}
        self._failed = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def planned(self, total: int) -> None:
        """The length of the bar."""
        self._progress.update(self._task, total=total)

    def started(self, entry: "Entry") -> None:
        """Nothing: its first step follows at once."""

    def step(self, entry: "Entry", step: "Step") -> None:
        """Show what is being done to whom."""
        name = plain(full_id(entry))
        self._working.pop(name, None)
        self._working[name] = str(step)
        self._draw(0)

    def ended(self, outcome: "Outcome") -> None:
        """One more is over; failures are counted and told at once."""
        if getattr(outcome.result, "action", None) is None:
            return
        name = plain(full_id(outcome.entry))
        self._working.pop(name, None)
        if not isinstance(outcome.result, Done):
            self._failed += 1
            self._progress.console.print(f"{name}: {word(outcome.result)}", markup=False)
        self._draw(1)

    def _draw(self, advance: int) -> None:
        newest = list(self._working.items())[-2:]
        text = ", ".join(f"{name.partition('/')[2]} {step}" for name, step in newest)
        more = len(self._working) - len(newest)
        self._progress.update(
            self._task, advance=advance, working=text + (f" and {more} more" if more else "")
        )
