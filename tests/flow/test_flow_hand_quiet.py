"""`openstack stack update --existing`: our tags stay, it ends well, and `status --deep` sees it.

The somebody is a user of the project with the ordinary client, on the real Heat.
"""

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_hand import Somebody
from flow_registry import HEAT, FlowRegistry

from appstore.devcloud import venv
from appstore.devcloud.shape import Variant

pytestmark = pytest.mark.cloud

SIZED = HEAT.replace(
    "resources:\n",
    "  size: {type: string}\nresources:\n  box:\n    type: OS::Heat::TestResource\n"
    "    properties: {value: {get_param: size}}\n",
    1,
)
SIZES = {
    "catalog/probe/1.0.0/heat.yaml": SIZED,
    "catalog/probe/1.0.0/version.yaml": "parameters:\n  size: {bind: size, default: small}\n",
}
Deep = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture
def hand(cloud_env: Any) -> Somebody:
    return Somebody(cloud_env.clouds_yaml)


@pytest.fixture
def openstack(cloud_env: Any, hand: Somebody) -> Callable[[str, str], str]:
    """Runs a command line as it was told, and waits until the stack of that name rests."""
    client = venv.environment(Variant.LITE).path / "bin" / "openstack"

    def run_it(line: str, name: str) -> str:
        told = shlex.split(line)
        assert told[0] == "openstack"
        where = {"OS_CLIENT_CONFIG_FILE": str(cloud_env.clouds_yaml), "OS_CLOUD": "lecturer-a"}
        subprocess.run([client, *told[1:]], env=os.environ | where, check=True, capture_output=True)
        return hand.settled(name)

    return run_it


@pytest.fixture
def deep(registry: FlowRegistry, run: Any) -> Deep:
    """`status --deep`: its exit code, and how each seat stands."""

    def look() -> tuple[int, dict[str, Any]]:
        ended = run("status", f"ada/{registry.course}", "--deep", "--json")
        return ended.code, {one["id"].rpartition("/")[2]: one for one in json.loads(ended.out)}

    return look


def states(told: dict[str, Any]) -> dict[str, str]:
    return {seat: one["state"] for seat, one in told.items()}


def test_changed_parameters_are_told_and_put_back_as_told(
    registry: FlowRegistry, run: Any, deep: Deep, openstack: Any
) -> None:
    registry.lab("parameters: {length: 12}")
    assert run("apply").code == 0
    name = f"{registry.course}--lab--s01"
    by_hand = f"openstack stack update --existing --parameter length=20 --parameter wait=1 {name}"
    assert openstack(by_hand, name) == "UPDATE_COMPLETE"

    # Nothing that a listing shows gives it away.
    assert {one["state"] for one in json.loads(run("status", "--json").out)} == {"ready"}
    assert run("plan", "--detailed-exitcode").code == 0

    code, told = deep()
    assert (code, states(told)) == (1, {"s01": "drifted", "s02": "ready"})
    assert told["s01"]["reason"] == (
        "somebody updated it by hand: parameters.length is 20, the files say 12; "
        "parameters.wait is 1, the files do not have it"
    )
    assert told["s01"]["owner"] == "lecturer"
    back, otherwise = told["s01"]["next_step"].splitlines()
    assert otherwise == (
        f"or, if nothing on it has to stay: appstore reset ada/{registry.course}/lab/s01"
    )
    assert openstack(back, name) == "UPDATE_COMPLETE"
    code, told = deep()
    assert (code, states(told)) == (0, {"s01": "ready", "s02": "ready"})


def test_a_changed_size_is_told_and_not_kept_by_the_next_update(
    registry: FlowRegistry, run: Any, deep: Deep, openstack: Any, hand: Somebody
) -> None:
    """An update keeps what a name of the site meant before, but only if that was our own doing."""
    registry.fill(SIZES)
    site = "deployments/site.yaml"
    registry.change(site, "devcloud: {}", "devcloud: {sizes: {small: m1.small}}")
    assert run("apply").code == 0
    name = f"{registry.course}--lab--s01"
    openstack(f"openstack stack update --existing --parameter size=m1.huge {name}", name)
    registry.change(site, "m1.small", "m2.small")

    code, told = deep()
    assert (code, states(told)) == (1, {"s01": "drifted", "s02": "ready"})
    assert "parameters.size is m1.huge, the files say m1.small" in told["s01"]["reason"]
    registry.lab("parameters: {length: 12}")
    planned = run("plan").out
    assert "parameters.size: m1.huge -> m1.small" in planned
    assert run("apply").code == 0
    for seat in ("s01", "s02"):
        sent = hand.heat.stacks.environment(f"{registry.course}--lab--{seat}")["parameters"]
        assert sent["size"] == "m1.small"
    assert deep()[0] == 0


def test_a_changed_template_is_told_and_the_next_update_puts_it_right(
    registry: FlowRegistry, run: Any, deep: Deep, openstack: Any, tmp_path: Path
) -> None:
    assert run("apply").code == 0
    name = f"{registry.course}--lab--s01"
    other = tmp_path / "other.yaml"
    other.write_text(HEAT.replace("resources:\n", "resources:\n  more: {type: OS::Heat::None}\n"))
    openstack(f"openstack stack update --existing -t {other} {name}", name)

    code, told = deep()
    assert (code, states(told)) == (1, {"s01": "drifted", "s02": "ready"})
    assert (
        'template.resources.more is {"type": "OS::Heat::None"}, the files do not have it'
        in told["s01"]["reason"]
    )
    lab = f"deployments/ada/{registry.course}/lab.yaml"
    assert told["s01"]["next_step"].startswith(f"any change of it in {lab}: its update sends all")
    registry.lab("parameters: {length: 12}")
    assert "template.resources.more" in run("plan").out
    assert run("apply").code == 0
    assert deep()[0] == 0


def test_a_secret_is_not_told(
    registry: FlowRegistry, run: Any, deep: Deep, openstack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heat masks it, so a changed value is unseen; that one was written is seen, without it."""
    assert run("apply").code == 0
    name = f"{registry.course}--lab--s01"
    openstack(f"openstack stack update --existing --parameter password=hunter2 {name}", name)
    code, told = deep()
    assert (code, states(told)) == (1, {"s01": "drifted", "s02": "ready"})
    assert "hunter2" not in json.dumps(told)
    assert "parameters.password is (secret), the files do not have it" in told["s01"]["reason"]


def test_what_our_own_runs_do_is_never_taken_for_somebody_elses(
    registry: FlowRegistry, run: Any, deep: Deep
) -> None:
    stages = [
        ("created", ["retry: 0"]),
        ("updated", ["parameters: {length: 12}"]),
        ("asleep", ["parameters: {length: 12}", "state: suspended"]),
        ("failed", ["parameters: {length: 12, fail: true}"]),
        ("healed", ["parameters: {length: 12}"]),
        ("replaceable", ["parameters: {length: 12}", "accept_replace: probe@1.0.0"]),
    ]
    for stage, lines in stages:
        registry.lab(*lines)
        assert run("apply").code == (1 if stage == "failed" else 0), stage
        found = {"asleep": "asleep", "failed": "failed"}.get(stage, "ready")
        assert set(states(deep()[1]).values()) == {found}, stage

    # A seat that left the roster is tagged by a PATCH, and by another one when it is back.
    course = f"deployments/ada/{registry.course}/course.yaml"
    registry.change(course, "seats: 2", "seats: 1")
    assert run("apply").code == 0
    registry.change(course, "seats: 1", "seats: 2")
    assert run("apply").code == 0
    assert states(deep()[1]) == {"s01": "ready", "s02": "ready"}
