"""Small plans on the stand-in: stacks of one TestResource, planned by the real decision table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from heat_standin import FakeClock, StandInHeat

from appstore.apply.clock import Stop
from appstore.apply.progress import Silent
from appstore.apply.protocols import Clock, Heat
from appstore.apply.run import Settings, apply
from appstore.apply.script import Secrets
from appstore.reconcile.decision import Act, Decision, Look, Step
from appstore.reconcile.live import LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.outcome import Outcome, Result
from appstore.reconcile.plan import Entry, Farewell, Health, Plan
from appstore.reconcile.table import decide
from appstore.wanted.digest import spec_digest
from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import Parameter, Plain, Spec
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Cause, Gone, Running, Wanted

OWNER = "teaching"
REV = "4f2a91c0" * 5
PROJECT = ("standin", "lecturer")
LINE = Cause("deployments/dr-a/cs101/web-lab.yaml", 4, "state: absent")
TEMPLATE: dict[str, Any] = {
    "heat_template_version": "2018-08-31",
    "parameters": {
        "value": {"type": "string", "default": "v1"},
        "size": {"type": "string", "default": "none"},
        "fail": {"type": "boolean", "default": False},
        "password": {"type": "string", "default": "", "hidden": True},
    },
    "resources": {
        "lab": {
            "type": "OS::Heat::TestResource",
            "properties": {"value": {"get_param": "value"}, "fail": {"get_param": "fail"}},
        }
    },
}


def spec(parameters: Mapping[str, Parameter] | None = None, **plain: Any) -> Spec:
    """A spec of the sample template; `plain` are parameters as written."""
    given = {name: Plain(value) for name, value in plain.items()} | dict(parameters or {})
    return Spec(
        version="web-lab@1.0.0",
        template=TEMPLATE,
        files={},
        parameters=given,
        restrictions={"lab": {"restricted_actions": "replace"}},
        accept_replace=False,
        hidden=frozenset({"password"}),
        timeout_minutes=10,
        digest=spec_digest("content", given, 10, False),
    )


def seat(
    name: str, deployment: str = "web-lab", wanted: Wanted | None = None, **changes: Any
) -> WantedStack:
    """A wanted stack of the course `cs101`; a base has neither course nor member."""
    base = changes.get("base", False)
    whole = WantedStack(
        id=InstanceId(None, name, None) if base else InstanceId("cs101", deployment, name),
        path="deployments/dr-a/cs101/web-lab.yaml",
        line=1,
        wanted=wanted or Running(),
        spec=changes.pop("spec", None) or spec(),
        generation=1,
        retry=0,
        term=None if base else "2026ws",
        base=False,
        protect=False,
        adopt=None,
        reset_cause=LINE,
        replace_cause=None,
        endpoints={},
        files=(),
    )
    return replace(whole, **changes)


def gone(cause: Cause | None = LINE) -> Gone:
    """To be deleted now; unordered without a cause."""
    return Gone(cause, timedelta(0), "it is no longer wanted")


def asleep() -> Asleep:
    """To be suspended, and made ahead of its first use."""
    return Asleep(LINE, prewarm=True)


def farewell(name: str, deployment: str = "web-lab", cause: Cause | None = None) -> Farewell:
    """A live stack whose file is gone."""
    id_ = InstanceId("cs101", deployment, name)
    return Farewell(str(id_), id_.stack_name, gone(cause), "2026ws")


@dataclass
class Story(Silent):
    """One or more projects, a clock and a run; it remembers what progress told."""

    clock: Clock = field(default_factory=FakeClock)
    heats: dict[tuple[str, str], Heat] = field(default_factory=dict)
    stop: Stop = field(default_factory=Stop)
    settings: Settings = field(default_factory=lambda: Settings("req-run", workers=1))
    secrets: Secrets = field(default=lambda stack: {})
    told: list[str] = field(default_factory=list)

    def planned(self, total: int) -> None:
        self.told.append(f"planned {total}")

    def started(self, entry: Entry) -> None:
        self.told.append(f"started {entry.subject.name}")

    def step(self, entry: Entry, step: Step) -> None:
        self.told.append(f"{step} {entry.subject.name}")

    def ended(self, outcome: Outcome) -> None:
        self.told.append(f"ended {outcome.entry.subject.name}")

    def project(self, key: tuple[str, str] = PROJECT, duration: float = 5.0) -> StandInHeat:
        """A stand-in for one more project."""
        assert isinstance(self.clock, FakeClock)
        heat = StandInHeat(self.clock, duration=duration, project_id=f"{key[1]}-id")
        self.heats[key] = heat
        return heat

    def plan(
        self, subjects: Iterable[WantedStack | Farewell], key: tuple[str, str] = PROJECT
    ) -> Plan:
        """What the decision table says now, with the looks that it asks for."""
        heat = self.heats[key]
        lives = {stack.name: stack for stack in heat.listing().stacks}
        entries = []
        for subject in subjects:
            live = lives.get(subject.name)
            entries.append(entry(subject, live, self._decide(heat, subject, live), key))
        return plan_of(entries, self.clock)

    def _decide(
        self, heat: Heat, subject: WantedStack | Farewell, live: LiveStack | None
    ) -> Decision:
        decision = decide(subject, live, self.clock.now(), OWNER)
        if isinstance(decision, Look) and live is not None:
            looks = Looks(heat.failed_resources(live), heat.events(live))
            decision = decide(subject, live, self.clock.now(), OWNER, looks)
        return decision

    def apply(self, plan: Plan) -> dict[str, Result]:
        """Carry the plan out; the result of each entry by stack name."""
        outcomes = self.outcomes(plan)
        return {outcome.entry.subject.name: outcome.result for outcome in outcomes}

    def outcomes(self, plan: Plan) -> tuple[Outcome, ...]:
        """Carry the plan out."""
        return apply(
            plan,
            self.heats,
            self.clock,
            self.secrets,
            self,
            self.settings,
            self.stop,
            REV,
        )

    def run(self, *subjects: WantedStack | Farewell) -> dict[str, Result]:
        """Plan for the one project and apply."""
        return self.apply(self.plan(subjects))


def entry(
    subject: WantedStack | Farewell,
    live: LiveStack | None,
    decision: Decision,
    key: tuple[str, str] = PROJECT,
) -> Entry:
    """An entry of the plan."""
    return Entry("dr-a", key[0], key[1], subject, live, Health.HEALTHY, decision)


def plan_of(entries: Iterable[Entry], clock: Clock) -> Plan:
    """A plan of these entries."""
    return Plan(OWNER, REV, clock.now(), tuple(entries), (), (), (), (), "digest")


def joined(*plans: Plan) -> Plan:
    """One plan over several projects."""
    return replace(plans[0], entries=tuple(e for plan in plans for e in plan.entries))


def acts(plan: Plan) -> list[str]:
    """The names of what acts."""
    return [e.subject.name for e in plan.entries if isinstance(e.decision, Act)]
