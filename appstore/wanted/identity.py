"""Who an instance is: its id, its stack name, its tags' values (README of appstore)."""

from dataclasses import dataclass

COURSE_MEMBER = "course"


@dataclass(frozen=True, slots=True, order=True)
class InstanceId:
    """`<course>/<deployment>/<member>`, without a course just `<deployment>`, inside one project.

    `course` and `member` are both None for a deployment without a course.
    """

    course: str | None
    deployment: str
    member: str | None

    def __str__(self) -> str:
        return "/".join(part for part in (self.course, self.deployment, self.member) if part)

    @property
    def stack_name(self) -> str:
        """`<course>--<deployment>--<member>`; slugs hold no double hyphen, so it is unambiguous."""
        return str(self).replace("/", "--")

    @property
    def deployment_id(self) -> str:
        """`<course>/<deployment>`, without a course `<deployment>`: what `id:` in a file says."""
        return "/".join(part for part in (self.course, self.deployment) if part)

    @classmethod
    def parse(cls, text: str) -> "InstanceId | None":
        """The id that a tag holds, or None for text of another shape."""
        match text.split("/"):
            case [deployment] if deployment:
                return cls(None, deployment, None)
            case [course, deployment, member] if course and deployment and member:
                return cls(course, deployment, member)
            case _:
                return None
