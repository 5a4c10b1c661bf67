"""The plan in a note: one line of counts, then a part for each deployment."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from appstore.documents.plan_file import PlanFile, PlannedEntry, ProjectShortage, QuotaUse
from appstore.report.markdown import code, fenced, text
from appstore.report.wording import ids_in_short, members
from appstore.report.words import Many, Words
from appstore.wanted.moments import DEFAULT_ZONE, local

MOST_KINDS = 8
"""Kinds of changes that one deployment shows."""
MOST_LINES = 5
"""Lines of one kind: changed fields, losses."""
MOST_IDS = 20


def plan_line(plan: PlanFile, words: Words) -> str:
    """The counts, how many lose data, and what waits on the target anyway."""
    acts = Counter(
        entry.act.action for entry in plan.entries if entry.decision == "act" and entry.act
    )
    known = [f"{acts[action]} {what}" for action, what in words.to_do.items() if acts[action]]
    other = [f"{n} {code(action)}" for action, n in acts.items() if action not in words.to_do]
    states = Counter(str(entry.decision) for entry in plan.entries)
    rest = [f"{states[state]} {what}" for state, what in words.not_done.items() if states[state]]
    done = ", ".join((*known, *other[:MOST_LINES], *rest)) or words.nothing
    lines = [f"**{words.plan}: {done}.**"]
    if lost := sum(_loses(entry) for entry in plan.entries):
        lines.append(words.many(words.loses, lost))
    if plan.drift:
        lines.append(words.many(words.drift, plan.drift))
    if plan.base and plan.head:
        lines.append(f"({words.merging.format(code(plan.head[:12]), code(plan.base[:12]))})")
    return " ".join(lines)


def plan_parts(plan: PlanFile, words: Words) -> Iterator[str]:
    """What loses data comes first, so that it is never what does not fit."""
    deployments = by_deployment(plan.entries)
    for name in sorted(deployments, key=lambda name: not any(map(_loses, deployments[name]))):
        yield _deployment(name, deployments[name], words)
    if plan.withdrawn:
        yield _listed(words.withdrawn, plan.withdrawn, words)
    laters: dict[str, list[str]] = {}
    for one in plan.later:
        laters.setdefault(_when(one.begins, one.zone), []).append(one.id)
    for when, ids in laters.items():
        yield _listed(words.later, ids, words, when)
    if plan.notices:
        yield "\n".join(
            f"- {code(one.deployment)}: "
            f"{words.many(words.ending, one.machines, code(one.last_day))}"
            for one in islice(plan.notices, MOST_IDS)
        )
    if plan.uses:
        lines = (f"- {_use(one, words)}" for one in islice(plan.uses, MOST_IDS))
        yield "\n".join((f"{words.uses}\n", *lines))
    yield from (_shortage(one, words) for one in plan.shortages)
    for u in islice(plan.unplanned, MOST_IDS):
        name = code(u.lecturer or u.project)
        yield (
            f"**{words.unplanned}:** {name} {code(f'[{u.rule}]')} {text(u.why)}"
            f"{_next(u.next_step, '', words)}"
        )
    for held in islice(plan.held, MOST_IDS):
        yield f"**{words.held.format(code(held.lecturer))}**"
    if plan.orphans:
        names = [f"{one.stack} ({one.project}, {one.cloud})" for one in plan.orphans]
        yield _listed(words.orphans, names, words)


def by_deployment(entries: Iterable[PlannedEntry]) -> dict[str, list[PlannedEntry]]:
    """`<lecturer>/<course>/<deployment>` to its entries."""
    found: dict[str, list[PlannedEntry]] = {}
    for entry in entries:
        found.setdefault(split(entry.id)[0], []).append(entry)
    return found


def split(id_: str) -> tuple[str, str]:
    """Deployment and member; the member is empty for a deployment without a course."""
    deployment, _, member = id_.rpartition("/")
    return (deployment, member) if deployment.count("/") >= 2 else (id_, "")


def alike(entries: Iterable[PlannedEntry]) -> list[list[PlannedEntry]]:
    """The entries that read the same, together."""
    kinds: dict[object, list[PlannedEntry]] = {}
    for e in entries:
        same = (e.version, e.decision, e.act, e.why, e.until, e.rule, e.next_step, e.destructive)
        kinds.setdefault((same, e.difference, e.warnings), []).append(e)
    return list(kinds.values())


def headed(name: str, entries: Iterable[PlannedEntry]) -> str:
    """The name of a deployment and its versions, as a headline."""
    versions = dict.fromkeys(entry.version for entry in entries if entry.version)
    return " ".join(("####", code(name), *(code(one) for one in islice(versions, 3))))


def label(kind: list[PlannedEntry], words: Words) -> str:
    """`30 to create: s01..s30`, with the rule of a refusal."""
    first = kind[0]
    what = words.not_done.get(first.decision, "")
    if first.act is not None:
        done = words.to_do.get(first.act.action) or code(first.act.action)
        what = done if first.decision == "act" else f"{what} ({done})"
    if first.rule:
        what += f" {code(f'[{first.rule}]')}"
        if first.rule in words.rules:
            what += f" ({words.rules[first.rule]})"
    names = [member for entry in kind if (member := split(entry.id)[1])]
    return f"{len(kind)} {what}" + (f": {code(members(names))}" if names else "")


def _deployment(name: str, entries: list[PlannedEntry], words: Words) -> str:
    kinds = sorted(alike(entries), key=lambda kind: not _loses(kind[0]))
    lines = [headed(name, entries), ""]
    for kind in kinds[:MOST_KINDS]:
        lines.append(f"- {label(kind, words)}")
        lines += (f"  - {line}" for line in _about(kind[0], words))
        if step := _next(kind[0].next_step or "", "  ", words):
            lines.append(step.removeprefix("\n"))
    if (more := len(kinds) - MOST_KINDS) > 0:
        lines.append(f"- {words.many(words.more, more)}")
    return "\n".join(lines)


def _about(entry: PlannedEntry, words: Words) -> Iterator[str]:
    """What it means, what is lost, why, and what orders it."""
    yield from (f"**{line}**" for line in _losses(entry, words))
    if entry.act is not None:
        if meaning := words.meanings.get(entry.act.action):
            yield meaning
        if why := words.say(entry.act.why):
            yield why
    if entry.why and (why := words.say(entry.why)):
        until = words.until.format(_when(entry.until, DEFAULT_ZONE)) if entry.until else ""
        yield f"{why} ({until})" if until else why
    if entry.difference is not None:
        for field in islice(entry.difference.fields, MOST_LINES):
            old, new = (words.none if v is None else code(v, 80) for v in (field.old, field.new))
            yield f"{code(field.field, 100)}: {old} \u2192 {new}"
        if (more := len(entry.difference.fields) - MOST_LINES) > 0:
            yield words.many(words.more, more)
    if entry.act is not None and entry.act.cause:
        yield words.ordered_at.format(code(entry.act.cause))
    elif entry.destructive:
        yield words.unordered


def _losses(entry: PlannedEntry, words: Words) -> Iterator[str]:
    """Sentences in the reader's language; a machine that goes loses all."""
    found = entry.difference.losses[:MOST_LINES] if entry.difference else ()
    yield from filter(None, map(words.say, found))
    if entry.destructive and not found:
        yield words.all_lost


