"""Between the clock on a course's wall and UTC, in which everything is compared.

A wall shows some times twice and some never when the clocks change. What opens does so at the
earliest moment that could be meant and what closes at the latest, so that nobody is shut out.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Berlin"
"""The zone of deployments without a course, and the default of `course.yaml`."""


def local(moment: datetime, zone: str) -> datetime:
    """What the wall shows at this moment."""
    return moment.astimezone(ZoneInfo(zone))


def opening(wall: datetime, zone: str) -> datetime:
    """The earliest moment, in UTC, that a time on the wall can mean."""
    return min(_meanings(wall, zone))


def closing(wall: datetime, zone: str) -> datetime:
    """The latest moment, in UTC, that a time on the wall can mean."""
    return max(_meanings(wall, zone))


def day_begins(day: date, zone: str) -> datetime:
    """The first moment of a day, in UTC; where the clocks skip midnight it is the one after it."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def at_minute(day: date, minute: int) -> datetime:
    """This minute of the day on the wall; 1440 is the midnight that ends it."""
    return datetime.combine(day, time.min) + timedelta(minutes=minute)


def shown(moment: datetime, zone: str) -> str:
    """`Mon 2026-10-12 08:15 Europe/Berlin`: a moment for people, with the zone's name."""
    return f"{local(moment, zone):%a %Y-%m-%d %H:%M} {zone}"


def _meanings(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    here = wall.replace(tzinfo=ZoneInfo(zone))
    return here.replace(fold=0).astimezone(UTC), here.replace(fold=1).astimezone(UTC)
