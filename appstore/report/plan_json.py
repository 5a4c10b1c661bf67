"""A plan as plain values for machines, as `appstore.documents.plan_file` describes them."""

from typing import assert_never

from appstore.reconcile.decision import Act, Decision, Look, Refuse, Settled, Stuck, Wait
from appstore.reconcile.difference import Difference
from appstore.reconcile.live import LiveStack
from appstore.reconcile.needs.shortage import Shortage
from appstore.reconcile.plan import PLAN_FORMAT, Entry, Merging, Plan
from appstore.reconcile.tags import Ours, read_tags
from appstore.report.findings import findings_json
from appstore.report.notices import notices_json
from appstore.report.subjects import full_id, later, version_of, zone_of
from appstore.wanted.stacks import WantedStack


def plan_json(plan: Plan) -> dict[str, object]:
    """Every entry that is not simply as wanted, with decision, difference and live fingerprint."""
    return {
        "format": PLAN_FORMAT,
        "owner": plan.owner,
        "commit": plan.commit,
        "now": plan.now.isoformat(),
        "digest": plan.digest,
        "settled": sum(isinstance(entry.decision, Settled) for entry in plan.entries),
        "entries": [
            _entry(e, plan.owner) for e in plan.entries if not isinstance(e.decision, Settled)
        ],
        "later": [
            {"id": full_id(entry), "begins": begins.isoformat(), "zone": zone_of(entry)}
            for entry in plan.entries
            if (begins := later(entry)) is not None
        ],
        "notices": notices_json(plan.entries),
        "unplanned": [
            {
                "lecturer": u.lecturer,
                "cloud": u.cloud,
                "project": u.project,
                "rule": u.rule,
                "why": u.why,
                "next_step": u.next_step,
            }
            for u in plan.unplanned
        ],
        "held": [{"lecturer": held.lecturer} for held in plan.held],
        "orphans": [
            {"cloud": o.cloud, "project": o.project, "stack": o.live.name, "id": o.live.id}
            for o in plan.orphans
        ],
        "shortages": [_shortage(shortage) for shortage in plan.shortages],
        "uses": [
            {
                "cloud": use.cloud,
                "project": use.project,
                "quota": str(use.kind),
                "adds": use.adds,
                "left": use.left,
                "limit": use.limit,
            }
            for use in plan.uses
        ],
        "findings": findings_json(plan.findings),
        **(_merging(plan.merging) if plan.merging else {}),
    }


def _merging(merging: Merging) -> dict[str, object]:
    return {
        "base": merging.base,
        "head": merging.head,
        "drift": merging.waiting,
        "withdrawn": list(merging.withdrawn),
        "findings_before": merging.findings_before,
    }


def _shortage(shortage: Shortage) -> dict[str, object]:
    return {
        "cloud": shortage.cloud,
        "project": shortage.project,
        "missing": [
            {
                "quota": str(one.kind),
                "limit": one.present.limit,
                "used": one.present.used,
                "wanted": one.wanted,
            }
            for one in shortage.missing
        ],
        "request": list(shortage.request),
        "commands": list(shortage.commands),
    }


def _entry(entry: Entry, owner: str) -> dict[str, object]:
    wanted = entry.subject if isinstance(entry.subject, WantedStack) else None
    return {
        "id": full_id(entry),
        "stack": entry.subject.name,
        "cloud": entry.cloud,
        "project": entry.project,
        "version": version_of(entry),
        **_decision(entry.decision),
        "destructive": entry.destructive,
        "health": str(entry.health),
        "wanted": wanted and {"spec": wanted.spec.digest, "generation": wanted.generation},
        "live": entry.live and _live(entry.live, owner),
        "difference": entry.difference and _difference(entry.difference),
        "warnings": list(entry.warnings),
    }


def _live(live: LiveStack, owner: str) -> dict[str, object]:
    tags = read_tags(live.tags, owner)
    ours = tags if isinstance(tags, Ours) else None
    return {
        "id": live.id,
        "status": live.status,
        "spec": ours and ours.spec,
        "generation": ours.generation if ours else None,
    }


def _act(act: Act) -> dict[str, object]:
    return {
        "action": str(act.action),
        "steps": [str(step) for step in act.steps],
        "why": act.why,
        "cause": str(act.cause) if act.cause else None,
    }


def _decision(decision: Decision) -> dict[str, object]:
    match decision:
        case Act() as act:
            return {"decision": "act", "act": _act(act)}
        case Settled(why):
            return {"decision": "settled", "why": why}
        case Wait(why, until, next_step, then):
            return {
                "decision": "wait",
                "why": why,
                "until": until and until.isoformat(),
                "next_step": next_step,
                "act": then and _act(then),
            }
        case Refuse(rule, why, next_step):
            return {"decision": "refuse", "rule": rule, "why": why, "next_step": next_step}
        case Stuck(why, next_step):
            return {"decision": "stuck", "why": why, "next_step": next_step}
        case Look(at):
            return {"decision": "look", "at": str(at)}
        case _:
            assert_never(decision)


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "fields": [{"field": f.field, "old": f.old, "new": f.new} for f in difference.fields],
        "effects": [
            {"name": e.name, "type": e.type, "effect": str(e.effect), "why": e.why}
            for e in difference.effects
        ],
        "losses": list(difference.losses),
    }
