"""The shapes of names: slugs, versions, ids; each is matched whole (DESIGN.md section 3)."""

from typing import Annotated

from pydantic import StringConstraints

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RESERVED_MEMBER = r"^(course|all|s\d+|x\d+)$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
TemplateName = Slug
CourseName = Annotated[str, StringConstraints(pattern=SLUG, max_length=20)]
DeploymentName = CourseName
LecturerName = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
MemberName = Annotated[str, StringConstraints(pattern=SLUG, max_length=16)]
Term = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=20)]
OwnerId = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
VersionNumber = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$", max_length=17)
]
VersionRef = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*@(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$",
        max_length=58,
    ),
]
DeploymentId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(/[a-z][a-z0-9]*(-[a-z0-9]+)*)?$", max_length=41
    ),
]
