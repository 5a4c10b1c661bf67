"""A plan as text: what happens to whom and why; what is as wanted is one count, never a list."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import assert_never

from appstore.documents.findings import Severity
from appstore.reconcile.decision import Act, Action, Look, Refuse, Settled, Stuck, Wait
from appstore.reconcile.difference import Difference, Effect
from appstore.reconcile.plan import Entry, Merging, Plan, Unplanned
from appstore.report.escape import plain
from appstore.report.findings import findings_text, summary
from appstore.report.notices import notices_text
from appstore.report.subjects import deployment_of, later, member_of, version_of, zone_of
from appstore.report.wording import counted, ids_in_short, members
from appstore.report.words.en import ENGLISH
from appstore.report.wrapping import wrapped
from appstore.wanted.moments import shown

MARKS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.RETRY: "~",
    Action.RECREATE: "#",
    Action.RESUME: ">",
    Action.SUSPEND: "z",
    Action.END: "z",
    Action.REVIVE: ">",
    Action.ADOPT: "@",
    Action.DELETE: "-",
}


def plan_text(plan: Plan) -> Iterator[str]:
    """The whole plan at 80 columns; members with the same change share their lines."""
    yield _headline(plan)
    for project, group in groupby(plan.entries, key=lambda e: (e.lecturer, e.project, e.cloud)):
        yield from _project(project, list(group))
    yield from notices_text(plan.entries)
    yield from left_out_text(plan)
    if plan.merging is not None:
        yield from _beside(plan.merging)
    yield ""
    yield tally(plan)


def _headline(plan: Plan) -> str:
    changing = sum(isinstance(e.decision, Act) for e in plan.entries)
    if plan.merging is not None:
        return (
            f"plan of {plan.owner}, {plan.merging.head[:7]} merged into {plan.merging.base[:7]}: "
            f"{counted(changing, 'instance changes', 'instances change')}"
        )
    commit = (plan.commit or "no commit")[:7]
    total = counted(len(plan.entries), "instance")
    return f"plan of {plan.owner} at {commit}: {changing} of {total} change"


def _beside(merging: Merging) -> Iterator[str]:
    """What is not in the plan of a proposal because it is so already, and what is given up."""
    if merging.withdrawn:
        yield f"\nnot made any more: {counted(len(merging.withdrawn), 'instance')}"
        yield from (f"  {plain(line)}" for line in ids_in_short(merging.withdrawn))
    if merging.waiting:
        waiting = counted(merging.waiting, "other change is", "other changes are")
        yield f"\n{waiting} waiting on the target branch already"
    if merging.findings_before:
        found = counted(merging.findings_before, "other finding is", "other findings are")
        yield f"\n{found} there already; see: appstore validate"


def left_out_text(plan: Plan) -> Iterator[str]:
    """What the plan could not or must not plan: held lecturers, projects, orphans, findings."""
    for off in plan.writes_off:
        until = f" until {off.until}" if off.until else ""
        yield f"\nnothing is written to {off.cloud}{until} [{off.rule}]: {plain(off.why)}"
    for shortage in plan.shortages:
        yield f"\nfor the OpenStack admin of {plain(shortage.cloud)}, so that everything fits:"
        yield from (f"  {plain(line)}" for line in shortage.request)
    for held in plan.held:
        yield f"\n{plain(held.lecturer)}: held, nothing is done for this lecturer"
        why = f"{held.finding.where} {held.finding.message}"
        yield from wrapped(plain(why), "  ", "    ")
    for (why, next_step, rule), group in groupby(plan.unplanned, key=_reason):
        names = ", ".join(plain(u.lecturer or f"project {u.project}") for u in group)
        yield f"\nnot planned [{rule}]: {names}"
        yield from wrapped(plain(why), "  ", "  ")
        yield from wrapped(plain(next_step), "  -> ", "     ")
    if plan.orphans:
        yield f"\n{counted(len(plan.orphans), 'orphaned stack')} (no lecturer maps the project):"
        for orphan in plan.orphans:
            yield f"  ? {plain(orphan.live.name)} in {plain(orphan.project)} on {orphan.cloud}"
    if plan.findings:
        yield f"\nfindings: {summary(plan.findings)}"
        yield from findings_text(plan.findings)


def _reason(unplanned: Unplanned) -> tuple[str, str, str]:
    return unplanned.why, unplanned.next_step, unplanned.rule


def tally(plan: Plan) -> str:
    """The last line: counts by action, what is not done, and the digest."""
    actions = Counter(str(e.decision.action) for e in plan.entries if isinstance(e.decision, Act))
    parts = [
        f"{actions[action]} {words}" for action, words in ENGLISH.to_do.items() if actions[action]
    ]
    for kind, name in ((Refuse, "refuse"), (Stuck, "stuck"), (Wait, "wait")):
        words = ENGLISH.not_done[name]
        if number := sum(isinstance(e.decision, kind) for e in plan.entries):
            parts.append(f"{number} {words}")
    parts += not_planned(plan)
    errors = sum(f.severity is Severity.ERROR for f in plan.findings)
    if errors:
        parts.append(counted(errors, "error") + " in files")
    done = ", ".join(parts) or "nothing to do"
    return f"Plan: {done}. Digest {plan.digest}"


def not_planned(plan: Plan) -> list[str]:
    """How many projects could not or must not be planned, for a line of counts."""
    number = sum(1 for _ in unplanned_codes(plan))
    return [f"{counted(number, 'project')} not planned"] if number else []


def _project(project: tuple[str, str, str], entries: list[Entry]) -> Iterator[str]:
    lecturer, name, cloud = project
    yield f"\n{plain(lecturer)} (project {plain(name)} on {cloud})"
    quiet = 0
    for _, group in groupby(entries, key=_shape):
        alike = list(group)
        if isinstance(alike[0].decision, Settled) and not (alike[0].warnings or later(alike[0])):
            quiet += len(alike)
        else:
            yield from _entry(alike)
    if quiet:
        yield f"  . {quiet} as wanted"


def _shape(entry: Entry) -> tuple[object, ...]:
    """Entries of one deployment with the same shape share their lines."""
    return (
        deployment_of(entry),
        version_of(entry),
        entry.decision,
        entry.destructive,
        entry.difference,
        entry.warnings,
    )


def _entry(alike: list[Entry]) -> Iterator[str]:
    first = alike[0]
    name = deployment_of(first)
    if names := [m for m in map(member_of, alike) if m]:
        name += f"/{names[0]}" if len(names) == 1 else f" {{{members(names)}}}"
    many = f" x{len(alike)}" if len(alike) > 1 else ""
    match first.decision:
        case Act(action, _, why, cause):
            yield f"  {MARKS[action]} {action}{many} {plain(name)}  {version_of(first)}".rstrip()
            if why:
                yield from _told(why)
            if cause is not None:
                yield f"      ordered at {plain(str(cause))}: {plain(cause.text)}"
            elif first.destructive:
                yield "      nobody ordered this with a line in a file"
        case Refuse(rule, why, next_step):
            yield f"  ! refused{many} {plain(name)} [{rule}]"
            yield from _told(why)
            yield from _next(next_step)
        case Stuck(why, next_step):
            yield f"  ! needs a person{many} {plain(name)}"
            yield from _told(why)
            yield from _next(next_step)
        case Wait(why, until, next_step):
            yield f"  = waits{many} {plain(name)}"
            when = f" (until {shown(until, zone_of(first))})" if until else ""
            yield from _told(f"{why}{when}")
            yield from _next(next_step)
        case Settled(why):
            yield f"  . {'later' if later(first) else 'as wanted'}{many} {plain(name)}"
            if why:
                yield from _told(why)
        case Look():
            yield f"  ? not read yet{many} {plain(name)}"
        case _:
            assert_never(first.decision)
    if first.difference is not None:
        yield from _difference(first.difference)
    for warning in first.warnings:
        yield from wrapped(plain(warning), "      warning: ", "        ")


def _next(step: str) -> Iterator[str]:
    """The way out; several lines (a file to write) keep their shape."""
    first, *shaped = step.splitlines() or [""]
    yield from wrapped(plain(first), "      -> ", "         ")
    yield from (f"         {plain(line)}" for line in shaped)


def _told(text: str) -> list[str]:
    return wrapped(plain(text), "      ", "      ")


def _difference(difference: Difference) -> Iterator[str]:
    for change in difference.fields:
        old = "(none)" if change.old is None else plain(change.old, 80)
        new = "(none)" if change.new is None else plain(change.new, 80)
        yield f"      {plain(change.field)}: {old} -> {new}"
    for effect in difference.effects:
        if effect.effect is not Effect.UNCHANGED:
            mark = "!" if effect.effect in (Effect.REPLACED, Effect.REBUILT) else " "
            yield f"    {mark} {effect.effect}: {plain(effect.type)} {plain(effect.name)}"
            if effect.why:
                yield f"        {plain(effect.why)}"
    for loss in difference.losses:
        yield f"    ! {plain(loss)}"


def exit_codes(plan: Plan, detailed: bool) -> Iterator[int]:
    """The exit codes that this plan gives reason for; the caller takes the worst."""
    if any(f.severity is Severity.ERROR for f in plan.findings):
        yield 2
    yield from unplanned_codes(plan)
    if any(isinstance(e.decision, Stuck) for e in plan.entries):
        yield 1
    if any(isinstance(e.decision, Refuse) for e in plan.entries):
        yield 3
    if detailed and any(isinstance(e.decision, Act) for e in plan.entries):
        yield 4


def unplanned_codes(plan: Plan) -> Iterator[int]:
    """1 for a cloud that failed us, 3 for one that must not be planned."""
    for unplanned in plan.unplanned:
        if unplanned.rule == "cloud":
            yield 1
        elif unplanned.rule != "unmapped":
            yield 3
