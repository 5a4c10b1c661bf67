"""The rate of apply: 100 one-resource stacks against a bare 8-thread script, on the same Heat.

Both are timed from the first request until the last stack is CREATE_COMPLETE, in turn, so that a
drift of the machine hits both. Target: apply reaches at least 0.9 of the bare script's rate.
Run: .venv/bin/python tests/benchmarks/apply_rate.py --clouds clouds.yaml
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import yaml
from keystoneauth1 import session
from keystoneauth1.adapter import Adapter
from keystoneauth1.identity import v3

from appstore.apply.clock import WallClock
from appstore.apply.progress import Silent
from appstore.apply.protocols import Heat
from appstore.apply.run import Settings, apply
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.devcloud.waiting import until
from appstore.reconcile.decision import Act, Action, Step
from appstore.reconcile.outcome import Done
from appstore.reconcile.plan import Entry, Health, Plan
from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import Spec
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Running

CLOUD, PROJECT = "devcloud", "lecturer-a"
THREADS = 8
LONGEST = 900
"""Seconds for one round to be built or deleted; a stack that failed must not hold it for ever."""
TEMPLATE = {
    "heat_template_version": "2018-08-31",
    "resources": {"word": {"type": "OS::Heat::RandomString"}},
}


def bare(heat: Adapter, prefix: str, count: int) -> None:
    """What anybody would write in five minutes: eight threads that POST, then one that looks."""

    def create(number: int) -> None:
        body = {"stack_name": f"{prefix}{number:03d}", "template": TEMPLATE, "tags": "bare"}
        heat.post("/stacks", json=body)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(create, range(count)))

    def built() -> bool:
        stacks = heat.get("/stacks").json()["stacks"]
        mine = [stack for stack in stacks if stack["stack_name"].startswith(prefix)]
        return sum(stack["stack_status"] == "CREATE_COMPLETE" for stack in mine) == count

    if not until(built, LONGEST, every=0.5):
        raise SystemExit(f"the bare script's stacks did not all end well within {LONGEST} s")


def appstore(heat: Heat, prefix: str, count: int) -> None:
    """The same through a plan of `count` creates."""
    spec = Spec("word@1.0.0", TEMPLATE, {}, {}, {}, False, frozenset(), 60, "1." + "a" * 26)
    act = Act(Action.CREATE, (Step.CREATE,), "")
    entries = []
    for number in range(count):
        stack = WantedStack(
            id=InstanceId(None, f"{prefix}{number:03d}", None),
            path="deployments/a/word.yaml",
            line=1,
            wanted=Running(),
            spec=spec,
            generation=0,
            retry=0,
            term=None,
            base=False,
            protect=False,
            adopt=None,
            reset_cause=None,
            replace_cause=None,
            endpoints={},
            files=(),
        )
        entries.append(Entry("a", CLOUD, PROJECT, stack, None, Health.ABSENT, act))
    plan = Plan("benchmark", None, datetime.now(UTC), tuple(entries), (), (), (), (), "")
    clock = WallClock()
    settings = Settings(f"req-{uuid4()}", workers=THREADS)
    heats = {(CLOUD, PROJECT): heat}
    outcomes = apply(plan, heats, clock, lambda stack: {}, Silent(), settings, clock.stop, "0" * 40)
    failed = [outcome.result for outcome in outcomes if not isinstance(outcome.result, Done)]
    if failed:
        raise SystemExit(f"{len(failed)} did not end well: {failed[0]}")


def clean(heat: Heat, prefix: str) -> None:
    """Delete what a round made and wait until it is gone."""

    def mine() -> list[Callable[[], None]]:
        rows = [row for row in heat.listing().stacks if row.name.startswith(prefix)]
        return [lambda row=row: heat.delete(row) for row in rows]  # type: ignore[misc]

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda delete: delete(), mine()))
    if not until(lambda: not mine(), LONGEST, every=1):
        raise SystemExit(f"the stacks {prefix}* were not gone within {LONGEST} s")


def adapter(clouds: str) -> Adapter:
    """A plain keystoneauth adapter for the project's Heat."""
    with open(clouds, encoding="utf-8") as file:
        told = yaml.safe_load(file)["clouds"][CLOUD]
    auth = {k: told["auth"][k] for k in ("auth_url", "username", "password", "user_domain_name")}
    domain = told["auth"].get("project_domain_name", "Default")
    password = v3.Password(**auth, project_name=PROJECT, project_domain_name=domain)
    return Adapter(session.Session(auth=password), service_type="orchestration")


def main() -> None:
    """Rounds of bare and apply in turn, then the ratio of their medians."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clouds", required=True, help="clouds.yaml of the embedded cloud")
    arguments.add_argument("--stacks", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=3)
    told = arguments.parse_args()
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ["OS_CLIENT_CONFIG_FILE"] = told.clouds
    plain = adapter(told.clouds)
    seconds: dict[str, list[float]] = {"bare": [], "apply": []}
    with open_cloud(CLOUD, Purpose.WRITE, f"req-{uuid4()}") as cloud:
        heat = cloud.heat(cloud.project(PROJECT))
        heat.listing()
        plain.get("/stacks")  # both have a token before the clock runs
        for _ in range(told.rounds):
            for name in seconds:
                prefix = f"rate-{uuid4().hex[:6]}-"
                began = time.perf_counter()
                if name == "bare":
                    bare(plain, prefix, told.stacks)
                else:
                    appstore(heat, prefix, told.stacks)
                seconds[name].append(time.perf_counter() - began)
                print(f"{name:5}  {told.stacks / seconds[name][-1]:5.2f} stacks/s", flush=True)
                clean(heat, prefix)
    ratio = statistics.median(seconds["bare"]) / statistics.median(seconds["apply"])
    print(f"apply reaches {ratio:.2f} of the bare script's rate (target 0.90)")


if __name__ == "__main__":
    main()
