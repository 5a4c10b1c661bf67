"""The words that people read: every instance has one, and somebody who goes on."""

from datetime import timedelta
from itertools import product

import pytest
from reconcile_samples import (
    ASLEEP,
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    ID,
    NOT_YET,
    NOTHING_FAILED,
    NOW,
    OTHER_SPEC,
    OWNER,
    PREWARM,
    REV,
    RUNNING,
    TODAY,
    WORDS,
    anything,
    farewell,
    live,
    stack,
)

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Act, Look, Refuse, Settled, Sight, Wait
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import NOTHING_READ
from appstore.reconcile.plan import Entry, Farewell, Orphan
from appstore.reconcile.propose import propose
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Rules
from appstore.reconcile.status import health_of
from appstore.reconcile.table import decide
from appstore.reconcile.vocabulary import NOTHING, Owner, Standing, Word, orphaned, standing
from appstore.wanted.stacks import HeldStack, LecturerStacks, WantedStack, WantedTree

FINDING = Finding("deployments/dr-a/cs101/web-lab.yaml", 3, 1, "schema", "wrong", "mend it")
OLD = stack(spec=OTHER_SPEC)


def entry(subject: WantedStack | Farewell, there: LiveStack | None, looked: bool = True) -> Entry:
    looks = NOTHING_FAILED if looked else NOTHING_READ
    decision = decide(subject, there, NOW, OWNER, looks)
    return Entry("dr-a", "devcloud", "p", subject, there, health_of(there), decision)


def word(subject: WantedStack | Farewell, there: LiveStack | None) -> tuple[Word, Owner]:
    found = standing(entry(subject, there))
    return found.word, found.owner


@pytest.mark.parametrize(
    ("subject", "there", "word_", "owner"),
    [
        (stack(), None, Word.PLANNED, Owner.NOBODY),
        (stack(), live(), Word.READY, Owner.NOBODY),
        (stack(), live("CREATE_IN_PROGRESS"), Word.BUILDING, Owner.NOBODY),
        (stack(), live("UPDATE_IN_PROGRESS"), Word.UPDATING, Owner.NOBODY),
        (stack(), live("DELETE_IN_PROGRESS"), Word.DELETING, Owner.NOBODY),
        (stack(), live("RESUME_IN_PROGRESS"), Word.WAITING, Owner.NOBODY),
        (stack(), live(of=OLD), Word.OUTDATED, Owner.NOBODY),
        (stack(), live("SUSPEND_COMPLETE"), Word.SUSPENDED, Owner.NOBODY),
        (stack(wanted=ASLEEP), live("SUSPEND_COMPLETE"), Word.ASLEEP, Owner.NOBODY),
        (stack(wanted=NOT_YET), None, Word.NOT_YET, Owner.NOBODY),
        (stack(wanted=NOT_YET), live("CREATE_FAILED"), Word.FAILED, Owner.LECTURER),
        (stack(), live("CREATE_FAILED", ago=timedelta(0)), Word.FAILED, Owner.LECTURER),
        (stack(), live("CREATE_FAILED", tries=5), Word.FAILED, Owner.LECTURER),
        (stack(), live("CHECK_FAILED"), Word.DRIFTED, Owner.LECTURER),
        (stack(), live("UPDATE_IN_PROGRESS", ago=timedelta(9)), Word.FAILED, Owner.OPENSTACK_ADMIN),
        (stack(), live("DELETE_FAILED"), Word.DELETING, Owner.OPENSTACK_ADMIN),
        (stack(), live("DREAM_COMPLETE"), Word.UNKNOWN, Owner.ADMIN),
        (stack(), live(tags=frozenset()), Word.UNTAGGED, Owner.LECTURER),
        (stack(wanted=GONE_NOW), live(tags=frozenset()), Word.UNTAGGED, Owner.LECTURER),
        (stack(), live(tags=frozenset({"appstore:owner=x"})), Word.FOREIGN, Owner.ADMIN),
        (stack(wanted=GONE_NOW), None, Word.GONE, Owner.NOBODY),
        (farewell(), live(), Word.ENDING, Owner.NOBODY),
        (farewell(), live("SUSPEND_COMPLETE", ending=TODAY), Word.ENDING, Owner.NOBODY),
        (stack(term="2027ss"), live(), Word.REFUSED, Owner.LECTURER),
    ],
)
def test_words(
    subject: WantedStack | Farewell, there: LiveStack | None, word_: Word, owner: Owner
) -> None:
    assert word(subject, there) == (word_, owner)


def test_a_held_instance_shows_its_finding() -> None:
    held = HeldStack(ID, FINDING.path, FINDING)
    refusal = Refuse("held", "why", "step")
    found = standing(Entry("dr-a", "c", "p", held, live(), health_of(live()), refusal))
    assert found == Standing(
        Word.HELD,
        "deployments/dr-a/cs101/web-lab.yaml:3 wrong",
        Owner.LECTURER,
        "mend it",
        NOW - timedelta(hours=1),
    )
    assert found.age(NOW) == timedelta(hours=1)


