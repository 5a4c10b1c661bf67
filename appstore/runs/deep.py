"""status --deep: one server listing per project, and more of the stacks that leave a doubt."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from appstore.apply.protocols import Heat
from appstore.cloud.errors import CloudError
from appstore.reconcile.deep import Bearer, bearers, by_name, unseen
from appstore.reconcile.rewritten import touched
from appstore.reconcile.things import Thing, ThingKind
from appstore.reconcile.vocabulary import Standing
from appstore.runs.comparing import AT_ONCE, side_by_side
from appstore.runs.looking import ProjectKey
from appstore.runs.plan import Planned

SERVERS = frozenset((ThingKind.SERVER,))
AGAIN = "run status --deep again"


def look_deeper(planned: Planned) -> Mapping[str, Standing]:
    """How those instances stand that are not as they should be, though Heat is content, by id.

    What somebody did to a server goes before what was done to its stack.
    """
    return {**_rewritten(planned), **_hurt(planned)}


def _rewritten(planned: Planned) -> Mapping[str, Standing]:
    """Those that were updated by hand; three GETs for each in which anything was done so far."""
    doubtful = touched(planned.plan.entries, planned.plan.owner)
    heats = planned.heats
    read = side_by_side(
        (each.entry, partial(heats[each.entry.cloud, each.entry.project].content, each.live))
        for each in doubtful
    )
    found: dict[str, Standing] = {}
    for each in doubtful:
        if (content := read.get(each.live.id)) is None:
            found[each.live.id] = unseen(each.live, "what it was sent could not be read", AGAIN)
        elif (standing := each.standing(content)) is not None:
            found[each.live.id] = standing
    return found


def _hurt(planned: Planned) -> Mapping[str, Standing]:
    """Those whose servers were stopped, deleted or broken.

    Projects without servers of ours cost nothing; one of ours that cannot be looked at is unknown.
    """
    projects: dict[ProjectKey, list[Bearer]] = {}
    for bearer in bearers(planned.plan.entries, planned.plan.owner):
        key = (bearer.entry.cloud, bearer.entry.project)
        projects.setdefault(key, []).append(bearer)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        listings = dict(
            zip(projects, pool.map(lambda key: _listed(planned.heats[key]), projects), strict=True)
        )
    found: dict[str, Standing] = {}
    for key, concerned in projects.items():
        listed = listings[key]
        if isinstance(listed, CloudError):
            found.update(
                {each.live.id: unseen(each.live, listed.message, listed.hint) for each in concerned}
            )
        else:
            found.update(_drifted(planned, key, concerned, listed))
    return found


def _listed(heat: Heat) -> tuple[Thing, ...] | CloudError:
    try:
        return heat.leftovers.listed(SERVERS)
    except CloudError as error:
        return error


def _drifted(
    planned: Planned, key: ProjectKey, concerned: list[Bearer], servers: tuple[Thing, ...]
) -> Iterator[tuple[str, Standing]]:
    """Only what leaves a doubt is read, and only then anybody is called drifted."""
    named = by_name([entry.live.name for entry in planned.plan.entries if entry.live], servers)
    doubtful = [each for each in concerned if not each.well(named.get(each.live.name, ()))]
    heat = planned.heats[key]
    read = side_by_side((each.entry, partial(heat.resources, each.live)) for each in doubtful)
    by_id = {server.id: server for server in servers}
    for each in doubtful:
        if (resources := read.get(each.live.id)) is None:
            yield each.live.id, unseen(each.live, "what it is made of could not be read", AGAIN)
        elif (standing := each.standing(resources, by_id)) is not None:
            yield each.live.id, standing
