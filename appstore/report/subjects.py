"""What an entry of a plan is called: lecturer, deployment, member, version."""

from datetime import datetime
from typing import assert_never

from appstore.reconcile.plan import Entry, Farewell
from appstore.wanted.identity import InstanceId
from appstore.wanted.moments import DEFAULT_ZONE
from appstore.wanted.stacks import HeldStack, WantedStack
from appstore.wanted.states import NotYet


def id_of(entry: Entry) -> InstanceId | None:
    """The instance's id; None for a live stack whose id tag cannot be read."""
    match entry.subject:
        case WantedStack(id=id_) | HeldStack(id=id_):
            return id_
        case Farewell(id=text):
            return InstanceId.parse(text)
        case _:
            assert_never(entry.subject)


def deployment_of(entry: Entry) -> str:
    """`<course>/<deployment>`, without a course `<deployment>`."""
    id_ = id_of(entry)
    if id_ is None:
        return entry.subject.name
    return f"{id_.course}/{id_.deployment}" if id_.course else id_.deployment


def member_of(entry: Entry) -> str | None:
    """The member, None for a deployment without a course."""
    id_ = id_of(entry)
    return id_.member if id_ else None


def full_id(entry: Entry) -> str:
    """What people read and type: `<lecturer>/<course>/<deployment>/<member>`."""
    member = member_of(entry)
    return "/".join(part for part in (entry.lecturer, deployment_of(entry), member) if part)


def version_of(entry: Entry) -> str:
    """`name@1.0.0` of the wanted version, empty for what no file wants."""
    match entry.subject:
        case WantedStack(spec=spec):
            return spec.version
        case HeldStack() | Farewell():
            return ""
        case _:
            assert_never(entry.subject)


def zone_of(entry: Entry) -> str:
    """The time zone in which the people of this instance read times."""
    match entry.subject:
        case WantedStack(zone=zone) | Farewell(zone=zone):
            return zone
        case HeldStack():
            return DEFAULT_ZONE
        case _:
            assert_never(entry.subject)


def later(entry: Entry) -> datetime | None:
    """When an instance is made that its course does not need yet; None for every other."""
    match entry.subject, entry.live:
        case WantedStack(wanted=NotYet(begins=begins)), None:
            return begins
        case _:
            return None
