"""When something may be tried again, and when our own earlier action has taken too long."""

from datetime import date, datetime, time, timedelta

from appstore.reconcile.live import LiveStack

UPDATE_PAUSES = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 240))
"""The pause before each repeat of a failed create or update; after the last one it is held.

Doubled each time; the fifth is the last.
"""

ACTION_PAUSE = timedelta(hours=1)
"""The pause before a failed suspend, resume or delete is repeated."""

TIMEOUT_MARGIN = timedelta(minutes=15)
"""What Heat may take beyond the timeout it was given until it says so."""

LONGEST_TIMEOUT_MINUTES = 240
"""The largest timeout a contract may ask for: for stacks whose contract is not at hand."""


def last_action(live: LiveStack) -> datetime:
    """When the last action began; Heat shows no update time before the first update."""
    return live.updated or live.created


def over_time(live: LiveStack, timeout_minutes: int, now: datetime) -> bool:
    """Whether an action in progress has outlived its own timeout."""
    return now > last_action(live) + timedelta(minutes=timeout_minutes) + TIMEOUT_MARGIN


def next_hourly(live: LiveStack) -> datetime:
    """When a failed suspend, resume or delete may be sent again."""
    return last_action(live) + ACTION_PAUSE


def next_update(live: LiveStack, tries: int) -> datetime | None:
    """When a failed create or update may be sent again after `tries` repeats; None: held."""
    if tries >= len(UPDATE_PAUSES):
        return None
    return last_action(live) + UPDATE_PAUSES[tries]


def end_of_grace(ending: date, grace: timedelta, now: datetime) -> datetime:
    """When an ended stack may be deleted: the whole day of the tag never counts against it."""
    tagged = datetime.combine(ending, time.min, tzinfo=now.tzinfo)
    return tagged + timedelta(days=1) + grace
