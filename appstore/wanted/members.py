"""One deployment as its members see it: their ids, and what it orders for each."""

from appstore.documents.deployment import Deployment
from appstore.documents.marks import Document
from appstore.registry.members import members_for
from appstore.registry.registry import CourseFolder, DeploymentFile
from appstore.wanted.identity import InstanceId
from appstore.wanted.states import Cause

ALL = "all"


def instance_ids(file: DeploymentFile, course: CourseFolder | None) -> tuple[InstanceId, ...]:
    """The ids of all members; they go by the deployment's id, which may differ from its path.

    `course` is the folder in which the file lies: its roster counts, whatever the id says.
    """
    course_name, _, name = file.id.rpartition("/")
    if course is None:
        return (InstanceId(None, name, None),)
    names = members_for(course.document.model, file.document.model.for_ or "course")
    return tuple(InstanceId(course_name, name, member) for member in names)


def generation(deployment: Deployment, member: str | None) -> int:
    """How often this member was ordered to be made anew."""
    own = 0 if member is None else deployment.reset.get(member, 0)
    return deployment.reset.get(ALL, 0) + own


def reset_cause(document: Document[Deployment], member: str | None) -> Cause | None:
    """The line of the counter that orders the member's generation; its own before that of all."""
    reset = document.model.reset
    for key in (member, ALL):
        if key is not None and reset.get(key, 0) > 0:
            return cause(document, f"reset.{key}: {reset[key]}", "reset", key)
    return None


def adopted(deployment: Deployment, member: str | None) -> str | None:
    """The id of the stack that this member takes over, if it was told to."""
    match deployment.adopt:
        case None | str() as id_:
            return id_
        case ids:
            return None if member is None else ids.get(member)


def cause(document: Document[Deployment], text: str, *at: str) -> Cause:
    """A line of a deployment file as a cause."""
    return Cause(document.path, document.mark(*at).line, text)
