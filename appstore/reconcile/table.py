"""What to do with one instance: the rows of the decision table in order, the first match wins.

The table stands in the README of appstore.
"""

from datetime import datetime

from appstore.reconcile.decision import Decision, Settled, Stuck
from appstore.reconcile.ending import end
from appstore.reconcile.keeping import keep, make
from appstore.reconcile.live import LiveStack
from appstore.reconcile.looks import NOTHING_READ, Looks
from appstore.reconcile.motion import moving
from appstore.reconcile.ownership import claim
from appstore.reconcile.plan import Farewell
from appstore.reconcile.ruling import Ruling, Seen, Subject, wanted_of
from appstore.reconcile.status import Unknown, read_status
from appstore.wanted.states import Gone


def decide(
    subject: Subject, live: LiveStack | None, now: datetime, owner: str, looks: Looks = NOTHING_READ
) -> Decision:
    """What to do with one instance; total: every combination of values has an answer."""
    return ruling(subject, live, now, owner, looks).decision


def ruling(
    subject: Subject, live: LiveStack | None, now: datetime, owner: str, looks: Looks = NOTHING_READ
) -> Ruling:
    """The decision together with the row that made it."""
    wanted = wanted_of(subject)
    if live is None:
        if isinstance(subject, Farewell) or isinstance(wanted, Gone):
            return Ruling(8, Settled("it is gone"))
        return make(subject, wanted)
    status = read_status(live.status)
    if isinstance(status, Unknown):
        return Ruling(1, _unknown(live))
    tags = claim(subject, live, status, owner)
    if isinstance(tags, Ruling):
        return tags
    seen = Seen(live, status, tags, now, looks)
    if unsettled := moving(subject, seen):
        return unsettled
    if isinstance(subject, Farewell):
        return end(subject.gone, tags.base, seen)
    if isinstance(wanted, Gone):
        return end(wanted, subject.base, seen)
    return keep(subject, wanted, seen)


def _unknown(live: LiveStack) -> Stuck:
    return Stuck(
        f"Heat shows a status that this program does not know: {live.status}",
        "Nothing is done to it. Tell the admins of the app store.",
    )