def _loses(entry: PlannedEntry) -> bool:
    return entry.destructive


def _next(step: str, indent: str, words: Words) -> str:
    """The way out on a line of its own; a file to write keeps its lines."""
    first, *more = step.splitlines() or [""]
    if not (shown := text(first)):
        return ""
    line = f"\n{indent}- {words.next_step} {shown}"
    return f"{line}\n{fenced(more, indent + '  ')}" if more else line


def _listed(many: Many, ids: Iterable[str], words: Words, *values: str) -> str:
    """One sentence with a number, and whom it is about, by deployment."""
    every = list(ids)
    names = ids_in_short(every)
    lines = [f"- {code(name)}" for name in names[:MOST_IDS]]
    if len(names) > MOST_IDS:
        lines.append(f"- {words.many(words.more, len(names) - MOST_IDS)}")
    return "\n".join((f"{words.many(many, len(every), *values)}:\n", *lines))


def _when(moment: str, zone: str) -> str:
    """As the people of the course read it; as it was written where it is no moment."""
    try:
        at = datetime.fromisoformat(moment)
        return code(f"{local(at, zone):%Y-%m-%d %H:%M} {zone}" if at.tzinfo else moment)
    except (ValueError, LookupError, OSError, OverflowError):
        return code(moment)


def _use(use: QuotaUse, words: Words) -> str:
    place = code(use.project), code(use.cloud)
    return words.use_line.format(*place, code(use.quota), use.adds, use.left, use.limit)


def _shortage(shortage: ProjectShortage, words: Words) -> str:
    place = code(shortage.project), code(shortage.cloud)
    lines = [
        f"- {words.quota_line.format(*place, code(m.quota), m.used, m.limit, m.wanted)}"
        for m in islice(shortage.missing, MOST_IDS)
    ]
    pasted = f"\n\n{fenced(shortage.commands)}" if shortage.commands else ""
    return "\n".join((f"{words.quota}\n", *lines)) + pasted
