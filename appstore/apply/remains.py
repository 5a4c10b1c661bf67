"""What a deleted stack left behind: looked up once at once, then until it is gone or time is up."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from appstore.apply.blockers import BLOCKING
from appstore.apply.script import Job, Remains, Script, ask, seek
from appstore.apply.thing_words import staying
from appstore.apply.waiting import Seek
from appstore.cloud.errors import CloudError, Missing
from appstore.reconcile.decision import Action
from appstore.reconcile.live import LiveStack
from appstore.reconcile.outcome import Done, Failed, Result
from appstore.reconcile.retained import outlives
from appstore.reconcile.things import KINDS, StackResource, Thing, ThingKind

Resources = tuple[StackResource, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What a stack consists of before its delete; of `looked_up` it is seen that nothing stays."""

    resources: Resources
    looked_up: Remains | None


def made_of(job: Job, stack: LiveStack) -> Script[Made]:
    """Asked for before the delete: with it Heat forgets the resources and the template."""
    try:
        resources = yield from ask(lambda: job.heat.resources(stack))
        made = tuple(resource for resource in resources if resource.physical_id)
        looked_up = tuple(resource for resource in made if resource.type in KINDS)
        if not looked_up:
            return Made(made, None)
        content = yield from ask(lambda: job.heat.content(stack))
        return Made(made, Remains(looked_up, content))
    except Missing:  # gone already
        return Made((), None)


def first_look(job: Job, made: Made) -> Script[None]:
    """Right after a delete and before a create: what has the name of ours then may be new."""
    if made.looked_up is None:
        return
    resources = made.looked_up.resources
    job.remains = made.looked_up
    with suppress(CloudError):  # what was not seen to be gone is looked up again at the end
        things = yield from seek(Seek(_kinds(resources)))
        left = _still(resources, things)
        job.remains = replace(made.looked_up, resources=left) if left else None


def nothing_remains(job: Job, result: Result) -> Script[Result]:
    """The result, Failed instead when something of the deleted stack stays.

    What the template itself keeps is not waited for and is told beside a good result.
    """
    if job.remains is None:
        return result
    content = job.remains.content
    kept = tuple(each for each in job.remains.resources if outlives(content, each.path))
    left = tuple(each for each in job.remains.resources if each not in kept)
    job.remains = Remains(left, content) if left else None
    things: tuple[Thing, ...] = ()
    if left:
        try:
            things = yield from seek(Seek(_kinds(left) | BLOCKING, frozenset(map(_key, left))))
        except CloudError as error:
            return _with(result, unproven(job.act.action, left, error.message))
        left = _still(left, things)
    if left:
        return _with(result, _left_behind(job.act.action, left, things))
    if isinstance(result, Done):
        return replace(result, kept=kept)
    return result


def unproven(action: Action, resources: Resources, why: str) -> Failed:
    """The stack is deleted, and whether these resources of it are gone was not seen."""
    ids = "; ".join(f"{KINDS[each.type]} {each.physical_id}" for each in resources)
    return Failed(
        action,
        f"The stack is gone, but not all that it was made of was seen to be gone: {ids}. {why}",
        _first(resources),
        "lecturer",
        "Look for these ids in the OpenStack dashboard and remove what is there; no run will.",
        "",
    )


def _with(result: Result, leftover: Failed) -> Failed:
    """The leftovers are told in any case: no later run knows of them any more."""
    if isinstance(result, Failed):
        reason = f"{result.reason} {leftover.reason}"
        return replace(result, reason=reason, next_step=f"{result.next_step} {leftover.next_step}")
    return leftover


def _still(resources: Resources, things: Iterable[Thing]) -> Resources:
    listed = {thing.key for thing in things}
    return tuple(resource for resource in resources if _key(resource) in listed)


def _kinds(resources: Resources) -> frozenset[ThingKind]:
    return frozenset(KINDS[resource.type] for resource in resources)


def _key(resource: StackResource) -> tuple[ThingKind, str]:
    return KINDS[resource.type], resource.physical_id


def _left_behind(action: Action, left: Resources, things: tuple[Thing, ...]) -> Failed:
    keys = set(map(_key, left))
    why = staying([thing for thing in things if thing.key in keys], things)
    return Failed(action, why.reason, _first(left), why.owner, why.next_step, "")


def _first(resources: Resources) -> str:
    """`lab/port (OS::Neutron::Port) and 2 more`."""
    more = f" and {len(resources) - 1} more" if len(resources) > 1 else ""
    return f"{resources[0].path} ({resources[0].type}){more}"
