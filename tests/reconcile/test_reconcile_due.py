"""A pipeline starts a job only for lecturers with a change that may be made now."""

from dataclasses import replace

import pytest
from apply_samples import entry, plan_of, seat
from heat_standin import FakeClock

from appstore.reconcile.decision import Act, Action, Decision, Refuse, Settled, Step, Wait
from appstore.reconcile.due import due_lecturers
from appstore.reconcile.plan import Entry, WritesOff

CREATE = Act(Action.CREATE, (Step.CREATE,), "")


def of(lecturer: str, decision: Decision, cloud: str = "campus") -> Entry:
    return replace(entry(seat("s01"), None, decision), lecturer=lecturer, cloud=cloud)


@pytest.mark.parametrize(
    ("entries", "due"),
    [
        ([], ()),
        ([of("bob", CREATE), of("ada", CREATE), of("bob", Settled())], ("ada", "bob")),
        ([of("ada", Settled())], ()),
        ([of("ada", Wait("not yet"))], ()),
        ([of("ada", Wait("its batch comes later", then=CREATE))], ()),
        ([of("ada", Refuse("rule", "why", "next"))], ()),
        ([of("ada", CREATE, "attic"), of("bob", CREATE)], ("bob",)),
    ],
)
def test_who_is_due(entries: list[Entry], due: tuple[str, ...]) -> None:
    plan = plan_of(entries, FakeClock())
    closed = replace(plan, writes_off=(WritesOff("attic", "maintenance", "it is mended", None),))

    assert due_lecturers(closed) == due
