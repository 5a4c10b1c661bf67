"""Roll-outs in a plan: how far each member is, and which of them wait for their batch."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from appstore.reconcile.decision import Act, Action, Decision, Settled, Step, Stuck, Wait
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Entry, Health
from appstore.reconcile.rolling import Progress, Rolling
from appstore.reconcile.ruling import is_gone
from appstore.reconcile.status import Known, hides_failure, read_status
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.stacks import WantedStack

_SENDS = {Step.CREATE, Step.UPDATE}


def roll_outs(entries: Iterable[Entry], owner: str) -> Iterator[Rolling]:
    """The deployments of which a member lacks the wanted spec and would get it.

    What is refused, held or on its way out takes no place: nobody could wait for it.
    """
    found: dict[tuple[str, str], Rolling] = {}
    for entry in entries:
        match entry.subject:
            case WantedStack(rollout=rule, id=id_) as stack if rule is not None:
                if (progress := _progress(stack, entry, owner)) is not None:
                    key = (entry.lecturer, id_.deployment_id)
                    rolling = found.get(key) or Rolling(*key, rule, {})
                    found[key] = rolling.now(stack.name, progress)
    for rolling in found.values():
        if Progress.WAITING in rolling.members.values():
            yield rolling


def in_turn(entries: Iterable[Entry], rollings: Iterable[Rolling]) -> Iterator[Entry]:
    """The entries; what would act before its batch has come waits."""
    of = {(rolling.lecturer, name): rolling for rolling in rollings for name in rolling.members}
    for entry in entries:
        rolling = of.get((entry.lecturer, entry.subject.name))
        wait = rolling.obstacle(entry.subject.name) if rolling else None
        if wait is not None and isinstance(entry.decision, Act):
            entry = replace(entry, decision=replace(wait, then=entry.decision))
        yield entry


def _progress(stack: WantedStack, entry: Entry, owner: str) -> Progress | None:
    if is_gone(stack):
        return None
    if isinstance(entry.decision, Settled):
        return Progress.DONE
    if entry.live is not None and _has_spec(stack, entry.live, owner):
        return _how_it_went(entry.live, entry.health, entry.decision)
    match entry.decision:
        case Act(steps=steps) if not _SENDS.isdisjoint(steps):
            return Progress.WAITING
        case _:
            return None


def _has_spec(stack: WantedStack, live: LiveStack, owner: str) -> bool:
    tags = read_tags(live.tags, owner)
    return isinstance(tags, Ours) and tags.spec == stack.spec.digest


def _how_it_went(live: LiveStack, health: Health, decision: Decision) -> Progress | None:
    status = read_status(live.status)
    match health, decision:
        case _, Act(action=Action.RETRY):
            return Progress.FAILED
        case Health.BUSY, _:
            return Progress.MOVING
        case Health.HEALTHY, Wait() | Stuck() if isinstance(status, Known):
            return Progress.FAILED if hides_failure(status) else Progress.DONE
        case Health.HEALTHY, _:
            return Progress.DONE
        case Health.FAILED, _:
            return Progress.FAILED
        case _:
            return None
