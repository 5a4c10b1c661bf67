"""Deciding and carrying out, again and again, ends: from every start, whatever fails on the way.

The Heat in here has the manners of the real one: it takes no update of a suspended stack, a
suspend after a failure fails, tags are written when an update is accepted.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from reconcile_samples import (
    ASLEEP,
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    NOT_YET,
    NOW,
    OTHER_SPEC,
    OWNER,
    PREWARM,
    REV,
    RUNNING,
    SPEC,
    STACK_ID,
    TODAY,
    WORDS,
    failed,
    farewell,
    live,
    stack,
)

from appstore.reconcile.decision import Act, Decision, Look, Settled, Step, Stuck, Wait
from appstore.reconcile.live import LiveStack, StackEvent
from appstore.reconcile.looks import Looks
from appstore.reconcile.ruling import Subject, wanted_of
from appstore.reconcile.table import decide
from appstore.reconcile.tags import (
    Ours,
    adopted_tags,
    ending_tags,
    read_tags,
    revived_tags,
    tags_for,
)
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Gone, NotYet, Running

WANTED = [RUNNING, ASLEEP, PREWARM, NOT_YET, GONE_NOW, GONE_LATER, GONE_UNORDERED, None]
ROUNDS = 30


@dataclass
class Heat:
    """One stack name in one project; `fails` says for each request whether it goes wrong."""

    live: LiveStack | None
    now: datetime
    fails: Iterator[bool]
    events: list[StackEvent] = field(default_factory=list)

    def carry_out(self, act: Act, subject: Subject) -> None:
        for step in act.steps:
            if not self._step(step, act, subject):
                return

    def finish(self) -> None:
        """What is in progress ends."""
        if self.live is None:
            return
        if self.live.status in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"):
            self.live = None
        elif self.live.status.endswith("_IN_PROGRESS"):
            self._end(self.live.status.removesuffix("_IN_PROGRESS"), well=True)

    def looks(self) -> Looks:
        broken = self.live is not None and self.live.status.endswith("_FAILED")
        return Looks((failed(),) if broken else (), tuple(reversed(self.events)))

    def _step(self, step: Step, act: Act, subject: Subject) -> bool:
        well = not next(self.fails, False)
        if step is Step.CHECK_CREATE:
            return well
        if step is Step.CREATE:
            assert self.live is None
            assert isinstance(subject, WantedStack)
            tags = tags_for(OWNER, subject, REV, act.tries)
            self.live = LiveStack(STACK_ID, subject.name, "", "", tags, self.now, None)
            return self._end("CREATE", well)
        assert self.live is not None
        assert not self.live.status.endswith("_IN_PROGRESS")
        if step is Step.DELETE:
            if well:
                self.live = None
                return True
            return self._end("DELETE", well)
        if step is Step.SUSPEND:
            after_failure = self.live.status.endswith("_FAILED")
            return self._end("SUSPEND", well and self._can_suspend(after_failure))
        if step is Step.RESUME:
            assert self.live.status.startswith("SUSPEND_")
            return self._end("RESUME", well)
        assert not self.live.status.startswith(("SUSPEND_", "DELETE_"))
        self.live = replace(self.live, tags=self._tags(step, act, subject, self.live.tags))
        return self._end("UPDATE", well)

    def _can_suspend(self, after_failure: bool) -> bool:
        return self.live is not None and (not after_failure or self.live.status == "SUSPEND_FAILED")

    def _tags(self, step: Step, act: Act, subject: Subject, old: frozenset[str]) -> frozenset[str]:
        if step is Step.TAG_ENDING:
            return ending_tags(old, self.now.date(), REV)
        if step is Step.UNTAG_ENDING:
            return revived_tags(old, REV)
        assert isinstance(subject, WantedStack)
        if step is Step.ADOPT:
            return adopted_tags(OWNER, subject, REV, old)
        return tags_for(OWNER, subject, REV, act.tries, old)

    def _end(self, verb: str, well: bool) -> bool:
        assert self.live is not None
        status = f"{verb}_{'COMPLETE' if well else 'FAILED'}"
        self.live = replace(self.live, status=status, updated=self.now)
        self.events.append(StackEvent(status, self.now, ""))
        return well


def play(subject: Subject, heat: Heat) -> Decision:
    """Rounds of deciding and carrying out, until nothing goes on by itself any more."""
    for _ in range(ROUNDS):
        heat.finish()
        decision = decide(subject, heat.live, heat.now, OWNER)
        if isinstance(decision, Look):
            decision = decide(subject, heat.live, heat.now, OWNER, heat.looks())
        match decision:
            case Act():
                heat.carry_out(decision, subject)
                heat.now += timedelta(minutes=5)
            case Wait(until=until) if not isinstance(wanted_of(subject), NotYet):
                heat.now = until or heat.now + timedelta(minutes=15)
            case _:
                return decision
    raise AssertionError(f"still going on after {ROUNDS} rounds: {decision}")


def as_wanted(subject: Subject, heat: Heat) -> bool:
    wanted, now = wanted_of(subject), heat.live
    match wanted:
        case Gone():
            return now is None
        case NotYet():
            return now is None or now.status == "SUSPEND_COMPLETE"
        case Asleep():
            return now is None or now.status == "SUSPEND_COMPLETE"
        case Running():
            return now is not None and now.status.endswith("_COMPLETE") and "SUSP" not in now.status


def in_sync(subject: Subject, heat: Heat) -> bool:
    if heat.live is None or isinstance(wanted_of(subject), Gone | NotYet):
        return True
    assert isinstance(subject, WantedStack)
    tags = read_tags(heat.live.tags, OWNER)
    return (
        isinstance(tags, Ours)
        and tags.spec == subject.spec.digest
        and tags.generation >= subject.generation
        and tags.ending is None
    )


@dataclass(frozen=True)
class Start:
    wanted: object
    status: str | None
    spec_equal: bool
    generation: int
    ending: date | None
    tries: int
    fails: tuple[bool, ...]

    def play(self) -> None:
        subject: Subject = (
            farewell()
            if self.wanted is None
            else stack(wanted=self.wanted, generation=self.generation)  # type: ignore[arg-type]
        )
        of = stack(spec=SPEC if self.spec_equal else OTHER_SPEC)
        there = live(self.status, of, self.tries, self.ending) if self.status else None
        heat = Heat(there, NOW, iter(self.fails))
        match play(subject, heat):
            case Settled():
                assert as_wanted(subject, heat), self
                assert in_sync(subject, heat), self
                heat.now += timedelta(days=1)
                assert isinstance(play(subject, heat), Settled), self
            case Stuck(why=why):
                assert heat.live is not None
                drifted = heat.live.status == "CHECK_FAILED"
                assert drifted or "times" in why, self
            case Wait():
                assert isinstance(wanted_of(subject), NotYet), self
                assert heat.live is not None
                assert heat.live.status.endswith("_FAILED"), self
            case other:
                raise AssertionError(f"{self} ends with {other}")


ENDINGS = [None, TODAY, TODAY - timedelta(days=30)]
SMOOTH = [()]
ROUGH = list(product([False, True], repeat=5))


def starts(failures: list[tuple[bool, ...]]) -> Iterator[Start]:
    for values in product(
        WANTED, [None, *WORDS], [True, False], [0, 1, 2], ENDINGS, [0, 4], failures
    ):
        yield Start(*values)


def test_it_settles_from_everywhere() -> None:
    chance = random.Random(7)
    for start in starts(SMOOTH):
        if chance.random() < 0.25:
            start.play()


def test_it_settles_from_everywhere_when_things_go_wrong() -> None:
    chance = random.Random(11)
    for _ in range(2_000):
        Start(
            chance.choice(WANTED),
            chance.choice([None, *WORDS]),
            chance.choice([True, False]),
            chance.choice([0, 1, 2]),
            chance.choice(ENDINGS),
            chance.choice([0, 4]),
            chance.choice(ROUGH),
        ).play()


@pytest.mark.exhaustive
def test_it_settles_from_everywhere_whatever_fails() -> None:
    for start in starts(ROUGH):
        start.play()
