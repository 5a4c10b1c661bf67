"""Rail 5: a file that was moved without its `id` looks like one that ends and one that begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appstore.reconcile.decision import Act, Action, Refuse
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.exceptions import how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import WantedStack

_LEAVING = (Action.END, Action.SUSPEND, Action.DELETE)


@dataclass(frozen=True, slots=True)
class _Half:
    """An instance that begins or ends, and the spec of its stack; `path` is that of its file."""

    entry: Entry
    id: InstanceId
    spec: str
    path: str = ""


def renamed(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """A create and an unordered end or delete with the same spec: neither happens.

    The end counts from its first day: when it comes to the delete, the new one is long there.
    """
    open_ = [entry for entry in entries if not rules.excepted("renamed", entry)]
    endings = [half for entry in open_ if (half := _ending(entry, rules.owner))]
    beginnings = [half for entry in open_ if endings and (half := _beginning(entry))]
    for new in beginnings:
        if old := _other_half(new, endings):
            yield new.entry, _refusal(new, old)
    for old in endings:
        if other := _other_half(old, beginnings):
            yield old.entry, _refusal(other, old)


def _beginning(entry: Entry) -> _Half | None:
    match entry.subject, entry.decision:
        case WantedStack() as stack, Act(action=Action.CREATE):
            return _Half(entry, stack.id, stack.spec.digest, stack.path)
        case _:
            return None


def _ending(entry: Entry, owner: str) -> _Half | None:
    """What ends although no line orders it; a stack whose delete failed is past saving."""
    match entry.decision:
        case Act(action=action, cause=None) if action in _LEAVING and entry.live is not None:
            tags = read_tags(entry.live.tags, owner)
            if isinstance(tags, Ours) and entry.live.status != "DELETE_FAILED":
                return _Half(entry, tags.id, tags.spec)
    return None


def _other_half(one: _Half, others: Sequence[_Half]) -> _Half | None:
    """The same spec in another deployment, the same member's if there is one."""
    alike = (
        other
        for other in others
        if other.spec == one.spec and other.id.deployment_id != one.id.deployment_id
    )
    return min(alike, key=lambda other: other.id.member != one.id.member, default=None)


def _refusal(new: _Half, old: _Half) -> Refuse:
    return Refuse(
        "renamed",
        f"{address(new.entry)} would be made while {address(old.entry)} ends, with the same "
        "template and parameters, and no line orders that end: it looks like a file that was moved",
        "; or ".join(_ways_out(new, old)),
    )


def _ways_out(new: _Half, old: _Half) -> Iterator[str]:
    if bool(new.id.course) == bool(old.id.course):
        yield f"Add `id: {old.id.deployment_id}` to {new.path}, and the machines stay as they are"
    yield "restore the old file, with `state: absent` where its end is meant"
    if new.id.course:
        course = f"{new.path.rpartition('/')[0]}/course.yaml"
        scope = f"{new.entry.lecturer}/{new.id.deployment_id}"
        yield how_to_except(course, "renamed", scope)
