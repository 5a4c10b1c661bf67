"""When a course is awake: hours within one day, dates in their order, names that exist."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appstore.documents.course import Course
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Document, Path
from appstore.documents.schedule import DayRange, Freeze
from appstore.registry.draft import Draft
from appstore.registry.members import members_for
from appstore.registry.nearest import known_instead
from appstore.registry.registry import DeploymentFile

LONGEST_EXAM = timedelta(days=7)


def check_schedules(draft: Draft) -> Iterator[Finding]:
    """Schedules, `ready_by`, freezes and their records of every course."""
    for place, course in draft.courses.items():
        files = [file for file in draft.deployments if (file.lecturer, file.course) == place]
        yield from _slots(course)
        yield from _days_off(course)
        yield from _ready_by(course)
        yield from _freezes(course, files)
        yield from _exam_resets(course, files)


def _slots(course: Document[Course]) -> Iterator[Finding]:
    schedule = course.model.schedule
    if schedule is None:
        return
    if not schedule.classes and not schedule.homework:
        yield course.finding(
            "registry/schedule",
            "The schedule has no class and no homework hours, so no machine would ever be awake.",
            "Add classes, or remove `schedule` to let machines run all the time.",
            ("schedule",),
        )
    for kind, slots in (("classes", schedule.classes), ("homework", schedule.homework)):
        for number, slot in enumerate(slots):
            if slot.to <= slot.from_:
                yield course.finding(
                    "registry/slot",
                    "This slot does not end after it begins on the same day.",
                    "Correct the times; for hours over midnight write two slots, one to 24:00 "
                    "and one from 00:00 on the next day.",
                    ("schedule", kind, number, "to"),
                )
    if schedule.classes and _first_class(course.model) is None:
        yield course.finding(
            "registry/schedule",
            f"No class falls on a day from {course.model.starts} to {course.model.ends}.",
            "Correct the dates of the course, the days of its classes, or its days off.",
            ("schedule", "classes"),
            Severity.WARNING,
        )


def _first_class(course: Course) -> datetime | None:
    """When the first class of the term begins, on the wall."""
    schedule, day = course.schedule, course.starts
    while schedule is not None and day <= course.ends:
        minutes = [slot.from_ for slot in schedule.classes if slot.falls_on(day)]
        if minutes and not schedule.is_off(day):
            return datetime.combine(day, time.min) + timedelta(minutes=min(minutes))
        day += timedelta(days=1)
    return None


def _days_off(course: Document[Course]) -> Iterator[Finding]:
    model = course.model
    for number, off in enumerate(model.schedule.days_off if model.schedule else ()):
        first, last = (off.from_, off.to) if isinstance(off, DayRange) else (off, off)
        at = ("schedule", "days_off", number)
        if last < first:
            yield course.finding(
                "registry/dates",
                f"These days off end on {last}, before they begin on {first}.",
                "Write the later date as `to`.",
                (*at, "to"),
            )
        elif last < model.starts or first > model.ends:
            yield course.finding(
                "registry/dates",
                f"This lies outside of the course, which lasts from {model.starts} to "
                f"{model.ends}.",
                "Correct the date, or remove the line.",
                at,
                Severity.WARNING,
            )


def _ready_by(course: Document[Course]) -> Iterator[Finding]:
    model = course.model
    if model.ready_by is None:
        return
    first, ready = _first_class(model), f"{model.ready_by:%Y-%m-%d %H:%M}"
    late = ""
    if model.ready_by.date() > model.ends:
        late = f"after the course ends on {model.ends}"
    elif first is not None and model.ready_by > first:
        late = f"after the first class begins at {first:%Y-%m-%d %H:%M}"
    if late:
        yield course.finding(
            "registry/dates",
            f"The machines would be ready on {ready}, {late}.",
            "Write a moment before the first class.",
            ("ready_by",),
        )
    yield from _skipped(course, model.ready_by, ("ready_by",))


def _skipped(course: Document[Course], wall: datetime, at: Path) -> Iterator[Finding]:
    """Some times never come where the clocks go forward; they are read as what they were before."""
    zone = ZoneInfo(course.model.timezone)
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if there != wall:
        yield course.finding(
            "registry/no-such-time",
            f"On {wall:%Y-%m-%d} the clocks of {course.model.timezone} go forward, and no clock "
            f"shows {wall:%H:%M}.",
            "Write a time before or after the change.",
            at,
            Severity.WARNING,
        )


def _freezes(course: Document[Course], files: list[DeploymentFile]) -> Iterator[Finding]:
    names = {file.name for file in files}
    for number, freeze in enumerate(course.model.freezes):
        at = ("freezes", number)
        yield from _exam_times(course, freeze, at)
        for earlier in range(number):
            if _same_time(course.model.freezes[earlier], freeze):
                yield course.finding(
                    "registry/freeze",
                    f"This exam and that of line {course.mark('freezes', earlier).line} overlap; "
                    "machines are held until the later end.",
                    "Correct the times, or remove one of the two.",
                    at,
                    Severity.WARNING,
                )
        for index, name in enumerate(freeze.deployments):
            if name not in names:
                yield course.finding(
                    "registry/unknown-deployment",
                    f'The course has no deployment "{name}".',
                    known_instead(name, names),
                    (*at, "deployments", index),
                )


def _exam_times(course: Document[Course], freeze: Freeze, at: Path) -> Iterator[Finding]:
    if freeze.to <= freeze.from_:
        yield course.finding(
            "registry/dates",
            f"This exam ends at {freeze.to:%Y-%m-%d %H:%M}, not after it begins.",
            "Write the later moment as `to`.",
            (*at, "to"),
        )
    elif freeze.to - freeze.from_ > LONGEST_EXAM:
        yield course.finding(
            "registry/freeze",
            f"This exam lasts more than {LONGEST_EXAM.days} days, and all that time nothing is "
            "changed or ended.",
            "Write one freeze for each exam.",
            (*at, "to"),
        )
    elif freeze.from_.date() > course.model.ends:
        yield course.finding(
            "registry/freeze",
            f"This exam begins after the course ends on {course.model.ends}; it only keeps awake "
            "what still lives then.",
            "Set `ends` to the day of the exam or later.",
            at,
            Severity.WARNING,
        )
    for end, moment in (("from", freeze.from_), ("to", freeze.to)):
        yield from _skipped(course, moment, (*at, end))


def _same_time(one: Freeze, other: Freeze) -> bool:
    """Two exams of the same machines at the same time."""
    both = not one.deployments or not other.deployments
    common = both or not set(one.deployments).isdisjoint(other.deployments)
    return common and one.from_ < other.to and other.from_ < one.to


def _exam_resets(course: Document[Course], files: list[DeploymentFile]) -> Iterator[Finding]:
    """Records of the past outlive seats and deployments, so they only warn."""
    by_name = {file.name: file for file in files}
    for number, reset in enumerate(course.model.exam_resets):
        at = ("exam_resets", number)
        file = by_name.get(reset.deployment)
        if file is None:
            message, known = f'The course has no deployment "{reset.deployment}".', set(by_name)
        else:
            known = set(members_for(course.model, file.document.model.for_ or "course"))
            message = f'"{reset.deployment}" has no member "{reset.member}".'
        if file is None or reset.member not in known:
            yield course.finding(
                "registry/exam-reset",
                message,
                known_instead(reset.member if file else reset.deployment, known),
                at,
                Severity.WARNING,
            )
