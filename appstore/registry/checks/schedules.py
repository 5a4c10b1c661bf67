"""When a course is awake: hours within one day, dates in their order, names that exist."""

from collections.abc import Iterator
from datetime import timedelta

from appstore.documents.course import Course
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Document
from appstore.documents.schedule import DayRange
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


def _days_off(course: Document[Course]) -> Iterator[Finding]:
    for number, off in enumerate(course.model.schedule.days_off if course.model.schedule else ()):
        if isinstance(off, DayRange) and off.to < off.from_:
            yield course.finding(
                "registry/dates",
                f"These days off end on {off.to}, before they begin on {off.from_}.",
                "Write the later date as `to`.",
                ("schedule", "days_off", number, "to"),
            )


def _ready_by(course: Document[Course]) -> Iterator[Finding]:
    model = course.model
    if model.ready_by is not None and model.ready_by.date() > model.ends:
        yield course.finding(
            "registry/dates",
            f"The machines would be ready on {model.ready_by:%Y-%m-%d %H:%M}, after the course "
            f"ends on {model.ends}.",
            "Write a moment before the first class.",
            ("ready_by",),
        )


def _freezes(course: Document[Course], files: list[DeploymentFile]) -> Iterator[Finding]:
    names = {file.name for file in files}
    for number, freeze in enumerate(course.model.freezes):
        at = ("freezes", number)
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
                f"This exam lasts more than {LONGEST_EXAM.days} days, and all that time nothing "
                "is changed or ended.",
                "Write one freeze for each exam.",
                (*at, "to"),
            )
        elif freeze.from_.date() > course.model.ends:
            yield course.finding(
                "registry/freeze",
                f"This exam begins after the course ends on {course.model.ends}; it only keeps "
                "awake what still lives then.",
                "Set `ends` to the day of the exam or later.",
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
