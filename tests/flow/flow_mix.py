"""One deployment for every kind of action, each in a stack of its own, and what must come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flow_proxy import Proxy
from flow_registry import FlowRegistry

from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.cloud.heat import ProjectHeat
from appstore.devcloud.waiting import until
from appstore.reconcile.live import LiveStack
from appstore.reconcile.request import StackRequest

Rows = Mapping[str, LiveStack]
ASLEEP = "state: suspended\n"


def length(number: int) -> str:
    """Another spec."""
    return f"parameters: {{length: {number}}}\n"


@dataclass(frozen=True, slots=True)
class Part:
    """The deployment's lines at first, when all is prepared, and as wanted; None: no file.

    `writes` are what it takes, in order; `ends` is the status that must come of it.
    """

    first: str | None
    prepared: str | None
    wanted: str | None
    writes: tuple[str, ...]
    ends: str | None


MIX = {
    "make": Part(None, None, "", ("create",), "CREATE_COMPLETE"),
    "nap": Part(
        None, None, f"{ASLEEP}reset: {{all: 1}}\n", ("create", "suspend"), "SUSPEND_COMPLETE"
    ),
    "change": Part("", "", length(9), ("update",), "UPDATE_COMPLETE"),
    "mend": Part(
        "parameters: {fail: true}\n",
        "parameters: {fail: true}\n",
        "parameters: {fail: false}\n",
        ("update",),
        "UPDATE_COMPLETE",
    ),
    "dream": Part(
        "", ASLEEP, ASLEEP + length(9), ("resume", "update", "suspend"), "SUSPEND_COMPLETE"
    ),
    "reset": Part("", "", "reset: {all: 1}\n", ("delete", "create"), "CREATE_COMPLETE"),
    "wake": Part("", ASLEEP, "", ("resume",), "RESUME_COMPLETE"),
    "tired": Part("", "", ASLEEP, ("suspend",), "SUSPEND_COMPLETE"),
    "late": Part(length(11), length(11), None, ("tag", "suspend"), "SUSPEND_COMPLETE"),
    "later": Part(
        length(12), ASLEEP + length(12), None, ("resume", "tag", "suspend"), "SUSPEND_COMPLETE"
    ),
    "back": Part(length(13), None, length(13), ("resume", "tag"), "UPDATE_COMPLETE"),
    "gone": Part("", "", "state: absent\n", ("delete",), None),
    "still": Part("", "", "", (), "CREATE_COMPLETE"),
}
ENDED = {"late", "later"}
MADE_ANEW = {"reset"}
POINTS = [(name, verb) for name, part in MIX.items() for verb in part.writes]
"""Every write of the mix."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The mix in one registry: what there was before, and checks of what there is after."""

    registry: FlowRegistry
    before: Rows

    def stack(self, name: str) -> str:
        """The stack of this part."""
        return stack_name(self.registry, name)

    def writes(self) -> list[str]:
        """What must have been accepted by Heat in the end, each exactly once."""
        return sorted(f"{verb} {self.stack(name)}" for name, verb in POINTS)

    def check(self, proxy: Proxy) -> None:
        """Everything is as wanted, nothing was done twice, nobody else was touched."""
        self.check_stacks()
        assert proxy.accepted() == self.writes()
        deleted = {
            one.path.rpartition("/")[2] for one in proxy.reached if one.call.verb == "delete"
        }
        assert deleted == {self.before[self.stack(name)].id for name in ("gone", "reset")}

    def check_stacks(self) -> None:
        """Everything is as wanted, and nobody else was touched."""
        after = rows(self.registry)
        expected = {self.stack(n): part.ends for n, part in MIX.items() if part.ends}
        assert {n: s.status for n, s in after.items() if n in expected} == expected
        assert set(after) == set(expected) | {stranger(self.registry)}
        for unmoved in (self.stack("still"), stranger(self.registry)):
            assert after[unmoved] == self.before[unmoved]
        renewed = {n for n in after.keys() & self.before.keys() if self.before[n].id != after[n].id}
        assert renewed == {self.stack(name) for name in MADE_ANEW}
        ended = {n for n, s in after.items() if any(":ending=" in tag for tag in s.tags)}
        assert ended == {self.stack(name) for name in ENDED}


def prepare(registry: FlowRegistry, apply: Callable[[], object]) -> Mix:
    """Bring the cloud to where the mix begins, and commit what is wanted then."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        _make_stranger(cloud.heat(cloud.project("lecturer-a")), registry)
    (registry.root / f"deployments/ada/{registry.course}/lab.yaml").unlink()
    _write(registry, {name: part.first for name, part in MIX.items()})
    apply()
    _write(registry, {name: part.prepared for name, part in MIX.items()})
    apply()
    before = rows(registry)
    _write(registry, {name: part.wanted for name, part in MIX.items()})
    return Mix(registry, before)


def rows(registry: FlowRegistry) -> Rows:
    """The stacks of this course by name, once nothing is in progress any more."""

    def listed() -> Rows:
        with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
            stacks = cloud.heat(cloud.project("lecturer-a")).listing().stacks
        return {s.name: s for s in stacks if s.name.startswith(f"{registry.course}--")}

    def still(seen: Rows) -> bool:
        return not any("_IN_PROGRESS" in s.status for s in seen.values())

    assert until(lambda: still(listed()), 90)
    return listed()


def stack_name(registry: FlowRegistry, name: str) -> str:
    """The stack of a deployment for the whole course."""
    return f"{registry.course}--{name}--course"


def stranger(registry: FlowRegistry) -> str:
    """A stack of another installation that lives in the same project."""
    return stack_name(registry, "stranger")


def _make_stranger(heat: ProjectHeat, registry: FlowRegistry) -> None:
    name = stranger(registry)
    tags = {"appstore", "appstore:owner=somebody-else", f"appstore:id={registry.course}/x/course"}
    template = {
        "heat_template_version": "2021-04-16",
        "resources": {"code": {"type": "OS::Heat::RandomString"}},
    }
    heat.create(StackRequest(name, template, {}, {}, frozenset(tags), 5))


def _write(registry: FlowRegistry, lines: Mapping[str, str | None]) -> None:
    for name, more in lines.items():
        path = f"deployments/ada/{registry.course}/{name}.yaml"
        if more is not None:
            registry.write(path, f"template: probe@1.0.0\nfor: course\n{more}")
        elif (registry.root / path).exists():
            (registry.root / path).unlink()
    registry.commit("mix")


def settle(run: Callable[..., Any]) -> None:
    """Apply as often as it takes until there is nothing to do and nothing under way."""

    def settled() -> bool:
        run("apply")
        planned = run("plan", "--detailed-exitcode")
        return planned.code == 0 and "an earlier run is still at it" not in planned.out

    assert until(settled, 120, every=0.3), run("plan").out
