"""What the stand-in lets a test arrange; how it behaves otherwise stands in the contract suite."""

from datetime import timedelta

import pytest
from cloud_samples import Bench
from heat_standin import FakeClock, StandInHeat

from appstore.cloud.errors import Unreachable
from appstore.reconcile.live import LiveStack

WRITES = ("create", "update", "suspend", "resume", "delete")


@pytest.fixture
def heat() -> StandInHeat:
    """A Heat whose work takes five seconds."""
    return StandInHeat(FakeClock())


def _send(heat: StandInHeat, write: str) -> LiveStack:
    """Bring a stack to where the write is next, then send it; returns the stack before."""
    bench = Bench(heat, heat.clock, "")
    if write == "create":
        heat.create(bench.request())
        return bench.look()
    stack = heat.find("one") or heat.seed(
        bench.request(), "SUSPEND_COMPLETE" if write == "resume" else "CREATE_COMPLETE"
    )
    arguments = (stack, bench.request(value="v2")) if write == "update" else (stack,)
    getattr(heat, write)(*arguments)
    return stack


@pytest.mark.parametrize("write", WRITES)
def test_a_request_can_be_turned_away(heat: StandInHeat, write: str) -> None:
    heat.turn_away(write, "one", Unreachable("gone"))
    with pytest.raises(Unreachable):
        _send(heat, write)
    found = heat.find("one")
    assert found is None or not found.status.endswith("_IN_PROGRESS")
    _send(heat, write)


@pytest.mark.parametrize("write", WRITES)
def test_an_answer_can_be_lost(heat: StandInHeat, write: str) -> None:
    heat.lose_answer(write, "one", Unreachable("gone"))
    with pytest.raises(Unreachable):
        _send(heat, write)
    found = heat.find("one")
    assert found
    assert found.status == f"{write.upper()}_IN_PROGRESS"


@pytest.mark.parametrize("write", WRITES)
def test_accepted_work_can_be_spoiled(heat: StandInHeat, write: str) -> None:
    heat.spoil(write, "one", "the disk is on fire")
    stack = _send(heat, write)
    heat.settle()
    found = heat.find("one")
    assert found
    assert found.status == f"{write.upper()}_FAILED"
    assert found.reason.endswith("the disk is on fire")
    assert [leaf.path for leaf in heat.failed_resources(stack)] == ["lab"]


def test_a_failed_suspend_may_be_tried_again_but_not_resumed(heat: StandInHeat) -> None:
    heat.spoil("suspend", "one", "no answer from the hypervisor")
    stack = _send(heat, "suspend")
    heat.settle()
    heat.resume(stack)
    heat.settle()
    assert heat.events(stack)[0].status == "RESUME_FAILED"
    heat.suspend(stack)
    heat.settle()
    assert heat.events(stack)[0].status == "SUSPEND_COMPLETE"


def test_work_takes_its_time_on_the_fake_clock(heat: StandInHeat) -> None:
    start = heat.clock.now()
    heat.durations["one"] = 60
    _send(heat, "create")
    heat.clock.sleep(59)
    assert heat.listing().stacks[0].status == "CREATE_IN_PROGRESS"
    heat.settle()
    assert heat.listing().stacks[0].status == "CREATE_COMPLETE"
    assert heat.clock.now() - start == timedelta(seconds=60)


def test_settle_also_frees_the_names_of_the_deleted(heat: StandInHeat) -> None:
    _send(heat, "delete")
    heat.clock.sleep(5)
    assert heat.listing().stacks[0].status == "DELETE_COMPLETE"
    heat.settle()
    assert heat.find("one") is None


@pytest.mark.parametrize("write", ["suspend", "resume"])
def test_an_action_into_running_work_is_a_bug_of_the_caller(heat: StandInHeat, write: str) -> None:
    stack = _send(heat, "create")
    with pytest.raises(AssertionError, match="CREATE_IN_PROGRESS"):
        getattr(heat, write)(stack)


def test_a_stack_that_someone_else_works_on_can_be_seeded(heat: StandInHeat) -> None:
    heat.seed(Bench(heat, heat.clock, "").request(), "UPDATE_IN_PROGRESS")
    heat.settle()
    assert heat.listing().stacks[0].status == "UPDATE_COMPLETE"


def test_every_request_is_noted(heat: StandInHeat) -> None:
    _send(heat, "create")
    heat.listing()
    assert heat.requests == [("create", "one"), ("find", "one"), ("listing", "")]
