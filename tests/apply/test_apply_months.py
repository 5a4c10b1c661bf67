"""Months of a course, played at random: whatever comes, nobody loses anything and all is said.

The files are text and go the whole way to the writes; the Heat is the stand-in, which passes the
contract suite of the real one, and judges every write (months_heat.py). Larger:
`APPSTORE_TEST_LAWS=thorough pytest tests/apply/test_apply_months.py`, or `-m exhaustive`.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from months_files import DAY, VERSIONS, Exam, Files, Lab, moment, wall_of
from months_world import World

from appstore.cloud.errors import CloudError, Rejected, Unreachable
from appstore.reconcile.rails.rules import Choice

MEMBERS = st.sampled_from(["s01", "s02", "s03", "s04", "x01"])
STACKS = st.sampled_from(
    ["net--board--course", *(f"net--lab--{m}" for m in ("s01", "s02", "s03", "s04", "x01"))]
)
LABS = st.sampled_from(["lab", "board"])
METHODS = st.sampled_from(["create", "update", "patch", "suspend", "resume", "delete", "content"])
HOURS = st.sampled_from([0.5, 1.0, 7.0, 24.0, 80.0, 7 * 24.0, 16 * 24.0, 40 * 24.0])
TO_CLASS = st.sampled_from(["07:00", "07:35", "08:20", "09:44", "09:50"])
NOBODY = "00000000-0000-4000-8000-000000000000"
BY_HAND = st.sampled_from(
    ["delete", "suspend", "resume", "erase tags", "take away", "fail the check"]
)


class Months(RuleBasedStateMachine):
    """One lecturer's course, in which everything happens that may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.pipeline = False

    @initialize(pipeline=st.booleans(), begun=st.booleans())
    def begin(self, pipeline: bool, begun: bool) -> None:
        """Some days before the first class, or in it."""
        self.pipeline = pipeline
        if begun:
            self.a_run_around_class("07:35", attended=True)

    @rule()
    def the_scheduler_dies_or_comes_back(self) -> None:
        self.pipeline = not self.pipeline

    # People edit files

    def _merge(self, files: Files) -> None:
        """The pipeline applies what was merged."""
        self.world.commit(files)
        if self.pipeline:
            self.world.apply(attended=False)

    def _edit(self, name: str, **changes: object) -> None:
        files = self.world.files
        if name in files.labs:
            lab = replace(files.labs[name], **changes)  # type: ignore[arg-type]
            if not (lab.protect and lab.state == "absent"):
                self._merge(files.with_lab(name, lab))

    @rule(seats=st.integers(1, 4), spares=st.integers(0, 1))
    def roster(self, seats: int, spares: int) -> None:
        self._merge(replace(self.world.files, seats=seats, spares=spares))

    @rule(name=LABS, version=st.sampled_from(sorted(VERSIONS)))
    def version(self, name: str, version: str) -> None:
        self._edit(name, version=version)

    @rule(name=LABS, n=st.integers(1, 3))
    def parameter(self, name: str, n: int) -> None:
        self._edit(name, n=n)

    @rule(name=LABS, state=st.sampled_from(["running", "running", "suspended", "absent"]))
    def state(self, name: str, state: str) -> None:
        self._edit(name, state=state)

    @rule(member=MEMBERS, during_exam=st.booleans())
    def reset(self, member: str, during_exam: bool) -> None:
        files = self.world.files
        if (lab := files.labs.get("lab")) and member in files.members(lab):
            counts = {**lab.reset, member: lab.reset.get(member, 0) + 1}
            if during_exam:
                today = wall_of(self.world.clock.now()).date()
                record = ("lab", member, today)
                files = replace(files, exam_resets=(*files.exam_resets, record))
            self._merge(files.with_lab("lab", replace(lab, reset=counts)))

    @rule(name=LABS)
    def reset_all(self, name: str) -> None:
        if lab := self.world.files.labs.get(name):
            self._edit(name, reset={**lab.reset, "all": lab.reset.get("all", 0) + 1})

    @rule(name=LABS)
    def retry(self, name: str) -> None:
        if lab := self.world.files.labs.get(name):
            self._edit(name, retry=lab.retry + 1)

    @rule(name=LABS, rollout=st.booleans(), protect=st.booleans())
    def careful(self, name: str, rollout: bool, protect: bool) -> None:
        self._edit(name, rollout=rollout, protect=protect)

    @rule(days=st.integers(-3, 40))
    def course_ends(self, days: int) -> None:
        """Shortened or extended, from today on."""
        files = self.world.files
        ends = max(files.starts, wall_of(self.world.clock.now()).date() + days * DAY)
        self._merge(replace(files, ends=ends))

    @rule(name=LABS, days=st.none() | st.integers(-2, 20))
    def lab_ends(self, name: str, days: int | None) -> None:
        today = wall_of(self.world.clock.now()).date()
        self._edit(name, ends=None if days is None else today + days * DAY)

    @rule(grace=st.sampled_from([0, 1, 10, 20]), removal_grace=st.sampled_from([0, 5]))
    def graces(self, grace: int, removal_grace: int) -> None:
        self._merge(replace(self.world.files, grace=grace, removal_grace=removal_grace))

    @rule()
    def schedule(self) -> None:
        """From now on awake at all times, or by the clock again."""
        self._merge(replace(self.world.files, scheduled=not self.world.files.scheduled))

    @rule(name=LABS)
    def remove_file(self, name: str) -> None:
        """Together with its records of exams, as a reader would."""
        files = self.world.files
        if name in files.labs and not files.labs[name].protect:
            kept = tuple(r for r in files.exam_resets if r[0] != name)
            self._merge(replace(files.with_lab(name, None), exam_resets=kept))

    @rule(name=LABS)
    def write_file(self, name: str) -> None:
        """A new one, or the removed one again."""
        labs = self.world.files.labs
        if name not in (lab.id or file for file, lab in labs.items()) and name not in labs:
            lab = Lab("student" if name == "lab" else "course")
            self._merge(self.world.files.with_lab(name, lab))

    @rule(with_id=st.sampled_from([True, True, True, True, False]))
    def move_file(self, with_id: bool) -> None:
        """The board gets another name; who forgets the id makes a new machine of it."""
        files = self.world.files
        here, there = ("board", "panel") if "board" in files.labs else ("panel", "board")
        if lab := files.labs.get(here):
            id_ = (lab.id or here) if with_id else ""
            moved = replace(lab, id="" if id_ == there else id_)
            self._merge(files.with_lab(here, None).with_lab(there, moved))

    @rule()
    def remember_the_id(self) -> None:
        """The way out that the refusal of a careless move names."""
        labs = self.world.files.labs
        for here, there in (("board", "panel"), ("panel", "board")):
            if there not in labs and self.world.heat.living(f"net--{there}--course"):
                self._edit(here, id=there)

    @rule(weeks=st.integers(1, 3))
    def new_term(self, weeks: int) -> None:
        """Written after the old one is over; ended or not, its machines may still live."""
        files, now = self.world.files, self.world.clock.now()
        over = moment(datetime.combine(files.ends + DAY, time(8)))
        self.world.clock.sleep(max(0.0, (over - now).total_seconds()))
        if self.pipeline:
            self.world.apply(attended=False)
        starts = wall_of(self.world.clock.now()).date() + (weeks - 1) * 7 * DAY
        term = {"ws26": "ss27", "ss27": "ws27"}.get(files.term, "ws26")
        labs = {n: replace(lab, ends=None) for n, lab in files.labs.items()}
        self._merge(replace(files, term=term, starts=starts, ends=starts + 60 * DAY, labs=labs))

    @rule(hours=st.sampled_from([0, 3, 30]), lasts=st.sampled_from([2, 30]))
    def exam(self, hours: int, lasts: int) -> None:
        now = wall_of(self.world.clock.now()).replace(minute=0, second=0, microsecond=0)
        begins = now + timedelta(hours=hours)
        exam = Exam(begins, begins + timedelta(hours=lasts))
        self._merge(replace(self.world.files, exams=(exam,)))

    @precondition(lambda self: self.world.files.exams)
    @rule()
    def no_exam(self) -> None:
        self._merge(replace(self.world.files, exams=()))

    # Heat fails, people meddle

    @rule(method=METHODS, stack=STACKS, times=st.sampled_from([1, 1, 3, 9]))
    def work_fails(self, method: str, stack: str, times: int) -> None:
        self.world.heat.spoil(method, stack, "Insufficient mood on every host.", times)

    @rule(method=METHODS, stack=STACKS, lost=st.booleans(), unreachable=st.booleans())
    def answer_fails(self, method: str, stack: str, lost: bool, unreachable: bool) -> None:
        error: CloudError = (
            Unreachable("No answer.", "Wait.") if unreachable else Rejected("No.", "Ask.")
        )
        if lost and unreachable:
            self.world.heat.lose_answer(method, stack, error)
        else:
            self.world.heat.turn_away(method, stack, error)

    @rule(stack=STACKS, what=BY_HAND)
    def by_hand(self, stack: str, what: str) -> None:
        self.world.heat.by_hand(what, stack)

    @rule(stack=STACKS)
    def somebody_tags(self, stack: str) -> None:
        self.world.heat.by_hand("add a tag", stack)

    @rule(stack=STACKS, what=st.sampled_from(["make", "make foreign"]))
    def in_the_way(self, stack: str, what: str) -> None:
        self.world.heat.by_hand(what, stack)

    @rule(
        stack=st.sampled_from(["net--board--course", "net--lab--s01"]),
        what=st.sampled_from(["make", "erase tags"]),
        adopt=st.sampled_from(["", "it", NOBODY]),
    )
    def untagged(self, stack: str, what: str, adopt: str) -> None:
        """And somebody writes that it shall be taken over, or another one."""
        _, name, member = stack.split("--")
        self.world.heat.by_hand(what, stack)
        if adopt and (found := self.world.heat.living(stack)):
            self._edit(name, adopt={member: found.id if adopt == "it" else adopt})

    # Time passes, apply runs or does not

    @rule(hours=HOURS)
    def time_passes(self, hours: float) -> None:
        """With a scheduler that runs now and then, if it lives."""
        for _ in range(4):
            self.world.clock.sleep(hours * 900)
            if self.pipeline:
                self.world.apply(attended=False)

    @rule(hours=HOURS, attended=st.booleans())
    def later_a_run(self, hours: float, attended: bool) -> None:
        self.world.clock.sleep(hours * 3600)
        self.world.apply(attended)

    @rule(at=TO_CLASS, attended=st.booleans())
    def a_run_around_class(self, at: str, attended: bool) -> None:
        now = self.world.clock.now()
        day = wall_of(now).date()
        clock = datetime.strptime(at, "%H:%M").time()
        days = (day + number * DAY for number in range(9))
        moments = (moment(datetime.combine(d, clock)) for d in days if d.weekday() in (0, 3))
        self.world.clock.sleep((next(m for m in moments if m > now) - now).total_seconds())
        self.world.apply(attended)

    @rule(attended=st.booleans())
    def run_apply(self, attended: bool) -> None:
        self.world.apply(attended)

    @rule(attended=st.booleans(), call=st.integers(1, 30), after=st.booleans())
    def a_run_is_killed(self, attended: bool, call: int, after: bool) -> None:
        self.world.killed(attended, call, after)

    @rule(attended=st.booleans(), call=st.integers(1, 30))
    def a_run_is_stopped(self, attended: bool, call: int) -> None:
        self.world.stopped(attended, call)

    @rule(pattern=st.sampled_from(["ada/net/lab", "ada/net/lab/s01", "ada/net/board"]))
    def a_run_for_some(self, pattern: str) -> None:
        known = self.world.plan(attended=True).entries
        if any(f"ada/{e.subject.id}".startswith(pattern) for e in known):
            self.world.apply(attended=True, choice=Choice((pattern,)))

    @rule(attended=st.booleans())
    def a_run_of_an_older_commit(self, attended: bool) -> None:
        self.world.apply(attended, number=-2)

    @rule()
    def all_comes_to_rest(self) -> None:
        self.world.accounted_for(self.world.settle_down())

    # What holds at any moment

    @invariant()
    def nothing_was_done_that_must_not_be(self) -> None:
        assert not self.world.heat.wrong, self.world.heat.wrong[0]

    def teardown(self) -> None:
        self.world.accounted_for(self.world.settle_down())
        self.nothing_was_done_that_must_not_be()


THOROUGH = settings().max_examples >= 500


class TestMonths(Months.TestCase):  # type: ignore[misc, name-defined]
    """A few dozen semesters, in CI the same each time: new ones are no matter of a merge."""

    settings = settings(
        max_examples=400 if THOROUGH else 40, stateful_step_count=30, derandomize=not THOROUGH
    )


@pytest.mark.exhaustive
class TestManyMonths(Months.TestCase):  # type: ignore[misc, name-defined]
    """Long ones, always new."""

    settings = settings(max_examples=400, stateful_step_count=60)
