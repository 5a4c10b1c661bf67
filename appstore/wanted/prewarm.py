"""Made in time: in waves, the last of which ends when the course wants everything ready."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from appstore.documents.schedule import Prewarm
from appstore.registry.registry import CourseFolder
from appstore.wanted.identity import InstanceId
from appstore.wanted.members import instance_ids
from appstore.wanted.moments import day_begins
from appstore.wanted.schedule import ready_by


def waves(count: int, prewarm: Prewarm, ready: datetime) -> tuple[datetime, ...]:
    """When each wave begins, the first one first, so that `count` instances are there in time."""
    number = -(-count // prewarm.at_once)
    return tuple(ready - timedelta(minutes=prewarm.minutes * left) for left in range(number, 0, -1))


def beginnings(course: CourseFolder) -> Mapping[InstanceId, datetime]:
    """From when on each instance of the course is made, in UTC.

    The waves go through the deployments by path and their members in order, spares included.
    """
    model = course.document.model
    ids = [
        id_
        for file in course.deployments
        if file.document.model.state != "absent"
        for id_ in instance_ids(file, course)
    ]
    if (ready := ready_by(course.document)) is None:
        return dict.fromkeys(ids, day_begins(model.starts, model.timezone))
    moments = waves(len(ids), model.prewarm, ready)
    return {id_: moments[number // model.prewarm.at_once] for number, id_ in enumerate(ids)}
