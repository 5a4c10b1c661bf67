"""Ending notices as text and JSON: one for each deployment, however many machines it has."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from appstore.reconcile.plan import Entry
from appstore.report.escape import plain
from appstore.report.subjects import deployment_of
from appstore.report.wording import counted
from appstore.wanted.notices import Notice
from appstore.wanted.stacks import WantedStack

Due = tuple[str, Notice, int]
"""`<lecturer>/<course>/<deployment>`, its notice, and how many machines end."""


def due(entries: Iterable[Entry]) -> Iterator[Due]:
    """The deployments that end soon, in the plan's order."""
    noticed = [
        (f"{entry.lecturer}/{deployment_of(entry)}", entry.subject.notice)
        for entry in entries
        if isinstance(entry.subject, WantedStack) and entry.subject.notice is not None
    ]
    for (deployment, notice), group in groupby(noticed):
        yield deployment, notice, len(list(group))


def notices_text(entries: Iterable[Entry]) -> Iterator[str]:
    """What ends soon, and how to keep it; nothing where nothing does."""
    found = list(due(entries))
    if found:
        yield "\nending soon:"
    for deployment, notice, number in found:
        yield (
            f"  {plain(deployment)}: {counted(number, 'machine')}, last day {notice.last_day} "
            f"({counted(notice.days, 'day')}' notice, {notice.cause})"
        )
        yield f"      -> to keep it: appstore extend {plain(deployment)} --until <YYYY-MM-DD>"


def notices_json(entries: Iterable[Entry]) -> list[dict[str, object]]:
    """The same as plain values, to send to people."""
    return [
        {
            "deployment": deployment,
            "machines": number,
            "days": notice.days,
            "last_day": notice.last_day.isoformat(),
            "cause": str(notice.cause),
        }
        for deployment, notice, number in due(entries)
    ]
