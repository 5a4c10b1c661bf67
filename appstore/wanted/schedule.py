"""When the machines of a course are awake: spans of time from its classes, homework and exams."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appstore.documents.course import Course
from appstore.documents.marks import Document
from appstore.documents.schedule import Slot
from appstore.wanted.moments import at_minute, closing, day_begins, local, opening
from appstore.wanted.states import Cause, Occasion

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Awake from `at` until `until`, in UTC, the end not included; `occasion` None is homework."""

    at: datetime
    until: datetime
    occasion: Occasion | None


def lesson_at(course: Document[Course], now: datetime) -> Span | None:
    """The class whose lead or hours it is now, else the homework hours, else None.

    Of several classes the first to end decides: the next one holds anew.
    """
    today = local(now, course.model.timezone).date()
    # A lead may reach into the day before; a slot ends with its day, give or take a clock change.
    near = (today - ONE_DAY, today, today + ONE_DAY)
    here = [span for day in near for span in lessons(course, day) if span.at <= now < span.until]
    return min(here, key=lambda span: (span.occasion is None, span.until), default=None)


def next_lesson(course: Document[Course], now: datetime) -> Span | None:
    """The first class or homework hours to begin after now."""
    day = max(local(now, course.model.timezone).date(), course.model.starts)
    while day <= course.model.ends:
        # A long lead can make tomorrow's class open before what is left of today.
        both = (*lessons(course, day), *lessons(course, day + ONE_DAY))
        if later := [span for span in both if span.at > now]:
            return min(later, key=lambda span: span.at)
        day += ONE_DAY
    return None


def lessons(course: Document[Course], day: date) -> Iterator[Span]:
    """The classes with their lead and the homework hours of one day of the course."""
    model = course.model
    schedule = model.schedule
    if schedule is None or not model.starts <= day <= model.ends or schedule.is_off(day):
        return
    for number, slot in enumerate(schedule.classes):
        if slot.falls_on(day):
            begins, ends = _hours(slot, day, model.timezone)
            line = course.mark("schedule", "classes", number).line
            occasion = Occasion("class", begins, ends, Cause(course.path, line, "class"))
            yield Span(begins - timedelta(minutes=schedule.lead), ends, occasion)
    for slot in schedule.homework:
        if slot.falls_on(day):
            yield Span(*_hours(slot, day, model.timezone), None)


def exams(course: Document[Course], deployment: str | None = None) -> tuple[Span, ...]:
    """The freezes that are about a deployment of this name, or all of the course."""
    zone = course.model.timezone
    found = []
    for number, freeze in enumerate(course.model.freezes):
        if deployment is None or not freeze.deployments or deployment in freeze.deployments:
            begins, ends = opening(freeze.from_, zone), closing(freeze.to, zone)
            line = course.mark("freezes", number).line
            occasion = Occasion("exam", begins, ends, Cause(course.path, line, "freeze"))
            found.append(Span(begins - timedelta(minutes=freeze.lead), ends, occasion))
    return tuple(found)


def exam_at(course: Document[Course], deployment: str, now: datetime) -> Occasion | None:
    """The exam that holds now, from its lead on; of several the last to end."""
    here = [span for span in exams(course, deployment) if span.at <= now < span.until]
    return max(here, key=lambda span: span.until).occasion if here else None


def ready_by(course: Document[Course]) -> datetime | None:
    """When all machines shall be there; None for a course whose machines are made as it starts."""
    model = course.model
    if model.ready_by is not None:
        return opening(model.ready_by, model.timezone)
    if model.schedule is None:
        return None
    first = _first_need(course)
    if first is None:
        return day_begins(model.starts, model.timezone)
    wall = local(first, model.timezone).replace(tzinfo=None)
    return opening(wall - ONE_DAY, model.timezone)


def _first_need(course: Document[Course]) -> datetime | None:
    """When the first class or exam begins; without any, the first homework hours."""
    needs = [span.occasion.begins for span in exams(course) if span.occasion]
    needs += _first(
        [span.occasion.begins for span in lessons(course, day) if span.occasion]
        for day in _days(course.model)
    )
    needs = needs or _first(
        [span.at for span in lessons(course, day)] for day in _days(course.model)
    )
    return min(needs, default=None)


def _first(by_day: Iterable[list[datetime]]) -> list[datetime]:
    """The moments of the first day that has any; later days are not looked at."""
    return next(filter(None, by_day), [])


def _days(course: Course) -> Iterator[date]:
    for number in range((course.ends - course.starts).days + 1):
        yield course.starts + number * ONE_DAY


def _hours(slot: Slot, day: date, zone: str) -> tuple[datetime, datetime]:
    return opening(at_minute(day, slot.from_), zone), closing(at_minute(day, slot.to), zone)
