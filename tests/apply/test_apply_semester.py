"""A course from its first wave to its last delete, on the stand-in with its clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from apply_samples import REV, Story
from heat_standin import FakeClock, StandInHeat
from schedule_samples import course
from wanted_samples import FILES, LAB, Edits, sample

from appstore.govern.use_shelf import shelf_of
from appstore.reconcile.looks import Looks
from appstore.reconcile.outcome import Result
from appstore.reconcile.propose import propose, with_looks
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Rules
from appstore.wanted.farewell import farewell
from appstore.wanted.freezes import frozen_now
from appstore.wanted.stacks import LecturerStacks
from appstore.wanted.tree import wanted_tree

KEY = ("main", "ada-project")
COURSE_ONLY: Edits = {"deployments/ada/net.yaml": None}


class Semester:
    """The sample registry on a stand-in; every run is unattended, as a scheduler's."""

    def __init__(self) -> None:
        self.story = Story(clock=FakeClock(datetime(2026, 10, 1, tzinfo=UTC)))
        self.story.secrets = lambda stack: {"password": "x"}
        clock = self.story.clock
        assert isinstance(clock, FakeClock)
        self.clock = clock
        self.heat = StandInHeat(clock, cloud=KEY[0], project_name=KEY[1])
        self.story.heats[KEY] = self.heat
        self.files: Edits = {**COURSE_ONLY, **course()}

    def run(self, moment: str) -> Mapping[str, Result]:
        """Let it be this moment, then plan and apply."""
        until = datetime.fromisoformat(moment).astimezone(UTC)
        self.clock.sleep((until - self.clock.now()).total_seconds())
        registry = sample(self.files)
        tree = wanted_tree(registry, self.clock.now())
        (mine,) = (one for one in tree.lecturers if isinstance(one, LecturerStacks))
        listing = self.heat.listing()
        now = self.clock.now()
        why_gone = lambda _, instance: farewell(mine, registry, instance)  # noqa: E731
        proposal = propose(tree, {"ada": listing}, (), why_gone, now, REV)
        looks = {stack.id: Looks(self.heat.failed_resources(stack), ()) for stack in listing.stacks}
        rules = Rules(
            tree.owner,
            Attendance.UNATTENDED,
            frozenset({REV}),
            frozen=frozen_now(registry, now),
            may_use=shelf_of(registry).verdict,
        )
        return self.story.apply(guarded(with_looks(proposal, looks), rules))

    @property
    def lives(self) -> dict[str, str]:
        """Members and the status of their stacks."""
        return {s.name.rpartition("--")[2]: s.status for s in self.heat.listing().stacks}

    @property
    def ids(self) -> dict[str, str]:
        return {s.name.rpartition("--")[2]: s.id for s in self.heat.listing().stacks}


@pytest.fixture
def semester() -> Semester:
    return Semester()


def everyone(status: str) -> dict[str, str]:
    return dict.fromkeys(["s01", "s02", "s03", "x01"], status)


def test_from_the_first_wave_to_the_first_weekend(semester: Semester) -> None:
    semester.run("2026-10-11T07:00+02:00")
    assert semester.lives == {}
    semester.run("2026-10-11T08:00+02:00")
    assert semester.lives == everyone("SUSPEND_COMPLETE"), "ready a day before, asleep, spare too"
    made = semester.ids
    semester.run("2026-10-12T07:30+02:00")
    assert semester.lives == everyone("RESUME_COMPLETE")
    assert semester.run("2026-10-12T09:00+02:00") == {}
    semester.run("2026-10-12T09:46+02:00")
    assert semester.lives == everyone("SUSPEND_COMPLETE")
    assert semester.ids == made


def test_a_scheduler_that_slept_for_weeks_wakes_up_suspending_not_deleting(
    semester: Semester,
) -> None:
    semester.run("2026-10-12T08:00+02:00")
    made = semester.ids
    semester.run("2027-06-01T08:00+02:00")  # the course ended in February, its grace is 21 days
    assert semester.ids == made
    assert semester.lives == everyone("SUSPEND_COMPLETE")
    semester.run("2027-06-22T23:00+00:00")
    assert semester.ids == made
    semester.run("2027-06-23T00:01+00:00")
    assert semester.lives == {}


def test_an_exam_wakes_what_had_ended_and_lets_it_end_afterwards(semester: Semester) -> None:
    semester.run("2026-10-12T08:00+02:00")
    made = semester.ids
    semester.files = {**COURSE_ONLY, **course(ends="2027-02-01")}
    semester.run("2027-02-02T08:00+01:00")
    assert semester.lives == everyone("SUSPEND_COMPLETE")
    semester.run("2027-02-10T07:00+01:00")
    assert semester.lives == everyone("RESUME_COMPLETE")
    semester.run("2027-02-10T11:59+01:00")
    assert semester.lives == everyone("RESUME_COMPLETE")
    semester.run("2027-02-10T12:00+01:00")
    assert semester.lives == everyone("SUSPEND_COMPLETE")
    assert semester.ids == made


def test_a_removed_seat_sleeps_and_comes_back_by_re_adding(semester: Semester) -> None:
    semester.run("2026-10-12T08:00+02:00")
    made = semester.ids
    fewer = {**COURSE_ONLY, **course(roster="{seats: 2, spares: 1}", groups="{red: [s01]}")}
    whole, semester.files = semester.files, fewer
    results = semester.run("2026-10-12T08:10+02:00")
    assert list(results) == ["db1--lab--s03"], "exactly the seat that was removed"
    assert semester.lives["s03"] == "SUSPEND_COMPLETE"
    semester.files = whole
    assert list(semester.run("2026-10-12T08:20+02:00")) == ["db1--lab--s03"]
    assert semester.lives["s03"] == "UPDATE_COMPLETE"
    semester.files = fewer
    semester.run("2026-10-12T08:30+02:00")
    semester.clock.sleep(timedelta(days=5).total_seconds())
    semester.run("2026-10-18T00:01+00:00")  # removal_grace is 5 days, after the day itself
    assert semester.ids == {member: id_ for member, id_ in made.items() if member != "s03"}


def test_a_change_of_the_files_comes_after_the_class(semester: Semester) -> None:
    def updates() -> int:
        return sum(method == "update" for method, _ in semester.heat.requests)

    semester.run("2026-10-11T08:00+02:00")
    text = FILES[LAB].replace("motd: hello", "motd: new")
    semester.files = {**semester.files, LAB: text}
    semester.run("2026-10-12T07:30+02:00")
    assert semester.lives == everyone("RESUME_COMPLETE"), "awake in time, not updated"
    semester.run("2026-10-12T08:30+02:00")
    assert semester.lives == everyone("RESUME_COMPLETE")
    assert updates() == 0
    semester.run("2026-10-12T09:45+02:00")
    assert semester.lives == everyone("SUSPEND_COMPLETE")
    assert updates() == 4
