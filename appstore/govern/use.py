"""Who may do what with which version: one total function; a denial beats every permission."""

from dataclasses import dataclass
from enum import StrEnum

from appstore.documents.catalog import Visibility
from appstore.govern.life import Approved, Deprecated, Draft, Life, Retired, Revoked


class Use(StrEnum):
    """What a lecturer does with a version, one instance at a time.

    BEGIN is the first instance of it in a deployment, also by moving there from another version;
    GROW a further one. WAKE is the course's timetable, RESUME everything else that wakes.
    """

    BEGIN = "begin"
    GROW = "grow"
    UPDATE = "update"
    RESET = "reset"
    RESUME = "resume"
    WAKE = "wake"
    SUSPEND = "suspend"
    REMOVE = "remove"


KEEPING = frozenset((Use.WAKE, Use.SUSPEND, Use.REMOVE))
"""What nobody is denied about what runs: it follows its timetable, sleeps, and goes."""


@dataclass(frozen=True, slots=True)
class User:
    """The lecturer whose instance it is."""

    name: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Circle:
    """For whom the card is: `owner` is a lecturer or a tenant.

    `tenant` is the owner's tenant, or the owner itself where it is one; None where it is not known.
    """

    owner: str
    tenant: str | None
    visibility: Visibility

    def lets_in(self, user: User) -> bool:
        """Whether the card lets this lecturer in; what a tenant owns is private to all of it."""
        match self.visibility:
            case "global":
                return True
            case "tenant":
                return self.owner == user.name or self.tenant == user.tenant
            case "private":
                return self.owner in (user.name, user.tenant)


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done."""


@dataclass(frozen=True, slots=True)
class Denied:
    """It may not: the rule's id, why, and what to do instead."""

    rule: str
    why: str
    way_out: str

    def sentence(self, ref: str) -> str:
        """Why, as a sentence of its own; the name of the version begins as it is written."""
        named = self.why.startswith(ref)
        return f"{self.why if named else self.why[0].upper() + self.why[1:]}."


Verdict = Allowed | Denied
ALLOWED = Allowed()


def may_use(ref: str, life: Life, circle: Circle, user: User, use: Use) -> Verdict:
    """Whether `user` may do this with the version `ref` (README of appstore, who may use what)."""
    if use in KEEPING:
        return ALLOWED
    match life:
        case Revoked(reason, since, sleeps):
            return Denied(
                "revoked",
                f"{ref} was revoked on {since}: {reason}",
                f"What runs of it is put to sleep from {sleeps} on, unless it moves.",
            )
        case Retired(reason):
            return Denied("retired", f"{ref} is retired{_because(reason)}", "")
        case _ if not circle.lets_in(user):
            return Denied("not-visible", f"the card of {ref} is {_for(circle)}", _KEPT)
        case _ if circle.owner == user.name and isinstance(life, Draft | Approved):
            return ALLOWED
        case Draft():
            return Denied(
                "not-approved",
                f"no admin has approved {ref} as it is now",
                f"An admin reviews it and proposes: appstore approve {ref}",
            )
        case Approved(str(tenant)) | Deprecated(str(tenant)) if (
            tenant != user.tenant and circle.owner != user.name
        ):
            return Denied("not-visible", f"{ref} is approved for {tenant} only", _KEPT)
        case Deprecated(reason=reason) if use is Use.BEGIN:
            return Denied(
                "deprecated",
                f"{ref} is deprecated{_because(reason)}: what runs of it stays, nothing new begins",
                "",
            )
        case Approved() | Deprecated():
            return ALLOWED


_KEPT = "What runs stays, and can be suspended and removed; ask the owner, or take another one."


def _for(circle: Circle) -> str:
    match circle.visibility:
        case "private":
            return f"private to {circle.owner}"
        case "tenant" | "global":
            return f"for {circle.tenant or 'the tenant of its owner'} only"


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""
