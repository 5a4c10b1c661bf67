"""One thing that a merge request does, as policy sees it."""

from dataclasses import dataclass

from appstore.documents.policy import ChangeKind
from appstore.govern.roles import Role, RoleName


@dataclass(frozen=True, slots=True, order=True)
class Belongs:
    """Whose the changed thing is; a field that does not apply is empty.

    `lecturer` is who may decide about it, `course` the name in that folder, `tenant` whose admins.
    """

    lecturer: str = ""
    course: str = ""
    tenant: str = ""

    def role(self, name: RoleName) -> Role:
        """The role of this name for this thing."""
        match name:
            case RoleName.LECTURER:
                return Role(name, self.lecturer)
            case RoleName.LEAD | RoleName.ASSISTANT:
                return Role(name, f"{self.lecturer}/{self.course}" if self.course else "")
            case RoleName.TENANT_ADMIN:
                return Role(name, self.tenant)
            case RoleName.SITE_ADMIN:
                return Role(name)


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A kind of change at one place; `what` is a sentence about it without its dot.

    `approver` is the account in whose name an approval is written, empty for everything else.
    """

    path: str
    line: int
    kind: ChangeKind
    what: str
    belongs: Belongs
    approver: str = ""

    @property
    def rule(self) -> str:
        """The stable id, such as change/reset."""
        return f"change/{self.kind}"
