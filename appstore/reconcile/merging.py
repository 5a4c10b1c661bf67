"""What a proposal changes: the entries in which two plans differ that saw the same stacks."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from appstore.documents.findings import brought
from appstore.reconcile.decision import Act, Look, Refuse, Settled, Stuck, Wait, planned_act
from appstore.reconcile.digest import fingerprint, plan_digest
from appstore.reconcile.needs.shortage import Use
from appstore.reconcile.plan import Entry, Merging, Plan
from appstore.reconcile.scope import address
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import NotYet


def differing(target: Plan, result: Plan, base: str, head: str) -> Plan:
    """The result's plan without what is so on the target anyway; the digest covers what is left.

    Only counted are changes that wait on the target already, and findings that it has.
    """
    before = {address(entry): _seen(entry, target.owner) for entry in target.entries}
    shown = [e for e in result.entries if before.get(address(e)) != _seen(e, result.owner)]
    new = brought(target.findings, result.findings)
    same = {address(e) for e in result.entries} - {address(e) for e in shown}
    merging = Merging(
        base,
        head,
        waiting=sum(_acts(entry) and address(entry) in same for entry in result.entries),
        withdrawn=_withdrawn(target, result),
        findings_before=len(result.findings) - len(new),
    )
    return replace(
        result,
        entries=tuple(shown),
        unplanned=tuple(u for u in result.unplanned if u.lecturer or u not in target.unplanned),
        held=tuple(h for h in result.held if h.lecturer not in {t.lecturer for t in target.held}),
        orphans=tuple(o for o in result.orphans if o not in target.orphans),
        shortages=tuple(s for s in result.shortages if s not in target.shortages),
        uses=tuple(_uses(target.uses, result.uses)),
        findings=new,
        digest=plan_digest(result.owner, shown),
        merging=merging,
    )


def _seen(entry: Entry, owner: str) -> tuple[object, ...]:
    """What a reviewer would see differ; not the lines of files, which any edit moves."""
    subject = entry.subject
    wanted: tuple[object, ...] = ()
    if isinstance(subject, WantedStack):
        begins = subject.wanted.begins if isinstance(subject.wanted, NotYet) else None
        ends = subject.notice.last_day if subject.notice else None
        wanted = (subject.spec.version, subject.spec.digest, subject.generation, begins, ends)
    return (*wanted, _verdict(entry), fingerprint(entry, owner), entry.destructive)


def _verdict(entry: Entry) -> tuple[str, str]:
    match entry.decision:
        case Act():
            return "act", ""
        case Settled():
            return "settled", ""
        case Wait(why=why):
            return "wait", why
        case Refuse(rule=rule):
            return "refuse", rule
        case Stuck(why=why):
            return "stuck", why
        case Look():
            return "look", ""
        case _:
            assert_never(entry.decision)


def _acts(entry: Entry) -> bool:
    return planned_act(entry.decision) is not None


def _withdrawn(target: Plan, result: Plan) -> tuple[str, ...]:
    """What the target would make, now or later, and the result does not want any more.

    What lives already is an entry of the result, as something that ends.
    """
    here = {address(entry) for entry in result.entries}
    unknown = {one.lecturer for one in result.held} | {one.lecturer for one in result.unplanned}
    return tuple(
        address(entry)
        for entry in target.entries
        if entry.live is None and address(entry) not in here and entry.lecturer not in unknown
    )


def _uses(before: Iterable[Use], after: Iterable[Use]) -> Iterator[Use]:
    """What merging adds to each quota, after what waits on the target."""
    waiting = {(use.cloud, use.project, use.kind): use.adds for use in before}
    for use in after:
        less = waiting.get((use.cloud, use.project, use.kind), 0)
        if use.adds > less:
            yield replace(use, adds=use.adds - less, left=use.left - less)
