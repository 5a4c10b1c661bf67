"""Against the real Heat: what we send is accepted, and guards hold at every depth.

A RandomString stands in for a server here: Heat replaces it when its length changes.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from cloud_samples import Bench, RealClock, run_id
from wanted_samples import COURSE, LAB, VERSION, Edits, stacks

from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.request import StackRequest
from appstore.wanted import guards as guards_module
from appstore.wanted.environment import environment, values_to_send, written
from appstore.wanted.spec import Spec

LEAF = "OS::Heat::RandomString"
HEAT = """\
heat_template_version: 2021-04-16
parameters:
  length: {type: number}
  salt: {type: string, hidden: true}
resources:
  it: DEFINITION
outputs:
  text: {value: {get_attr: [it, ATTRIBUTE]}}
"""
LENGTH = "properties: {length: {get_param: length}}"
DEFINITIONS = {
    "plain": f"{{type: {LEAF}, {LENGTH}}}",
    "nested": f"{{type: parts/node.yaml, {LENGTH}}}",
    "group": "{type: OS::Heat::ResourceGroup, properties: "
    f"{{count: 2, resource_def: {{type: parts/node.yaml, {LENGTH}}}}}}}",
}
NODE = f"""\
heat_template_version: 2021-04-16
parameters: {{length: {{type: number}}}}
resources:
  inner: {{type: {LEAF}, properties: {{length: {{get_param: length}}}}}}
outputs: {{text: {{value: {{get_attr: [inner, value]}}}}}}
"""


def spec(kind: str, length: int, more: str = "") -> Spec:
    edits: Edits = {
        "deployments/ada/net.yaml": None,
        COURSE: None,
        LAB: None,
        "deployments/ada/one.yaml": f"template: web-lab@1.0.0\nends: 2027-03-31\n{more}"
        f"parameters: {{length: {length}, salt: {{secret: {{from: env, key: salt}}}}}}\n",
        f"{VERSION}/version.yaml": "summary: Random\n",
        f"{VERSION}/heat.yaml": HEAT.replace("DEFINITION", DEFINITIONS[kind]).replace(
            "ATTRIBUTE", "value" if kind == "plain" else "text"
        ),
        f"{VERSION}/parts/node.yaml": NODE,
    }
    return stacks(edits)["one"].spec


def request(name: str, spec: Spec) -> StackRequest:
    values = values_to_send(spec, {"salt": "s3cret"}, None)
    tags = frozenset(("appstore", f"appstore:spec={spec.digest}"))
    return StackRequest(
        name, spec.template, spec.files, environment(spec, values), tags, spec.timeout_minutes
    )


@pytest.fixture
def real(cloud_env: object) -> Iterator[Bench]:
    prefix = f"wanted-{uuid4().hex[:8]}-"
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-b"))
        yield Bench(heat, RealClock(), prefix)
        for stack in heat.listing().stacks:
            if stack.name.startswith(prefix):
                heat.delete(stack)


@pytest.mark.cloud
@pytest.mark.parametrize("kind", DEFINITIONS)
def test_heat_keeps_what_is_guarded_at_every_depth(
    kind: str, real: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards_module, "GUARDED", frozenset((LEAF,)))
    name = f"{real.prefix}one"
    real.heat.create(request(name, spec(kind, 8)))
    created = real.settled()
    assert created.status == "CREATE_COMPLETE", created.reason
    before = real.heat.outputs(created)["text"]
    assert written(real.heat.content(created).environment) == {
        "length": {"value": 8},
        "salt": {"secret": {"from": "env", "key": "salt", "version": 1}},
    }

    real.heat.update(created, request(name, spec(kind, 9)))
    refused = real.settled()
    assert refused.status == "UPDATE_FAILED"
    assert "replace is restricted" in refused.reason
    assert real.heat.outputs(refused)["text"] == before

    real.heat.update(refused, request(name, spec(kind, 9, "accept_replace: web-lab@1.0.0\n")))
    replaced = real.settled()
    assert replaced.status == "UPDATE_COMPLETE", replaced.reason
    assert real.heat.outputs(replaced)["text"] != before
