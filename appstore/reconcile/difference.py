"""What an update changes, field by field, and what that does to each resource."""

from dataclasses import dataclass
from enum import StrEnum

from appstore.reconcile.needs.needs import Needs

SECRET = "(secret)"


class Effect(StrEnum):
    """What happens to one resource; UNKNOWN is never shown as unchanged."""

    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REPLACED = "replaced"
    REBUILT = "rebuilt"
    ADDED = "added"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed field (`parameters.size`, `template.resources.server`, `files.init.sh`).

    `old` and `new` are short texts, None where the field is absent, SECRET where it is hidden.
    """

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ResourceEffect:
    """What the update does to one resource; `guarded` when Heat is told to forbid replacing it."""

    name: str
    type: str
    effect: Effect
    why: str
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Changed fields, effects on resources that are not unchanged, sentences about lost data.

    `needs` is what the instance takes of the quota before and after, None where that is the same
    or unknown.
    """

    fields: tuple[FieldChange, ...]
    effects: tuple[ResourceEffect, ...]
    losses: tuple[str, ...]
    needs: tuple[Needs, Needs] | None = None
