"""A live stack as Heat's listing shows it; the cloud room fills these values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LiveStack:
    """One row of `GET /stacks`; `status` is `ACTION_STATUS` as Heat writes it, times are UTC."""

    id: str
    name: str
    status: str
    reason: str
    tags: frozenset[str]
    created: datetime
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class LiveProject:
    """One complete listing of one project; an unfinished listing never becomes this value."""

    cloud: str
    project_id: str
    project_name: str
    stacks: tuple[LiveStack, ...]


@dataclass(frozen=True, slots=True)
class FailedResource:
    """A leaf in a *_FAILED state; `path` is its name inside nested stacks, joined by `/`."""

    path: str
    type: str
    status: str
    reason: str
    physical_id: str
    stack_id: str


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One event of the stack itself (not of its resources): `status` as `ACTION_STATUS`."""

    status: str
    at: datetime
    reason: str
