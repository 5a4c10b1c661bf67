"""More than the listing shows, read only for the stacks that need it."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from appstore.apply.protocols import Heat
from appstore.cloud.errors import CloudError
from appstore.reconcile.decision import Sight
from appstore.reconcile.difference import Difference
from appstore.reconcile.effects import difference, needed_types
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Entry
from appstore.runs.looking import ProjectKey
from appstore.wanted.environment import values_to_send, without_secrets
from appstore.wanted.spec import Spec
from appstore.wanted.stacks import WantedStack

AT_ONCE = 8
"""Requests at a time; Heat answers from its own workers, and more would only queue there."""

T = TypeVar("T")
Heats = Mapping[ProjectKey, Heat]


def read_looks(wanted: Iterable[tuple[Entry, Sight]], heats: Heats) -> Mapping[str, Looks]:
    """Failed resources or events by stack id; what could not be read is left out."""

    def look(entry: Entry, sight: Sight) -> Looks:
        heat, live = heats[entry.cloud, entry.project], entry.live
        if live is None:
            return Looks()
        match sight:
            case Sight.FAILED_RESOURCES:
                return Looks(failed=heat.failed_resources(live))
            case Sight.EVENTS:
                return Looks(events=heat.events(live))

    return side_by_side((entry, partial(look, entry, sight)) for entry, sight in wanted)


def read_differences(entries: Iterable[Entry], heats: Heats) -> Mapping[str, Difference]:
    """What each update changes, by stack id; what could not be read is left out."""

    @cache
    def schema(key: ProjectKey, type_: str) -> Mapping[str, bool] | None:
        return heats[key].properties(type_)

    def compare(entry: Entry, spec: Spec) -> Difference:
        key = (entry.cloud, entry.project)
        heat, live = heats[key], entry.live
        if live is None:
            raise ValueError("an update needs a live stack")
        content = heat.content(live)
        failed = heat.failed_resources(live) if live.status.endswith("_FAILED") else ()
        return difference(
            content,
            spec,
            values_to_send(spec, without_secrets(spec), content.environment),
            {type_: schema(key, type_) for type_ in needed_types(content, spec)},
            frozenset(resource.path for resource in failed),
            half_done=live.status == "UPDATE_FAILED",
        )

    return side_by_side(
        (entry, partial(compare, entry, entry.subject.spec))
        for entry in entries
        if isinstance(entry.subject, WantedStack)
    )


def side_by_side(jobs: Iterable[tuple[Entry, Callable[[], T]]]) -> Mapping[str, T]:
    """Run one job for each live stack, a few at a time; by stack id, those that fail left out."""
    listed = [(entry.live.id, job) for entry, job in jobs if entry.live is not None]
    if not listed:
        return {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = [(id_, pool.submit(job)) for id_, job in listed]
    return {
        id_: answer.result()
        for id_, answer in answers
        if not isinstance(answer.exception(), CloudError)
    }
