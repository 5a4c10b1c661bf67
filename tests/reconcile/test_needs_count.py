"""What templates take of a quota; the real numbers are in tests/cloud/test_cloud_quotas.py."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_samples import SPEC

from appstore.documents.catalog import Footprint
from appstore.reconcile.needs.count import needs_of_content, needs_of_spec, needs_of_template
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Flavor, Needs
from appstore.reconcile.request import LiveContent
from appstore.wanted.spec import Logical, Plain, SecretRef

SERVER = {
    "type": "OS::Nova::Server",
    "properties": {"flavor": {"get_param": "size"}, "networks": [{"port": {"get_resource": "p"}}]},
}
RULE = {"protocol": "tcp", "port_range_min": 22, "port_range_max": 22}


def template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    parameters = {
        "size": {"type": "string", "default": "small"},
        "many": {"type": "number", "default": 3},
        "extra": {"type": "boolean", "default": False},
    }
    whole = {"heat_template_version": "2021-04-16", "parameters": parameters, **sections}
    return {**whole, "resources": resources}


def one(type_: str, **properties: Any) -> dict[str, Any]:
    return template({"it": {"type": type_, "properties": properties}})


def group(count: Any, member: dict[str, Any]) -> dict[str, Any]:
    return one("OS::Heat::ResourceGroup", count=count, resource_def=member)


VOLUME_BOOT = {"image": "debian", "volume_size": 20, "boot_index": 0}


@pytest.mark.parametrize(
    ("hot", "counts"),
    [
        (one("OS::Neutron::Net"), {"networks": 1}),
        (one("OS::Neutron::Subnet", cidr="10.0.0.0/24"), {"subnets": 1}),
        (one("OS::Neutron::Router", external_gateway_info={"network": "public"}), {"routers": 1}),
        (one("OS::Neutron::RouterInterface", router="r", subnet="s"), {"ports": 1}),
        (one("OS::Neutron::RouterInterface", router="r", port="p"), {}),
        (one("OS::Neutron::FloatingIP", floating_network="public"), {"floating-ips": 1}),
        # with the two rules that Neutron makes, until the template has its own way out
        (one("OS::Neutron::SecurityGroup", rules=[RULE]), {"secgroups": 1, "secgroup-rules": 3}),
        (
            one("OS::Neutron::SecurityGroup", rules=[RULE, {**RULE, "direction": "egress"}]),
            {"secgroups": 1, "secgroup-rules": 2},
        ),
        (one("OS::Neutron::SecurityGroupRule"), {"secgroup-rules": 1}),
        (one("OS::Nova::KeyPair", name="k"), {"key-pairs": 1}),
        (one("OS::Nova::ServerGroup"), {"server-groups": 1}),
        (one("OS::Cinder::Volume", size="20"), {"volumes": 1, "gigabytes": 20}),
        (one("OS::Heat::RandomString"), {}),
        (template({"it": SERVER}), {"instances": 1}),
        (
            one("OS::Nova::Server", flavor="small", networks=[{"network": "n"}, {"port": "p"}]),
            {"instances": 1, "ports": 1},
        ),
        (one("OS::Nova::Server", flavor="small"), {"instances": 1, "ports": 1}),
        (
            one(
                "OS::Nova::Server",
                flavor="small",
                networks=[{"allocate_network": "none"}],
                block_device_mapping_v2=[VOLUME_BOOT, {"volume_id": "v"}],
            ),
            {"instances": 1, "volumes": 1, "gigabytes": 20},
        ),
        (group(4, {"type": "OS::Neutron::Port"}), {"ports": 4}),
        (group({"get_param": "many"}, {"type": "OS::Neutron::Port"}), {"ports": 3}),
        (group(0, {"type": "OS::Neutron::Port"}), {}),
        (
            one(
                "OS::Heat::AutoScalingGroup",
                min_size=1,
                max_size=9,
                desired_capacity=2,
                resource={"type": "OS::Neutron::Port"},
            ),
            {"ports": 2},
        ),
        # made elsewhere, or not at all
        (template({"it": {"type": "OS::Neutron::Net", "external_id": "abc"}}), {}),
        (
            template(
                {"it": {"type": "OS::Neutron::Net", "condition": "extra"}},
                conditions={"extra": {"equals": [{"get_param": "extra"}, True]}},
            ),
            {},
        ),
    ],
)
def test_what_one_resource_takes(hot: dict[str, Any], counts: dict[str, int]) -> None:
    found = needs_of_template(hot, {}, {})
    assert ({str(kind): count for kind, count in found.counts.items()}, found.unknown) == (
        counts,
        (),
    )


def test_groups_of_nested_templates_multiply() -> None:
    inner = template({"server": SERVER, "port": {"type": "OS::Neutron::Port"}})
    member = {"type": "pair.yaml", "properties": {"size": "large"}}
    hot = template(
        {
            "two": {"type": "pair.yaml"},
            "more": group(2, {"type": "OS::Heat::ResourceGroup", "properties": {
                "count": 5, "resource_def": member}})["resources"]["it"],
        }
    )  # fmt: skip
    found = needs_of_template(hot, {"pair.yaml": json.dumps(inner)}, {})
    assert found == Needs({Kind.INSTANCES: 11, Kind.PORTS: 11}, {"small": 1, "large": 10})


@pytest.mark.parametrize(
    ("hot", "what"),
    [
        (group({"get_attr": ["x", "value"]}, {"type": "OS::Neutron::Port"}), "count"),
        (one("OS::Nova::Server", flavor={"get_attr": ["x", "value"]}), "flavor"),
        (one("OS::Cinder::Volume"), "size"),
        (one("OS::Heat::ResourceChain", resources=["a"]), "contents"),
        (one("OS::Magnum::Cluster"), "contents"),
        (one("missing.yaml"), "contents"),
        (
            template(
                {"it": {"type": "OS::Neutron::Net", "condition": {"get_attr": ["x", "value"]}}}
            ),
            "existence",
        ),
    ],
)
def test_what_cannot_be_told_is_said(hot: dict[str, Any], what: str) -> None:
    [said] = needs_of_template(hot, {}, {}).unknown
    assert said == f"the {what} of it cannot be told from the template"


def test_the_contract_declares_what_the_template_does_not_say() -> None:
    hidden = {"type": "OS::Nova::Server", "properties": {"flavor": {"get_attr": ["x", "value"]}}}
    hot = template({"server": hidden, "net": {"type": "OS::Neutron::Net"}})
    declared = Footprint(instances=1, cores=4, ram_mb=8192)
    spec = replace(SPEC, template=hot, footprint=declared)
    found = needs_of_spec(spec)
    assert found.unknown == ()
    assert found.amounts({}) == {
        Kind.INSTANCES: 1, Kind.CORES: 4, Kind.RAM: 8192, Kind.NETWORKS: 1, Kind.PORTS: 1,
        Kind.FLOATING_IPS: 0,
    }  # fmt: skip


def test_a_declaration_does_not_replace_what_the_template_says() -> None:
    spec = replace(SPEC, template=template({"it": SERVER}), footprint=Footprint(instances=9))
    assert needs_of_spec(spec).counts == {Kind.INSTANCES: 1}


def test_flavors_come_from_sizes_and_secrets_are_no_obstacle() -> None:
    spec = replace(
        SPEC,
        template=template({"group": group({"get_param": "many"}, SERVER)["resources"]["it"]}),
        parameters={
            "size": Logical("size", "big", "m1.large"),
            "many": Plain(2),
            "password": SecretRef("env", "key", 1),
        },
    )
    found = needs_of_spec(spec)
    assert found.flavors == {"m1.large": 2}
    flavors = {"m1.large": Flavor(cores=4, ram=8192)}
    assert found.amounts(flavors) == {Kind.INSTANCES: 2, Kind.CORES: 8, Kind.RAM: 16384}


def test_a_live_stack_holds_what_it_was_last_sent() -> None:
    live = LiveContent(template({"it": SERVER}), {"parameters": {"size": "m1.tiny"}}, {})
    assert needs_of_content(live) == Needs({Kind.INSTANCES: 1}, {"m1.tiny": 1})


WILD: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["get_param", "get_attr", "type", "properties", "count", "networks", "if"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
TYPES = ["OS::Nova::Server", "OS::Heat::ResourceGroup", "OS::Neutron::SecurityGroup", "a.yaml", ""]


@given(st.dictionaries(st.text(max_size=3), WILD, max_size=3), st.sampled_from(TYPES))
def test_counting_never_raises(properties: dict[str, Any], type_: str) -> None:
    hot = template({"it": {"type": type_, "properties": properties}})
    found = needs_of_template(hot, {"a.yaml": json.dumps(hot)}, {})
    assert all(count > 0 for count in found.counts.values())
