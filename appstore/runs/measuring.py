"""What the projects have left of their quota, read only where the plan adds something."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from appstore.documents.site import Site
from appstore.reconcile.live import LiveStack
from appstore.reconcile.needs.claims import Claim, claims, makes_room, with_stack
from appstore.reconcile.needs.count import needs_of_content
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Needs
from appstore.reconcile.needs.room import Limit, Room
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Choice
from appstore.runs.comparing import AT_ONCE, side_by_side
from appstore.runs.looking import ProjectKey, View


def read_rooms(
    entries: tuple[Entry, ...], choice: Choice | None, view: View, site: Site | None
) -> Mapping[ProjectKey, Room]:
    """The room of each project in which this run adds something; the others are not asked."""
    projects: dict[ProjectKey, list[Entry]] = {}
    for entry in entries:
        projects.setdefault((entry.cloud, entry.project), []).append(entry)
    jobs = {
        key: partial(_room, key, mine, added, view, site)
        for key, mine in projects.items()
        if (added := claims(e for e in mine if choice is None or choice.takes(e)))
    }
    if not jobs:
        return {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = {key: pool.submit(job) for key, job in jobs.items()}
    return {key: answer.result() for key, answer in answers.items()}


def _room(
    key: ProjectKey, entries: list[Entry], added: tuple[Claim, ...], view: View, site: Site | None
) -> Room:
    """One project's room; what deletes free is read only where not all fits without it."""
    kinds = frozenset(kind for each in added for kind in each.kinds())
    room = view.rooms[key](kinds)
    cloud = site.clouds.get(key[0]) if site else None
    if cloud is not None and cloud.max_stacks is not None:
        used = sum(entry.live is not None for entry in entries)
        room = replace(room, limits={**room.limits, Kind.STACKS: Limit(cloud.max_stacks, used)})
    wanted = sum((each.amounts(room) for each in added), Counter[Kind]())
    left = room.left()
    if any(wanted[kind] > left[kind] for kind in room.limits):
        room = replace(room, frees=_frees(key, entries, view))
    return room


def _frees(key: ProjectKey, entries: list[Entry], view: View) -> Mapping[str, Needs]:
    def read(live: LiveStack) -> Needs:
        return with_stack(needs_of_content(view.heats[key].content(live)))

    return side_by_side(
        (entry, partial(read, entry.live))
        for entry in entries
        if makes_room(entry) and entry.live is not None
    )
