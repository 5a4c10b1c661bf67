"""plan --onto: what merging a proposal would change, against one look at the clouds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from appstore.apply.protocols import Heat
from appstore.cloud.errors import CloudError
from appstore.cloud.projects import Project
from appstore.reconcile.digest import plan_digest
from appstore.reconcile.live import LiveProject
from appstore.reconcile.merging import differing
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.room import Room
from appstore.reconcile.plan import Merging, Plan
from appstore.registry.read import read_registry
from appstore.runs.looking import Cloud
from appstore.runs.plan import Order, make_plan
from appstore.source.proposal import Proposed
from appstore.source.tree import Conflict, Tree
from appstore.wanted.tree import wanted_tree


def plan_proposal(order: Order, proposed: Proposed, open_cloud: Callable[[str], Cloud]) -> Plan:
    """The entries in which the merge result differs from the target, which the order holds.

    Each project is listed once, so that nothing that happens meanwhile looks like a difference.
    What git cannot merge is a plan without entries whose findings are the conflicts.
    """
    match proposed.merged:
        case Conflict(findings=findings):
            owner = wanted_tree(read_registry(order.tree.files), order.now).owner
            merging = Merging(proposed.base, proposed.head)
            digest = plan_digest(owner, ())
            nothing = Plan(owner, None, order.now, (), (), (), (), findings, digest)
            return replace(nothing, merging=merging)
        case Tree() as merged:
            listed = cache(lambda name: _Listed(open_cloud(name)))
            after = make_plan(replace(order, tree=merged), listed).plan
            before = make_plan(order, listed).plan
            return differing(before, after, proposed.base, proposed.head)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A cloud whose projects are listed once, however often one asks."""

    cloud: Cloud
    known: dict[Project, LiveProject | CloudError] = field(default_factory=dict)

    def projects(self) -> tuple[Project, ...]:
        return self.cloud.projects()

    def project(self, asked: str) -> Project:
        return self.cloud.project(asked)

    def heat(self, project: Project) -> Heat:
        return self.cloud.heat(project)

    def room(self, project: Project, kinds: frozenset[Kind]) -> Room:
        return self.cloud.room(project, kinds)

    def listings(self, projects: Iterable[Project]) -> Mapping[Project, LiveProject | CloudError]:
        asked = tuple(projects)
        if new := [project for project in asked if project not in self.known]:
            self.known.update(self.cloud.listings(new))
        return {project: self.known[project] for project in asked}
