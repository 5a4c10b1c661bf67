"""Two applies at once, as two real processes on the real Heat: one set of actions, both tell it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flow_hand import Somebody, begun
from flow_mix import MIX, Mix, prepare, rows

pytestmark = pytest.mark.cloud
DESTRUCTIVE = {"reset", "gone"}
"""What no unattended run does without a reviewed plan."""
QUIET = {"done", "done by another run", "waiting", "refused", "stale"}


def begin(mix: Mix, *options: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("appstore")), "apply", "--json", *options],
        cwd=mix.registry.root,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """Its exit code and what it says of each deployment."""
    out, err = process.communicate(timeout=120)
    assert out, err
    told = {one["id"].split("/")[2]: one for one in json.loads(out)["outcomes"]}
    return process.returncode, told


@pytest.fixture
def mix(registry, run) -> Mix:
    """One deployment for every kind of action, ready to be applied."""
    return prepare(registry, lambda: run("apply"))


@pytest.mark.parametrize("other", [(), ("--scheduled",)], ids=["two people", "and the schedule"])
def test_two_applies_at_once_are_one_set_of_actions(mix, run, cloud_env, other) -> None:
    hand = Somebody(cloud_env.clouds_yaml)
    lived = [stack.id for stack in mix.before.values()]
    earlier = hand.events(lived)

    processes = begin(mix), begin(mix, *other)
    codes, told = zip(*map(ended, processes), strict=True)

    # What there is afterwards: all as wanted, under the ids that it should have.
    mix.check_stacks()
    assert run("plan", "--detailed-exitcode").code == 0

    # What Heat did for that: each resource was made, changed and deleted once.
    after = rows(mix.registry)
    events = hand.events([*lived, *(s.id for s in after.values() if s.id not in lived)])
    new = [key for id_, key in events.items() if id_ not in earlier]
    twice = {k: n for k, n in begun(new, "CREATE", "UPDATE", "DELETE").items() if n > 1}
    assert not {key: n for key, n in twice.items() if key[1] in ("code", "probe")}
    fresh = [name for name, stack in after.items() if stack.id not in lived]
    assert sorted(fresh) == sorted(mix.stack(name) for name in ("make", "nap", "reset"))

    # What the two say: nobody fails because of the other, and somebody did each thing.
    assert set(codes) <= {0, 3}
    acting = {name for name, part in MIX.items() if part.writes}
    for outcomes in told:
        assert outcomes.keys() <= acting
        assert {one["result"] for one in outcomes.values()} <= QUIET, outcomes
        assert all(one["reason"] for one in outcomes.values() if "done" not in one["result"])
    done = [{n for n, one in outcomes.items() if one["result"] == "done"} for outcomes in told]
    assert done[0] | done[1] == acting
    assert not other or not done[1] & DESTRUCTIVE
