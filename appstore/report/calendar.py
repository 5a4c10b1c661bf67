"""A calendar as text and JSON; what repeats every week is one line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from appstore.reconcile.agenda import Event, Kind
from appstore.report.escape import plain
from appstore.report.wording import counted
from appstore.wanted.moments import local

WORDS = {
    Kind.CLASS: "class",
    Kind.EXAM: "exam",
    Kind.AWAKE: "awake",
    Kind.REVOKED: "asleep until it uses another version: revoked",
    Kind.NOTICE: "ends soon: a notice is due",
    Kind.ENDS: "ends and is put to sleep",
    Kind.DELETED: "deleted, unless it came back",
}
ALL_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Line:
    """Events that read the same, by time; `who` is empty where it is the whole page."""

    who: str
    events: tuple[Event, ...]


def page_text(
    name: str, zone: str, deployments: Sequence[str], events: Sequence[Event]
) -> Iterator[str]:
    """One course or deployment: a headline with the time zone, then a line for each thing."""
    yield f"{plain(name)} (times in {zone})"
    for line in _lines(zone, deployments, events):
        yield f"  {_line(line, zone)}"
    if not events:
        yield "  nothing happens"


def _lines(zone: str, deployments: Sequence[str], events: Sequence[Event]) -> list[Line]:
    """Deployments with the same event share it, weeks with the same hours share a line."""
    together: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        key = (event.at, event.kind, event.until, event.begins)
        together.setdefault(key, []).append(event)
    alike: dict[tuple[object, ...], list[tuple[Event, ...]]] = {}
    for same in together.values():
        who = _who([event.deployment for event in same], deployments)
        first = same[0]
        repeats = first.until is not None or first.kind is Kind.MADE
        hours = _hours(first, zone) if repeats else f"{first.at}"
        alike.setdefault((who, first.kind, hours), []).append(tuple(same))
    lines = [
        Line(str(who), tuple(_total(same) for same in group))
        for (who, _, _), group in alike.items()
    ]
    return sorted(lines, key=lambda line: line.events[0].at)


def _total(same: tuple[Event, ...]) -> Event:
    """One event for several deployments."""
    first = same[0]
    machines = sum(event.machines for event in same)
    return Event(first.at, first.kind, first.deployment, machines, first.until, first.begins)


def _hours(event: Event, zone: str) -> str:
    """What the wall shows at its begin and end; the same for every wave of machines made."""
    if event.kind is Kind.MADE or event.until is None:
        return ""
    start, end = local(event.at, zone), local(event.until, zone)
    days = (end.date() - start.date()).days
    until = f"{end:%H:%M}" if days == 0 else f"{end:%a %H:%M}" if days < 7 else f"{end:%Y-%m-%d}"
    hours = f"{start:%H:%M}-{until}"
    if event.begins is not None and event.begins > event.at:
        hours += f" (from {local(event.begins, zone):%H:%M} on, awake before)"
    return hours


def _who(named: list[str], deployments: Sequence[str]) -> str:
    if len(set(named)) == len(deployments):
        return ""
    return ", ".join(name.rpartition("/")[2] for name in dict.fromkeys(named))


def _line(line: Line, zone: str) -> str:
    first, last = line.events[0], line.events[-1]
    who = f": {plain(line.who)}" if line.who else ""
    if first.kind is Kind.MADE:
        machines = counted(sum(event.machines for event in line.events), "machine")
        waves = f", in {len(line.events)} waves" if len(line.events) > 1 else ""
        return f"{_at(first.at, zone)}  {machines} made{waves}{who}"
    what = f"{WORDS[first.kind]}{who}"
    if first.until is None:
        still = ", beyond these weeks" if first.kind in (Kind.CLASS, Kind.EXAM, Kind.AWAKE) else ""
        return f"{_at(first.at, zone)}  {what}{still}"
    if len(line.events) == 1:
        return f"{_at(first.at, zone)[:14]} {_hours(first, zone)}  {what}"
    days = _weekdays(local(event.at, zone) for event in line.events)
    span = f"{local(first.at, zone):%Y-%m-%d} to {local(last.at, zone):%Y-%m-%d}"
    return f"{days} {_hours(first, zone)}  {what}, {len(line.events)} times, {span}"


def _at(moment: datetime, zone: str) -> str:
    return f"{local(moment, zone):%a %Y-%m-%d %H:%M}"


def _weekdays(moments: Iterable[datetime]) -> str:
    seen = {moment.weekday() for moment in moments}
    first, last = min(seen), max(seen)
    if len(seen) > 2 and len(seen) == last - first + 1:
        return "daily" if len(seen) == 7 else f"{ALL_DAYS[first]} to {ALL_DAYS[last]}"
    return "every " + ", ".join(ALL_DAYS[day] for day in sorted(seen))


def page_json(name: str, zone: str, events: Sequence[Event]) -> dict[str, object]:
    """Every single event, with times in the course's zone."""
    return {
        "name": name,
        "zone": zone,
        "events": [
            {
                "at": local(event.at, zone).isoformat(),
                "until": event.until and local(event.until, zone).isoformat(),
                "begins": event.begins and local(event.begins, zone).isoformat(),
                "kind": str(event.kind),
                "deployment": event.deployment,
                "machines": event.machines,
            }
            for event in events
        ],
    }
