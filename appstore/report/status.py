"""The status of every instance as text and JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from appstore.reconcile.vocabulary import Owner, Standing, Word
from appstore.report.escape import plain
from appstore.report.wording import age, counted
from appstore.wanted.notices import Notice


@dataclass(frozen=True, slots=True)
class Way:
    """One way into an instance: its name in the contract, its kind, and the address."""

    name: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a status: an instance, or an orphaned stack (without a lecturer)."""

    lecturer: str
    project: str
    cloud: str
    id: str
    stack: str
    standing: Standing
    ways: tuple[Way, ...] = ()
    notice: Notice | None = None


def status_text(shown: Sequence[Shown], now: datetime) -> Iterator[str]:
    """One line an instance, folded lines for ways in, reason and next step; then the counts."""
    for place, group in groupby(shown, key=lambda one: (one.lecturer, one.project, one.cloud)):
        lecturer, project, cloud = place
        yield f"{plain(lecturer) or 'nobody'} (project {plain(project)} on {plain(cloud)})"
        lines = list(group)
        width = min(44, max(len(one.id) for one in lines))
        for one in lines:
            yield from _line(one, width, now)
        yield ""
    counts = Counter(one.standing.word for one in shown)
    words = ", ".join(f"{counts[word]} {word}" for word in Word if counts[word])
    yield f"{counted(len(shown), 'instance')}: {words or 'nothing'}"


def _line(one: Shown, width: int, now: datetime) -> Iterator[str]:
    standing = one.standing
    span = standing.age(now)
    yield f"  {plain(one.id):<{width}}  {standing.word:<9}  {age(span) if span else ''}".rstrip()
    for way in one.ways:
        yield f"      {way.name}: {plain(way.address)}"
    quiet = standing.owner is Owner.NOBODY and standing.word in (Word.READY, Word.GONE)
    if standing.reason and not quiet:
        yield f"      {plain(standing.reason)}"
    if not quiet:
        who = "" if standing.owner is Owner.NOBODY else f" ({standing.owner})"
        for line in standing.next_step.splitlines():
            yield f"      -> {plain(line)}{who}"
            who = ""


def exit_codes(shown: Sequence[Shown]) -> Iterator[int]:
    """1 where an instance is not what its stack says, or nobody could look."""
    if any(one.standing.word in (Word.DRIFTED, Word.UNKNOWN) for one in shown):
        yield 1


def status_json(shown: Sequence[Shown], now: datetime) -> list[dict[str, object]]:
    """One object an instance."""
    return [
        {
            "lecturer": one.lecturer,
            "project": one.project,
            "cloud": one.cloud,
            "id": one.id,
            "stack": one.stack,
            "state": str(one.standing.word),
            "reason": one.standing.reason,
            "owner": str(one.standing.owner),
            "next_step": one.standing.next_step,
            "since": one.standing.since and one.standing.since.isoformat(),
            "age_seconds": (span := one.standing.age(now)) and int(span.total_seconds()),
            "notice": one.notice
            and {"days": one.notice.days, "last_day": one.notice.last_day.isoformat()},
            "ways": [{"name": w.name, "kind": w.kind, "address": w.address} for w in one.ways],
        }
        for one in shown
    ]
