"""Break-glass: the record in course.yaml that lets a reset pass during an exam."""

from datetime import date, timedelta

from appstore.documents.course import Course
from appstore.documents.marks import Document, JsonValue, Path
from appstore.documents.schedule import Freeze
from appstore.errors import InvalidInput
from appstore.runs.edit.orders import Order
from appstore.runs.edit.targets import Target


def record(target: Target, course: Document[Course], reason: str, today: date) -> Order:
    """One more line of `exam_resets`, for the one named member, on the day that it is there.

    Raises InvalidInput on a day without an exam: the record would mean nothing.
    """
    if not any(_begins(freeze) <= today <= freeze.to.date() for freeze in course.model.freezes):
        raise InvalidInput(
            f"{course.path} has no exam on {today}.", "Reset it without --during-exam."
        )
    (member,) = target.named or ()
    line: JsonValue = {
        "deployment": target.file.document.path.rpartition("/")[2].removesuffix(".yaml"),
        "member": member,
        "reason": reason,
        "on": today.isoformat(),
    }
    place: Path = ("exam_resets", len(course.model.exam_resets))
    meaning = f"It stays on record that this was ordered in an exam on {today}, and why."
    return Order(course.path, target.addresses, ((place, line),), meaning)


def _begins(freeze: Freeze) -> date:
    return (freeze.from_ - timedelta(minutes=freeze.lead)).date()
