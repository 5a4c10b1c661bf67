"""From wanted and live to a plan, in passes that leave all reading to the caller.

1. `propose` decides what the listings alone decide;
2. read what `Proposal.to_look_at` names, hand it to `with_looks`;
3. read what `Proposal.to_compare` names, hand the differences to `with_differences`;
4. `appstore.reconcile.rails.guard.guarded` puts up the rails and gives the plan.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Act, Look, Refuse, Sight, Step
from appstore.reconcile.destructive import is_destructive
from appstore.reconcile.difference import Difference
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import NOTHING_READ, Looks
from appstore.reconcile.pair import Pair, pair
from appstore.reconcile.plan import Entry, Orphan, Unplanned
from appstore.reconcile.status import health_of
from appstore.reconcile.table import decide
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldLecturer, HeldStack, LecturerStacks, WantedStack, WantedTree
from appstore.wanted.states import Gone


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the table says about every instance, before the rails."""

    owner: str
    commit: str | None
    now: datetime
    entries: tuple[Entry, ...]
    unplanned: tuple[Unplanned, ...]
    held: tuple[HeldLecturer, ...]
    orphans: tuple[Orphan, ...]
    findings: tuple[Finding, ...]

    def to_look_at(self) -> tuple[tuple[Entry, Sight], ...]:
        """The entries that need more than the listing, and what of their stack must be read."""
        return tuple((e, e.decision.at) for e in self.entries if isinstance(e.decision, Look))

    def to_compare(self) -> tuple[Entry, ...]:
        """The entries that update a live stack, whose content must be read to say what changes."""
        return tuple(e for e in self.entries if _updates(e))

    def live_revs(self) -> frozenset[str]:
        """The commits from which the stacks that would be acted on were last written."""
        acting = (e.live for e in self.entries if e.live and isinstance(e.decision, Act))
        return frozenset(
            tags.rev
            for live in acting
            if isinstance(tags := read_tags(live.tags, self.owner), Ours) and tags.rev
        )


def propose(
    tree: WantedTree,
    live: Mapping[str, LiveProject | Unplanned],
    unmapped: Iterable[LiveProject],
    farewell: Callable[[str, InstanceId], Gone],
    now: datetime,
    commit: str | None,
) -> Proposal:
    """The first pass; `live` goes by lecturer, `unmapped` are projects that no lecturer maps.

    `farewell` says why a lecturer's instance that no file wants is gone, and its grace.
    """
    entries: list[Entry] = []
    unplanned: list[Unplanned] = []
    for wanted in tree.lecturers:
        if isinstance(wanted, HeldLecturer):
            continue
        project = _safe(wanted, live.get(wanted.lecturer))
        if isinstance(project, Unplanned):
            unplanned.append(project)
            continue
        why_gone = partial(farewell, wanted.lecturer)
        pairs = pair(wanted, project, tree.owner, why_gone)
        entries += (_entry(wanted, each, now, tree.owner) for each in pairs)
    return Proposal(
        owner=tree.owner,
        commit=commit,
        now=now,
        entries=tuple(entries),
        unplanned=tuple(unplanned),
        held=tuple(each for each in tree.lecturers if isinstance(each, HeldLecturer)),
        orphans=tuple(_orphans(unmapped, tree.owner)),
        findings=tree.findings,
    )


def with_looks(proposal: Proposal, looks: Mapping[str, Looks]) -> Proposal:
    """Decides again what needed a look; `looks` goes by stack id, what is missing stays open."""

    def again(entry: Entry) -> Entry:
        if not isinstance(entry.decision, Look) or entry.live is None:
            return entry
        read = looks.get(entry.live.id, NOTHING_READ)
        return _decided(entry, proposal.now, proposal.owner, read)

    return replace(proposal, entries=tuple(again(entry) for entry in proposal.entries))


def with_differences(proposal: Proposal, differences: Mapping[str, Difference]) -> Proposal:
    """Puts beside each update what it changes; `differences` goes by stack id."""

    def compared(entry: Entry) -> Entry:
        if not _updates(entry) or entry.live is None:
            return entry
        if (difference := differences.get(entry.live.id)) is not None:
            entry = replace(entry, difference=difference)
        else:
            unknown = "what this update does to each resource is unknown: its stack was not read"
            entry = replace(entry, warnings=(*entry.warnings, unknown))
        return replace(entry, destructive=is_destructive(entry))

    return replace(proposal, entries=tuple(compared(entry) for entry in proposal.entries))


def _updates(entry: Entry) -> bool:
    return isinstance(entry.decision, Act) and Step.UPDATE in entry.decision.steps


def _safe(
    wanted: LecturerStacks, project: LiveProject | Unplanned | None
) -> LiveProject | Unplanned:
    """Rail 11: only the complete listing of the mapped project may be planned against."""
    match project:
        case LiveProject() if wanted.cloud == project.cloud and wanted.project in (
            project.project_id,
            project.project_name,
        ):
            return project
        case LiveProject():
            rule = "another-project"
            why = f"the listing is of project {project.project_name} on {project.cloud}"
        case Unplanned():
            return project
        case None:
            rule, why = "not-listed", "its stacks were not listed"
    return Unplanned(
        wanted.lecturer,
        wanted.cloud,
        wanted.project,
        rule,
        f"nothing is planned for {wanted.lecturer} (project {wanted.project}): {why}",
        "Check `cloud` and `project` in its lecturer.yaml and the credential's roles.",
    )


def _entry(wanted: LecturerStacks, each: Pair, now: datetime, owner: str) -> Entry:
    blank = Entry(
        lecturer=wanted.lecturer,
        cloud=wanted.cloud,
        project=wanted.project,
        subject=each.subject,
        live=each.live,
        health=health_of(each.live),
        decision=Look(Sight.FAILED_RESOURCES),
    )
    return _decided(blank, now, owner, NOTHING_READ)


def _decided(entry: Entry, now: datetime, owner: str, looks: Looks) -> Entry:
    if isinstance(entry.subject, HeldStack):
        return replace(entry, decision=_held(entry.subject.finding))
    decision = decide(entry.subject, entry.live, now, owner, looks)
    entry = replace(entry, decision=decision, warnings=tuple(_warnings(entry, owner)))
    return replace(entry, destructive=True) if is_destructive(entry) else entry


def _held(finding: Finding) -> Refuse:
    """Rail 1: while its files have a finding, whatever lives stays as it is."""
    return Refuse(
        "held",
        f"its files have a finding: {finding.where} {finding.message}",
        finding.hint or "Correct the finding.",
    )


def _warnings(entry: Entry, owner: str) -> Iterator[str]:
    if not isinstance(entry.subject, WantedStack) or entry.live is None:
        return
    if f"appstore:gen={entry.subject.generation}" in entry.live.tags:
        return  # the usual case, without reading all tags once more
    match read_tags(entry.live.tags, owner):
        case Ours(generation=lived) if lived > entry.subject.generation:
            yield (
                f"`reset` in {entry.subject.path} adds up to {entry.subject.generation}, the "
                f"machine is at {lived}: counters only grow, it counts as equal"
            )


def _orphans(unmapped: Iterable[LiveProject], owner: str) -> Iterator[Orphan]:
    for project in sorted(unmapped, key=lambda p: (p.cloud, p.project_name, p.project_id)):
        for live in sorted(project.stacks, key=lambda stack: stack.name):
            if _is_ours(live, owner):
                yield Orphan(project.cloud, project.project_name, live)


def _is_ours(live: LiveStack, owner: str) -> bool:
    return f"appstore:owner={owner}" in live.tags
