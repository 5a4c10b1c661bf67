"""plan: from a tree and the clouds to what would be done; writes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from appstore.apply.protocols import Heat
from appstore.errors import InvalidInput
from appstore.govern.life_findings import life_findings
from appstore.govern.use_shelf import shelf_of
from appstore.reconcile.jobs import chosen
from appstore.reconcile.needs.findings import footprint_findings
from appstore.reconcile.plan import Plan
from appstore.reconcile.propose import Proposal, propose, with_differences, with_looks
from appstore.reconcile.rails.exceptions import exceptions_of
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Choice, Rules
from appstore.reconcile.rails.writes_off import writes_off
from appstore.reconcile.reviewed import Consent, same_owner
from appstore.reconcile.scope import address
from appstore.registry.read import read_registry
from appstore.runs.comparing import read_differences, read_looks
from appstore.runs.looking import Cloud, ProjectKey, look_around
from appstore.runs.measuring import read_rooms
from appstore.source.tree import Tree
from appstore.wanted.farewell import farewell
from appstore.wanted.freezes import frozen_now
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldLecturer, LecturerStacks, WantedTree
from appstore.wanted.states import Gone
from appstore.wanted.tree import wanted_tree


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked: which tree, when, who is there, and which instances it is about.

    `ancestors` tells which of some commits our commit builds on. Without `choice` all are meant.
    `consent` is what was reviewed before, None where a person's own run is the review.
    """

    tree: Tree
    now: datetime
    attendance: Attendance
    choice: Choice | None
    ancestors: Callable[[frozenset[str]], frozenset[str]]
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the Heats it was made from, by cloud and project."""

    plan: Plan
    heats: Mapping[ProjectKey, Heat]


def make_plan(order: Order, open_cloud: Callable[[str], Cloud]) -> Planned:
    """Read the tree, list the projects, decide, look closer where needed, put up the rails."""
    registry = read_registry(order.tree.files, order.tree.findings)
    tree = wanted_tree(registry, order.now)
    shelf = shelf_of(registry)
    same_owner(order.consent.plans if order.consent else (), tree.owner)
    today = order.now.date()
    exceptions, ignored = exceptions_of(registry, today)
    names = frozenset(one.lecturer for one in tree.lecturers)
    about = order.choice.among(names) if order.choice else names
    view = look_around(tree, about, open_cloud)
    by_lecturer = {one.lecturer: one for one in tree.lecturers if isinstance(one, LecturerStacks)}

    def why_gone(lecturer: str, instance: InstanceId) -> Gone:
        return farewell(by_lecturer[lecturer], registry, instance)

    part, commit = _part(tree, about), order.tree.commit
    proposal = propose(part, view.live, view.unmapped, why_gone, order.now, commit)
    _check(order.choice, proposal)
    proposal = with_looks(proposal, read_looks(proposal.to_look_at(), view.heats))
    chosen = (e for e in proposal.to_compare() if order.choice is None or order.choice.takes(e))
    proposal = with_differences(proposal, read_differences(chosen, view.heats))
    site = registry.site.model if registry.site else None
    revs = proposal.live_revs()
    rules = Rules(
        owner=tree.owner,
        attendance=order.attendance,
        choice=order.choice,
        ancestors=order.ancestors(revs) if revs else frozenset(),
        consent=order.consent,
        exceptions=exceptions,
        frozen=frozen_now(registry, order.now),
        writes_off=writes_off(site, today) if site else (),
        rooms=read_rooms(proposal.entries, order.choice, view, site),
        may_use=shelf.verdict,
    )
    findings = (
        *registry.findings,
        *tree.findings,
        *footprint_findings(registry),
        *life_findings(registry, shelf),
        *ignored,
    )
    plan = guarded(replace(proposal, findings=findings), rules)
    return Planned(replace(plan, unplanned=(*plan.unplanned, *view.unread)), view.heats)


def _part(tree: WantedTree, about: frozenset[str]) -> WantedTree:
    """What is planned for these lecturers; who is held stays named."""
    kept = (one for one in tree.lecturers if isinstance(one, HeldLecturer) or one.lecturer in about)
    return replace(tree, lecturers=tuple(kept))


def _check(choice: Choice | None, proposal: Proposal) -> None:
    """Raises InvalidInput for a name that means nothing; a typing error must not look like done."""
    known = [address(entry) for entry in proposal.entries]
    unread = [*(one.lecturer for one in proposal.held), *(u.lecturer for u in proposal.unplanned)]
    for pattern in choice.patterns if choice else ():
        lecturer = pattern.split("/")[0]
        if any(chosen(pattern, name) for name in known) or any(
            chosen(lecturer, name) for name in unread
        ):
            continue
        names = {"/".join(name.split("/")[:depth]) for name in known for depth in (1, 2, 3, 4)}
        near = get_close_matches(pattern, sorted(names), 1)
        raise InvalidInput(
            f"No instance is called {pattern}.",
            f"Did you mean {near[0]}?" if near else "appstore status lists them all.",
        )
