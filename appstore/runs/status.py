"""status: how every instance stands, and the ways into those that are up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from appstore.documents.catalog import Endpoint
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Entry, Health, Plan
from appstore.reconcile.vocabulary import Standing, orphaned, standing
from appstore.report.status import Shown, Way
from appstore.runs.comparing import side_by_side
from appstore.runs.deep import look_deeper
from appstore.runs.looking import Cloud
from appstore.runs.plan import Order, Planned, make_plan
from appstore.wanted.stacks import WantedStack


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that one plan knows about, in the plan's order, orphans last."""

    plan: Plan
    shown: tuple[Shown, ...]


def look(order: Order, open_cloud: Callable[[str], Cloud]) -> Status:
    """Plan without acting, and say of each instance how it stands."""
    return _status(make_plan(order, open_cloud), {})


def look_deep(order: Order, open_cloud: Callable[[str], Cloud]) -> Status:
    """The same, with a look at the servers behind the stacks."""
    planned = make_plan(order, open_cloud)
    return _status(planned, look_deeper(planned))


def _status(planned: Planned, deeper: Mapping[str, Standing]) -> Status:
    """`deeper` is how some stand by more than their stacks, by stack id."""
    ways = _ways(planned)
    instances = tuple(
        Shown(
            entry.lecturer,
            entry.project,
            entry.cloud,
            str(entry.subject.id),
            entry.subject.name,
            (deeper.get(entry.live.id) if entry.live else None) or standing(entry),
            ways.get(entry.live.id, ()) if entry.live else (),
            entry.subject.notice if isinstance(entry.subject, WantedStack) else None,
        )
        for entry in planned.plan.entries
    )
    orphans = tuple(
        Shown("", one.project, one.cloud, one.live.name, one.live.name, orphaned(one))
        for one in planned.plan.orphans
    )
    return Status(planned.plan, (*instances, *orphans))


def _ways(planned: Planned) -> Mapping[str, tuple[Way, ...]]:
    """The addresses of instances that are up and whose contract names ways in, by stack id."""

    def read(live: LiveStack, entry: Entry, endpoints: Mapping[str, Endpoint]) -> tuple[Way, ...]:
        outputs = planned.heats[entry.cloud, entry.project].outputs(live)
        return tuple(
            Way(name, endpoint.kind, str(outputs[endpoint.output]))
            for name, endpoint in endpoints.items()
            if outputs.get(endpoint.output)
        )

    return side_by_side(
        (entry, partial(read, entry.live, entry, entry.subject.endpoints))
        for entry in planned.plan.entries
        if isinstance(entry.subject, WantedStack)
        and entry.subject.endpoints
        and entry.live is not None
        and entry.health is Health.HEALTHY
        and entry.live.status != "SUSPEND_COMPLETE"
    )