def test_an_orphan_is_the_admins() -> None:
    found = orphaned(Orphan("devcloud", "old", live()))
    assert (found.word, found.owner) == (Word.ORPHANED, Owner.ADMIN)


def test_an_unordered_delete_waits_for_the_lecturer() -> None:
    over = live("SUSPEND_COMPLETE", ending=TODAY - timedelta(days=60))
    other = stack(ID.__class__(None, "other", None), spec=OTHER_SPEC)
    mine = LecturerStacks("dr-a", "devcloud", "p", (other,))
    first = propose(
        WantedTree(OWNER, (mine,), ()),
        {"dr-a": LiveProject("devcloud", "id", "p", (over,))},
        (),
        lambda *_: GONE_UNORDERED,
        NOW,
        REV,
    )
    rules = Rules(OWNER, Attendance.UNATTENDED, frozenset({REV}), may_use=anything)
    found = standing(guarded(first, rules).entries[1])
    assert (found.word, found.owner) == (Word.ENDING, Owner.LECTURER)


def every_entry() -> list[Entry]:
    wanted = [RUNNING, ASLEEP, PREWARM, NOT_YET, GONE_NOW, GONE_LATER, GONE_UNORDERED]
    subjects = [*(stack(wanted=w, generation=g) for w in wanted for g in (0, 2)), farewell()]
    there = [None, live(tags=frozenset()), live(tags=frozenset({"appstore:owner=x"}))]
    there += [
        live(status, of, tries, ending, ago)
        for status, of, tries, ending, ago in product(
            [*WORDS, "DREAM_COMPLETE"],
            [stack(), OLD, stack(term="2026ss")],
            [0, 5],
            [None, TODAY],
            [timedelta(minutes=1), timedelta(hours=9)],
        )
    ]
    found = [entry(s, t, looked=False) for s, t in product(subjects, there)]
    undecided = [one for one in found if isinstance(one.decision, Look)]
    return found + [
        entry(one.subject, one.live) for one in undecided if not isinstance(one.subject, HeldStack)
    ]


def test_nobody_waits_in_silence() -> None:
    reached = set()
    for one in every_entry():
        found = standing(one)
        reached.add(found.word)
        assert found.next_step, one
        assert (found.since is None) == (one.live is None), one
        if found.owner is Owner.NOBODY and found.next_step == NOTHING:
            assert isinstance(one.decision, Settled), one
        else:
            assert found.reason, one
        if isinstance(one.decision, Act | Wait | Look):
            assert found.next_step != NOTHING, one
    others = {Word.HELD, Word.ORPHANED}
    assert reached | others == set(Word)


def test_a_look_that_is_due_is_no_good_news() -> None:
    one = entry(stack(), live("CHECK_COMPLETE"), looked=False)
    assert one.decision == Look(Sight.FAILED_RESOURCES)
    assert standing(one).word is Word.UNKNOWN


QUOTA = (
    "Resource CREATE failed: Forbidden: resources.s: Quota exceeded for cores: Requested 4, but "
)
QUOTA += "already used 0 of 1 cores (HTTP 403)"
BLOCKED = (
    "Resource DELETE failed: Conflict: resources.sub: Unable to complete operation on subnet 7: "
)
BLOCKED += "One or more ports have an IP allocation from this subnet."
REFUSED = "Resource UPDATE failed: ResourceActionRestricted: resources.server: replace is "
REFUSED += "restricted for resource."
NO_HOST = 'ResourceInError: resources.srv: Went to status ERROR due to "No valid host was found."'


@pytest.mark.parametrize(
    ("there", "reason", "owner", "step"),
    [
        (live("CREATE_FAILED", reason=QUOTA), "0 of 1 are in use", "lecturer", "smaller size"),
        (live("CREATE_FAILED", reason=NO_HOST), "no machine with room", "openstack-admin", "room"),
        (
            live("CREATE_FAILED", reason=NO_HOST, tries=5),
            "no machine with room",
            "openstack-admin",
            "raise `retry`",
        ),
        (
            live("CREATE_FAILED", reason=NO_HOST, ago=timedelta(hours=7)),
            "no machine with room",
            "openstack-admin",
            "The next apply does it again.",
        ),
        (live("UPDATE_FAILED", reason=REFUSED), "replace 'server'", "lecturer", "change back"),
        (live("UPDATE_FAILED", reason=REFUSED), "refused", "lecturer", "not tried again before"),
        (live("DELETE_FAILED", reason=BLOCKED), "still uses its subnet", "lecturer", "foreign"),
    ],
)
def test_a_failure_is_told_by_its_cause(
    there: LiveStack, reason: str, owner: str, step: str
) -> None:
    found = standing(entry(stack(), there))
    assert reason in found.reason
    assert found.owner == owner
    assert step in found.next_step
