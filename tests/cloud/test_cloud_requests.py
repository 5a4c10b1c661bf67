"""How many HTTP requests a plan and an apply cost on the real Heat: a contract."""

import logging
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from cloud_samples import Bench, RealClock, run_id

from appstore.cloud.cloud import Cloud, open_cloud
from appstore.cloud.credentials import Purpose
from appstore.cloud.errors import Forbidden, UnsafeCredential
from appstore.reconcile.live import LiveProject

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("cloud_env")]
NAMES = ("lecturer-a", "lecturer-b", "lecturer-c")


def _requests(caplog: pytest.LogCaptureFixture) -> Counter[str]:
    """What the log of our own session tells, ids and names left out."""
    lines = [r.getMessage() for r in caplog.records if r.name == "appstore.cloud"]
    found = (re.match(r"(\w+) (\S+) \d+ req-", line) for line in lines)
    return Counter(
        f"{m[1]} {re.sub(r'/v1/[0-9a-f]+|/cost-[^ /]+/[0-9a-f-]+|/cost-[^ /]+', '', m[2])}"
        for m in found
        if m
    )


def test_a_plan_with_nothing_to_do_costs_tokens_and_listings(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "appstore.cloud")
    with open_cloud("devcloud", Purpose.READ, run_id()) as cloud:
        results = cloud.listings([cloud.project(name) for name in NAMES])
    assert all(isinstance(result, LiveProject) for result in results.values())
    assert _requests(caplog) == {
        "POST /v3/auth/tokens": 1 + len(NAMES),
        "GET /v3/auth/projects": 1,
        "GET /stacks": len(NAMES),
    }


def test_each_step_of_an_apply_costs_one_request(caplog: pytest.LogCaptureFixture) -> None:
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-b"))
        bench = Bench(heat, RealClock(), f"cost-{uuid4().hex[:8]}-")
        heat.listing()
        caplog.set_level(logging.DEBUG, "appstore.cloud")
        heat.check_create(bench.request())
        heat.create(bench.request())
        caplog.set_level(logging.INFO, "appstore.cloud")
        stack = bench.settled()
        caplog.set_level(logging.DEBUG, "appstore.cloud")
        heat.failed_resources(stack)
        heat.events(stack)
        heat.outputs(stack)
        heat.content(stack)
        heat.update(stack, bench.request(value="v2"))
        heat.delete(stack)
    assert _requests(caplog) == {
        "POST /stacks/preview": 1,
        "POST /stacks": 1,
        "GET /stacks/resources": 1,
        "GET /stacks/events": 1,
        "GET /stacks": 1,
        "GET /stacks/template": 1,
        "GET /stacks/environment": 1,
        "GET /stacks/files": 1,
        "PUT /stacks": 1,
        "DELETE /stacks": 1,
    }


def test_the_planning_user_may_check_but_not_create() -> None:
    with open_cloud("devcloud", Purpose.READ, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        request = Bench(heat, RealClock(), f"cost-{uuid4().hex[:8]}-").request()
        heat.check_create(request)
        with pytest.raises(Forbidden) as raised:
            heat.create(request)
    assert raised.value.type == "Forbidden"
    assert raised.value.request_id


def test_the_admin_is_refused() -> None:
    with open_cloud("devcloud-admin", Purpose.READ, run_id()) as cloud:
        refused = list(cloud.listings(cloud.projects()).values())
    assert refused
    assert {type(result) for result in refused} == {UnsafeCredential}


def test_many_threads_share_one_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "appstore.cloud")

    def look(cloud: Cloud) -> LiveProject:
        return cloud.heat(cloud.project("lecturer-b")).listing()

    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        cloud.projects()
        with ThreadPoolExecutor(8) as pool:
            assert len(list(pool.map(look, [cloud] * 16))) == 16
    assert _requests(caplog)["POST /v3/auth/tokens"] == 2
