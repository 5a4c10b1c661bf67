"""One apply of every kind of action against the real Heat."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from apply_samples import Story, asleep, gone, seat, spec

from appstore.apply.clock import WallClock
from appstore.apply.protocols import Heat
from appstore.apply.run import Settings
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.outcome import Done, Failed, Result
from appstore.wanted.spec import Logical, SecretRef
from appstore.wanted.stacks import WantedStack

pytestmark = pytest.mark.cloud
RUN_ID = f"req-{uuid4()}"


@pytest.fixture
def story(cloud_env: object) -> Iterator[Story]:
    """A story on one project of the real Heat, under names that are its own."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-b"))
        clock = WallClock()
        story = Story(clock, {("standin", "lecturer"): heat}, clock.stop, Settings(RUN_ID))
        yield story
        for row in heat.listing().stacks:
            if f"--{DEPLOYMENT}--" in row.name:
                heat.delete(row)


DEPLOYMENT = f"t{uuid4().hex[:8]}"


def lab(member: str, **changes: object) -> WantedStack:
    return seat(member, deployment=DEPLOYMENT, **changes)


def rows(heat: Heat) -> dict[str, str]:
    mine = (row for row in heat.listing().stacks if f"--{DEPLOYMENT}--" in row.name)
    return {row.name.rpartition("--")[2]: row.status for row in mine}


def test_every_action_in_one_apply(story: Story) -> None:
    (heat,) = story.heats.values()
    story.secrets = lambda stack: {"password": "tr0ub4dor&3"}
    small, big = Logical("size", "small", "m1.small"), Logical("size", "small", "m9.huge")
    secret = SecretRef("env", "db", 1)
    before = [
        lab("update", spec=spec({"size": small, "password": secret})),
        lab("dream", wanted=asleep()),
        lab("reset"),
        lab("wake", wanted=asleep()),
        lab("tired"),
        lab("absent"),
        lab("end"),
    ]
    assert {type(result) for result in story.run(*before).values()} == {Done}
    after = [
        lab("create"),
        lab("broken", spec=spec(fail=True)),
        lab("update", spec=spec({"size": big, "password": secret}, value="v2")),
        lab("dream", wanted=asleep(), spec=spec(value="v2")),
        lab("reset", generation=2),
        lab("wake"),
        lab("tired", wanted=asleep()),
        lab("absent", wanted=gone()),
        lab("end", wanted=replace(gone(), grace=timedelta(days=7))),
    ]
    results = {name.rpartition("--")[2]: result for name, result in story.run(*after).items()}
    broken = results.pop("broken")
    assert isinstance(broken, Failed)
    assert broken.resource == "lab (OS::Heat::TestResource)"
    assert {type(result) for result in results.values()} == {Done}, results
    assert rows(heat) == {
        "create": "CREATE_COMPLETE",
        "broken": "CREATE_FAILED",
        "update": "UPDATE_COMPLETE",
        "dream": "SUSPEND_COMPLETE",
        "reset": "CREATE_COMPLETE",
        "wake": "RESUME_COMPLETE",
        "tired": "SUSPEND_COMPLETE",
        "end": "SUSPEND_COMPLETE",
    }
    updated = heat.find(after[2].name)
    assert updated
    parameters = heat.content(updated).environment["parameters"]
    assert parameters == {"size": "m1.small", "value": "v2", "password": "******"}

    revived = lab("end", spec=spec(value="v2"))
    assert isinstance(story.run(revived)[revived.name], Done)
    goodbye = [replace(stack, wanted=gone()) for stack in after]
    ended: dict[str, Result] = story.run(*goodbye)
    assert {type(result) for result in ended.values()} <= {Done}
    assert rows(heat) == {}
