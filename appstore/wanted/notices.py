"""Ending notices: 14, 3 and 1 days before the last day of a deployment."""

from dataclasses import dataclass
from datetime import date

from appstore.wanted.lifetimes import Situation, last_day, zone_of
from appstore.wanted.moments import local
from appstore.wanted.states import Cause

DAYS_BEFORE = (1, 3, 14)


@dataclass(frozen=True, slots=True)
class Notice:
    """It ends soon: `days` says which notice is due, `cause` is the line with the date."""

    days: int
    last_day: date
    cause: Cause


def ending_notice(situation: Situation) -> Notice | None:
    """The notice that is due; None early, after the end, and for what is absent already."""
    if situation.deployment.model.state == "absent":
        return None
    last = last_day(situation.deployment, situation.course)
    if last is None:
        return None
    left = (last.day - local(situation.now, zone_of(situation.course)).date()).days
    due = next((days for days in DAYS_BEFORE if 0 <= left <= days), None)
    return None if due is None else Notice(due, last.day, last.cause)
