"""What was read about one stack beyond its row of the listing."""

from dataclasses import dataclass
from itertools import takewhile

from appstore.reconcile.live import FailedResource, StackEvent


@dataclass(frozen=True, slots=True)
class Looks:
    """Evidence for the rows that need more than the listing; None where nothing was read.

    `events` are the stack's own, newest first.
    """

    failed: tuple[FailedResource, ...] | None = None
    events: tuple[StackEvent, ...] | None = None


NOTHING_READ = Looks()


def failures_in_a_row(events: tuple[StackEvent, ...], status: str) -> int:
    """How often the stack ended with this status since it last ended with another one."""
    ends = (event.status for event in events if not event.status.endswith("_IN_PROGRESS"))
    return sum(1 for _ in takewhile(lambda end: end == status, ends))


def never_served(failed: tuple[FailedResource, ...]) -> tuple[str, ...]:
    """The resources whose creation failed: replacing them takes nothing from anybody."""
    return tuple(sorted(each.path for each in failed if each.status == "CREATE_FAILED"))
