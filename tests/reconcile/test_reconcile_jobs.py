"""A pipeline starts a job per lecturer; in a large registry, one per group of lecturers."""

import re
from dataclasses import replace

import pytest
from apply_samples import entry, plan_of, seat
from heat_standin import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from appstore.documents.names import SLUG
from appstore.reconcile.decision import Act, Action, Settled, Step
from appstore.reconcile.jobs import MOST, chosen, group_of, jobs_of
from appstore.reconcile.plan import Plan

EVERYBODY = [f"lecturer-{number}" for number in range(1000)]
CREATE = Act(Action.CREATE, (Step.CREATE,), "")


def plan(due: list[str], settled: tuple[str, ...] = ()) -> Plan:
    one = seat("s01")
    acting = [replace(entry(one, None, CREATE), lecturer=name) for name in due]
    others = [replace(entry(one, None, Settled()), lecturer=name) for name in settled]
    return plan_of([*acting, *others], FakeClock())


def folders(lecturers: list[str]) -> list[str]:
    files = [f"deployments/{name}/net/course.yaml" for name in lecturers]
    return ["deployments/site.yaml", "catalog/a/1.0.0/heat.yaml", *files]


def in_jobs(jobs: tuple[str, ...], lecturer: str) -> list[str]:
    """The jobs that apply this lecturer's instances."""
    return [job for job in jobs if chosen(job, f"{lecturer}/net/lab/s01")]


def test_a_thousand_lecturers_fit_into_one_matrix_and_each_is_in_exactly_one_job() -> None:
    jobs = jobs_of(plan(EVERYBODY), folders(EVERYBODY))

    assert len(jobs) <= MOST
    assert all(len(in_jobs(jobs, lecturer)) == 1 for lecturer in EVERYBODY)
    assert max(sum(group_of(name) == job for name in EVERYBODY) for job in jobs) < 20


def test_of_a_thousand_only_those_who_are_due_start_a_job() -> None:
    jobs = jobs_of(plan(["lecturer-7"], ("lecturer-8",)), folders(EVERYBODY))

    assert jobs == (group_of("lecturer-7"),)
    assert jobs_of(plan([]), folders(EVERYBODY)) == ()


@pytest.mark.parametrize(("known", "grouped"), [(2, False), (MOST, False), (MOST + 1, True)])
def test_a_lecturer_has_a_job_alone_as_long_as_there_could_be_one_for_each(
    known: int, grouped: bool
) -> None:
    """However few are due: the lock must not depend on who else has something to do."""
    jobs = jobs_of(plan(EVERYBODY[:2]), folders(EVERYBODY[:known]))

    alone = ("lecturer-0", "lecturer-1")
    assert jobs == (tuple(sorted(map(group_of, alone))) if grouped else alone)


@given(due=st.sets(st.sampled_from(EVERYBODY)), later=st.sets(st.sampled_from(EVERYBODY)))
def test_two_runs_never_apply_one_lecturer_under_two_locks(due: set[str], later: set[str]) -> None:
    first = jobs_of(plan(sorted(due)), folders(EVERYBODY))
    second = jobs_of(plan(sorted(later)), folders([*EVERYBODY[5:], "somebody-new"]))

    for lecturer in due & later:
        assert in_jobs(first, lecturer) == in_jobs(second, lecturer) != []


@given(st.from_regex(SLUG, fullmatch=True))
def test_a_group_is_never_somebodys_name_and_its_own_lock(name: str) -> None:
    assert re.fullmatch(r"group_\d{3}", group_of(name))
    assert not re.fullmatch(SLUG, group_of(name))
