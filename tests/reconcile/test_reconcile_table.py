"""The decision table, checked against a second reading of it (README of appstore).

`ROWS` says each row's condition once more, straight from the text and without its order. For every
combination the row that decided must be the first whose condition holds.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import pytest
from reconcile_samples import (
    ASLEEP,
    EXAM,
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    ID,
    LESSON,
    NOT_YET,
    NOW,
    OTHER_SPEC,
    OWNER,
    PREWARM,
    RUNNING,
    SPEC,
    STACK_ID,
    TERM,
    TODAY,
    WORDS,
    event,
    failed,
    farewell,
    live,
    stack,
)

from appstore.reconcile.decision import Act, Action, Look, Refuse, Settled, Step, Stuck, Wait
from appstore.reconcile.live import LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Farewell
from appstore.reconcile.ruling import Subject
from appstore.reconcile.table import ruling
from appstore.wanted.states import Asleep, Gone, NotYet, Running, Wanted

KINDS: dict[str, Wanted | Farewell] = {
    "running": RUNNING,
    "in a class": Running(LESSON),
    "in an exam": Running(EXAM),
    "kept for an exam": Running(EXAM, keep=True),
    "asleep": ASLEEP,
    "prewarm": PREWARM,
    "not yet": NOT_YET,
    "absent": GONE_NOW,
    "gone, ordered": GONE_LATER,
    "gone, unordered": GONE_UNORDERED,
    "farewell, ordered": farewell(GONE_LATER),
    "farewell, unordered": farewell(GONE_UNORDERED),
}
STATUSES = [None, *WORDS, "DREAM_COMPLETE", "CREATE_MAYBE", ""]
OWNERS = ["ours", "foreign", "another id", "another name", "no tags", "bad gen", "another term"]
ENDINGS: dict[str, date | None] = {
    "none": None,
    "young": TODAY - timedelta(days=2),
    "old": TODAY - timedelta(days=16),
}
AGES = [timedelta(minutes=1), timedelta(hours=10)]
GENERATIONS = [0, 1, 2]
TRIES = [0, 5]
ADOPTS = [None, STACK_ID, "99999999-8c1d-4f5a-9b7e-2d6c1a9e4f01"]
LOOKS = [
    Looks(),
    Looks(failed=(), events=()),
    Looks(failed=(failed(),), events=(event("SUSPEND_FAILED"),) * 3),
]


@dataclass(frozen=True)
class Combination:
    kind: str
    status: str | None
    owner: str
    spec_equal: bool
    generation: int
    ending: str
    age: timedelta
    tries: int
    base: bool
    adopt: str | None
    looks: Looks

    @property
    def wanted(self) -> Wanted:
        match KINDS[self.kind]:
            case Farewell(gone=gone):
                return gone
            case Asleep() if self.base:
                return RUNNING
            case wanted:
                return wanted

    @property
    def subject(self) -> Subject:
        match KINDS[self.kind]:
            case Farewell() as going:
                return going
            case wanted:
                return stack(
                    wanted=wanted, generation=self.generation, base=self.base, adopt=self.adopt
                )

    @property
    def live(self) -> LiveStack | None:
        if self.status is None:
            return None
        of = stack(generation=1, spec=SPEC if self.spec_equal else OTHER_SPEC, base=self.base)
        ours = live(self.status, of, self.tries, ENDINGS[self.ending], self.age)
        return replace(ours, **_owned(ours, self.owner))

    @property
    def spec_is_equal(self) -> bool:
        return self.spec_equal and not isinstance(self.subject, Farewell)


def _owned(ours: LiveStack, owner: str) -> dict[str, object]:
    def swap(old: str, new: str) -> dict[str, object]:
        return {"tags": frozenset(tag.replace(old, new) for tag in ours.tags)}

    return {
        "ours": {},
        "foreign": swap(f"owner={OWNER}", "owner=elsewhere"),
        "another id": swap(f"id={ID}", "id=cs101/web-lab/s02"),
        "another name": {"name": "copy-of-it"},
        "no tags": {"tags": frozenset({"someone"})},
        "bad gen": swap("gen=1", "gen=one"),
        "another term": swap(TERM, "2026ss"),
    }[owner]


def everything() -> Iterator[Combination]:
    for values in product(
        KINDS, STATUSES, OWNERS, [True, False], GENERATIONS, ENDINGS, AGES, TRIES,
        [False, True], ADOPTS, LOOKS,
    ):  # fmt: skip
        yield Combination(*values)


def a_few(number: int) -> Iterator[Combination]:
    """A fixed sample; half of it ours, without `adopt`, where most rows are."""
    chance = random.Random(5)
    axes = [list(KINDS), STATUSES, OWNERS, [True, False], GENERATIONS, list(ENDINGS), AGES, TRIES,
            [False, True], ADOPTS, LOOKS]  # fmt: skip
    for count in range(number):
        one = Combination(*(chance.choice(axis) for axis in axes))
        yield replace(one, owner="ours", adopt=None) if count % 2 else one


def _failed(c: Combination) -> bool:
    return (c.status or "").endswith("_FAILED")


def _gone(c: Combination) -> bool:
    return isinstance(c.wanted, Gone)


def _in_progress(c: Combination) -> bool:
    return (c.status or "").endswith("_IN_PROGRESS")


def _ours_is_moving(c: Combination) -> bool:
    verb = (c.status or "").split("_")[0]
    return c.status == "DELETE_COMPLETE" or (
        _in_progress(c)
        and (
            c.spec_is_equal
            or isinstance(c.wanted, Gone | NotYet)
            or verb in ("DELETE", "SUSPEND", "RESUME")
        )
    )


ROWS: dict[int, Callable[[Combination], bool]] = {
    1: lambda c: c.status is not None and c.status not in WORDS,
    2: lambda c: c.status is not None and c.owner in ("foreign", "another id", "another name"),
    3: lambda c: c.status is not None and c.owner in ("no tags", "bad gen"),
    4: lambda c: (
        c.status is not None
        and c.owner == "another term"
        and not (isinstance(c.wanted, Gone) and c.wanted.cause is not None)
    ),
    5: _ours_is_moving,
    6: _in_progress,
    7: lambda c: c.status == "DELETE_FAILED",
    8: lambda c: _gone(c) and c.status is None,
    9: lambda c: isinstance(c.wanted, Gone) and (not c.wanted.grace or c.status == "CREATE_FAILED"),
    10: lambda c: _gone(c) and c.ending == "none",
    11: lambda c: _gone(c) and c.ending != "none",
    12: lambda c: c.status is not None and c.ending != "none",
    13: lambda c: isinstance(c.wanted, NotYet),
    14: lambda c: c.status is None,
    15: lambda c: c.generation == 2,
    16: lambda c: c.status == "CHECK_FAILED",
    17: lambda c: c.status == "SUSPEND_FAILED",
    18: lambda c: c.status == "RESUME_FAILED",
    19: lambda c: _failed(c) or (c.status or "").startswith(("ROLLBACK_", "RESTORE_")),
    20: lambda c: not c.spec_is_equal,
    21: lambda c: True,
}


def check(combinations: Iterator[Combination]) -> None:
    reached = set()
    for c in combinations:
        answer = ruling(c.subject, c.live, NOW, OWNER, c.looks)
        assert answer.row == next(row for row, holds in ROWS.items() if holds(c)), c
        reached.add(answer.row)
        assert_safe(c, answer.decision)
    assert reached == set(ROWS)


def assert_safe(c: Combination, decision: object) -> None:
    """What must never happen, whatever the row."""
    assert isinstance(decision, Act | Settled | Wait | Refuse | Stuck | Look), c
    match decision:
        case Stuck() | Refuse():
            assert decision.why, c
            assert decision.next_step, c
        case Wait():
            assert decision.why, c
            assert decision.until is None or decision.until > NOW, c
        case Look():
            asked = c.looks.failed if decision.at == "failed-resources" else c.looks.events
            assert asked is None, c
    if not isinstance(decision, Act):
        return
    steps, gone = decision.steps, isinstance(c.wanted, Gone)
    assert steps, c
    assert len(set(steps)) == len(steps), c
    if c.status is not None:
        assert c.owner == "ours" or (c.owner == "another term" and gone) or steps == (Step.ADOPT,)
        assert not c.status.endswith("_IN_PROGRESS"), c
    if Step.DELETE in steps:
        assert gone or c.generation == 2 or c.status == "DELETE_FAILED", c
        if gone and c.wanted.grace and c.status not in ("DELETE_FAILED", "CREATE_FAILED"):
            assert c.ending == "old", c
        if not gone and c.status != "DELETE_FAILED":
            assert steps[:3] == (Step.CHECK_CREATE, Step.DELETE, Step.CREATE), c
            assert decision.cause is not None, c
        if gone and not c.wanted.cause:
            assert decision.cause is None, c
    if Step.CREATE in steps:
        assert c.status is None or decision.action is Action.RECREATE, c
    if Step.SUSPEND in steps:
        assert not c.base, c
        assert isinstance(c.wanted, Asleep | NotYet | Gone), c
        assert steps[-1] is Step.SUSPEND, c
    if {Step.UPDATE, Step.TAG_ENDING, Step.UNTAG_ENDING, Step.ADOPT} & set(steps):
        assert c.status not in (None, "DELETE_FAILED", "DELETE_COMPLETE"), c
        if c.status in ("SUSPEND_COMPLETE", "SUSPEND_FAILED"):
            assert steps[0] is Step.RESUME, c
    if Step.RESUME in steps:
        assert c.status in ("SUSPEND_COMPLETE", "SUSPEND_FAILED"), c
    if Step.UPDATE in steps:
        assert isinstance(c.wanted, Running | Asleep), c
        assert c.status != "CHECK_FAILED" or c.ending != "none", c
        assert decision.tries <= 5, c


def test_the_first_row_that_fits_decides_and_nothing_unsafe_follows() -> None:
    check(a_few(12_000))


@pytest.mark.exhaustive
def test_the_same_for_every_combination() -> None:
    check(everything())
