"""A later last day, for a deployment or a whole course; never an earlier one."""

from datetime import date

from appstore.runs.edit.orders import NoOrder, Order
from appstore.runs.edit.targets import CourseTarget, Target


def extend_course(target: CourseTarget, until: date, today: date) -> Order | NoOrder:
    """The `ends` of course.yaml, which all its deployments follow."""
    document = target.document
    return _later(target.address, document.path, document.model.ends, until, today)


def extend_deployment(target: Target, until: date, today: date) -> Order | NoOrder:
    """The `ends` of the deployment; in a course it cannot outlive the course."""
    if target.named is not None:
        why = "has no end of its own: the date is that of the whole deployment"
        return NoOrder(target.addresses[0], why, f"Name all of it: {target.address}")
    file = target.file.document
    own = file.model.ends
    latest = target.course.model.ends if target.course else None
    dates = [day for day in (own, latest) if day is not None]
    if not dates:
        return NoOrder(target.address, "has no last day", "There is nothing to extend.")
    if latest is not None and until > latest:
        course = f"{target.file.lecturer}/{target.file.course}"
        why = f"cannot last until {until}: its course ends on {latest}"
        hint = f"Extend the course: appstore extend {course} --until {until}"
        return NoOrder(target.address, why, hint)
    return _later(target.address, file.path, min(dates), until, today)


def _later(address: str, path: str, ends: date, until: date, today: date) -> Order | NoOrder:
    if until < today:
        return NoOrder(address, f"cannot last until {until}", "That day is over; name a later one.")
    if until == ends:
        return NoOrder(address, f"lasts until {until} already", "There is nothing to write.")
    if until < ends:
        why = f"lasts until {ends}: {until} would end it earlier, and this verb only extends"
        return NoOrder(address, why, f"To end it earlier, change `ends` in {path}.")
    meaning = f"The last day moves from {ends} to {until}. Nothing is lost."
    if today > ends:
        meaning += " It had ended already: what was not deleted yet wakes up again."
    return Order(path, (address,), ((("ends",), until.isoformat()),), meaning)
