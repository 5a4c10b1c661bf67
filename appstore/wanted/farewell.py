"""Why an instance of ours that still lives is no longer wanted by any file."""

from datetime import timedelta

from appstore.registry.members import members_for, roster_members
from appstore.registry.registry import CourseFolder, DeploymentFile, LecturerFolder, Registry
from appstore.wanted.identity import COURSE_MEMBER, InstanceId
from appstore.wanted.lifetimes import UNORDERED_GRACE, absent, grace
from appstore.wanted.members import cause
from appstore.wanted.stacks import LecturerStacks
from appstore.wanted.states import Cause, Gone


def farewell(stacks: LecturerStacks, registry: Registry, instance: InstanceId) -> Gone:
    """The end of an id that `stacks` does not want; without a line that orders it, unordered."""
    folder = registry.lecturers[stacks.lecturer]
    file, course = _file(folder, instance)
    if file is None:
        return Gone(None, UNORDERED_GRACE, "no file asks for it any more")
    if (gone := absent(file.document)) is not None:
        return gone
    if course is None or instance.member is None:
        return Gone(None, UNORDERED_GRACE, "its deployment has no such member any more")
    return _removed(file, course, instance.member, grace(course.document.model.removal_grace))


def _file(
    folder: LecturerFolder, instance: InstanceId
) -> tuple[DeploymentFile | None, CourseFolder | None]:
    """The deployment of this id, and the course in which it lies."""
    id_ = "/".join(part for part in (instance.course, instance.deployment) if part)
    return next((each for each in folder.every_deployment() if each[0].id == id_), (None, None))


def _removed(file: DeploymentFile, course: CourseFolder, member: str, kept: timedelta) -> Gone:
    """A member that the deployment had: `for` changed, or the course lost a seat or a group."""
    document, for_ = course.document, file.document.model.for_
    if for_ == "course" or _is_other_kind(course, member, for_):
        ordered = cause(file.document, f"for: {for_}", "for")
        return Gone(ordered, kept, f"the deployment is for each {for_} now")
    if for_ == "group":
        line = document.mark("groups").line
        return Gone(Cause(document.path, line, "groups"), kept, "its group was removed")
    key = "spares" if member.startswith("x") and member[1:].isdigit() else "seats"
    line = document.mark("roster", key).line
    return Gone(Cause(document.path, line, "roster"), kept, "its seat was removed")


def _is_other_kind(course: CourseFolder, member: str, for_: str | None) -> bool:
    """Whether the name belongs to another `for` than the deployment has now."""
    model = course.document.model
    if member == COURSE_MEMBER:
        return True
    if for_ == "group":
        numbered = member[0] in "sx" and member[1:].isdigit()
        return numbered or member in roster_members(model)
    return member in members_for(model, "group")
