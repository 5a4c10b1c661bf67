"""What a run tells while it goes on; how that is shown is the command line's matter."""

from typing import Protocol

from appstore.reconcile.decision import Step
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Entry


class Progress(Protocol):
    """Heard by the one thread that conducts the run, so it needs no lock."""

    def planned(self, total: int) -> None:
        """So many entries are going to be acted on."""

    def started(self, entry: Entry) -> None:
        """The first request for this entry is about to be sent."""

    def step(self, entry: Entry, step: Step) -> None:
        """The entry has come to this step."""

    def ended(self, outcome: Outcome) -> None:
        """The entry has ended; called once for every entry of the plan."""


class Silent:
    """Tells nobody."""

    def planned(self, total: int) -> None:
        """Nothing."""

    def started(self, entry: Entry) -> None:
        """Nothing."""

    def step(self, entry: Entry, step: Step) -> None:
        """Nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Nothing."""
