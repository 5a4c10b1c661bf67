"""What a version may do per visibility, with safe defaults: one template, one answer."""

import pytest
from review_samples import (
    FILES,
    SITE,
    TOY_CARD,
    WEB_CARD,
    added,
    approval,
    changed,
    put,
    reviewed,
    side,
    version,
)

from appstore.documents.site import Site
from appstore.govern.policy import policy_findings
from appstore.govern.policy_ports import endpoint_ports

HEAD = "heat_template_version: 2021-04-16\n"
ALL = 'resource_types: ["OS::*", "AWS::*"]\n'


def of(resources: str, contract: str = "{summary: x}\n", more: str = ""):
    """The one version of these resources, in a registry whose site allows every type."""
    heat = f"{HEAD}{more}resources:\n{resources}"
    site = put(
        SITE, 'resource_types: ["OS::Heat::*", "OS::Neutron::*", "OS::Keystone::User"]\n', ALL
    )
    registry = side(changed(site, version("toy@2.0.0", heat, contract))).registry
    assert registry.site is not None
    return registry.templates["toy"].versions["2.0.0"], registry.site.model


def found(resources: str, contract: str = "{summary: x}\n", visibility="private", more: str = ""):
    made, site = of(resources, contract, more)
    return [one.rule for one in policy_findings(made, visibility, site)]


def group(*rules: str) -> str:
    listed = "".join(f"      - {rule}\n" for rule in rules)
    return f"  group:\n    type: OS::Neutron::SecurityGroup\n    properties:\n     rules:\n{listed}"


@pytest.mark.parametrize(
    "type_",
    [
        *("OS::Keystone::User", "OS::Keystone::RoleAssignment", "OS::Nova::Quota"),
        *("OS::Cinder::Quota", "OS::Neutron::Quota", "OS::Octavia::Quota"),
        *("OS::Neutron::RBACPolicy", "OS::Neutron::ProviderNet", "OS::Neutron::Segment"),
        *("OS::Nova::Flavor", "OS::Nova::HostAggregate", "OS::Cinder::VolumeType"),
        *("OS::Cinder::EncryptedVolumeType", "OS::Cinder::QoSSpecs", "OS::Manila::ShareType"),
        *("AWS::EC2::SecurityGroup", "AWS::IAM::User"),
    ],
)
def test_no_site_can_allow_what_reaches_beyond_a_project(type_: str) -> None:
    assert found(f"  x: {{type: '{type_}'}}\n") == ["policy/never"]


WORLD = "{protocol: tcp, port_range_min: 22, port_range_max: 22%s}"
ENDPOINT = "{endpoints: {in: {kind: ssh, output: in}}}\n"
OUTPUT = "outputs: {in: {value: ssh $address}}\n"
OPEN = ["policy/open-port"]


@pytest.mark.parametrize(
    ("rule", "rules"),
    [
        (WORLD % "", OPEN),
        (WORLD % ", remote_ip_prefix: 0.0.0.0/0", OPEN),
        (WORLD % ", remote_ip_prefix: '::/0', ethertype: IPv6", OPEN),
        (WORLD % ", remote_ip_prefix: 0.0.0.0/1", OPEN),
        (WORLD % ", remote_ip_prefix: 129.13.0.0/16", OPEN),
        (WORLD % ", remote_ip_prefix: 10.20.0.0/16", []),
        (WORLD % ", remote_ip_prefix: 10.0.0.0/7", OPEN),
        (WORLD % ", remote_ip_prefix: 'fc00:1::/32', ethertype: IPv6", []),
        (WORLD % ", remote_ip_prefix: nonsense", OPEN),
        (WORLD % ", remote_ip_prefix: {get_param: from}", OPEN),
        (WORLD % ", remote_mode: remote_group_id", []),
        (WORLD % ", remote_group: ''", OPEN),
        (WORLD % ", direction: egress", []),
        (WORLD % ", direction: {get_param: d}", OPEN),
        ("{protocol: icmp}", []),
        ("{protocol: tcp}", OPEN),
        ("{}", OPEN),
        ("{protocol: tcp, port_range_min: 1, port_range_max: 65535}", OPEN),
        ("{protocol: tcp, port_range_min: {get_param: p}, port_range_max: 22}", OPEN),
        ("{get_param: whole_rule}", OPEN),
    ],
)
def test_a_rule_opens_the_world_or_not(rule: str, rules: list[str]) -> None:
    assert found(group(rule)) == rules


def test_a_declared_endpoint_explains_its_own_port_only() -> None:
    assert found(group(WORLD % ""), ENDPOINT, more=OUTPUT) == []
    assert (
        found(
            group("{protocol: tcp, port_range_min: 23, port_range_max: 23}"), ENDPOINT, more=OUTPUT
        )
        == OPEN
    )
    assert (
        found(
            group("{protocol: tcp, port_range_min: 22, port_range_max: 23}"), ENDPOINT, more=OUTPUT
        )
        == OPEN
    )


@pytest.mark.parametrize(
    ("kind", "value", "ports"),
    [
        ("ssh", "ssh me@$a", {22}),
        ("ssh", "ssh -p 2222 me@$a", {2222}),
        ("browser", "http://$a:8080/", {8080}),
        ("browser", "https://$a/", {80, 443}),
        ("guacamole", "$a", set()),
    ],
)
def test_the_ports_of_an_endpoint(kind: str, value: str, ports: set[int]) -> None:
    contract = f"{{endpoints: {{in: {{kind: {kind}, output: in}}}}}}\n"
    more = f"outputs: {{in: {{value: {{str_replace: {{template: '{value}'}}}}}}}}\n"
    made, _ = of("  x: {type: 'OS::Heat::None'}\n", contract, more)
    assert endpoint_ports(made) == ports


def test_every_way_to_write_a_rule_is_seen() -> None:
    single = "  r:\n    type: OS::Neutron::SecurityGroupRule\n    properties: "
    assert found(f"{single}{{protocol: tcp, port_range_min: 5, port_range_max: 5}}\n") == OPEN
    assert found(f"{single}{{remote_group: {{get_resource: x}}}}\n") == []
    assert (
        found(
            "  g:\n    type: OS::Neutron::SecurityGroup\n    properties: "
            "{rules: {get_param: rules}}\n"
        )
        == OPEN
    )
    assert (
        found(
            "  l:\n    type: OS::Octavia::Listener\n    properties: "
            "{protocol_port: 80, protocol: HTTP}\n"
        )
        == OPEN
    )
    assert (
        found(
            "  l:\n    type: OS::Octavia::Listener\n    properties: "
            "{protocol_port: 80, allowed_cidrs: [10.0.0.0/8]}\n"
        )
        == []
    )
    inside = (
        "  many:\n    type: OS::Heat::ResourceGroup\n    properties:\n      count: 2\n"
        "      resource_def:\n        type: OS::Neutron::SecurityGroup\n"
        "        properties: {rules: [{protocol: tcp}]}\n"
    )
    assert found(inside) == OPEN
    assert found(
        "  g:\n    type: OS::Neutron::SecurityGroup\n    properties: {map_merge: [{rules: []}]}\n"
    ) == ["policy/computed"]


def test_a_parameter_that_the_contract_fixes_is_known() -> None:
    rule = group(WORLD % ", remote_ip_prefix: {get_param: from}")
    more = "parameters: {from: {type: string}}\n"
    assert found(rule, "{parameters: {from: {fixed: 10.1.0.0/16}}}\n", more=more) == []
    assert found(rule, "{parameters: {from: {fixed: 0.0.0.0/0}}}\n", more=more) == OPEN
    assert found(rule, "{parameters: {from: {default: 10.1.0.0/16}}}\n", more=more) == OPEN


@pytest.mark.parametrize(
    ("properties", "rules"),
    [
        ("shared: true", ["policy/shared"]),
        ("shared: {get_param: s}", ["policy/shared"]),
        ("shared: false", []),
        ("value_specs: {'provider:network_type': vlan}", ["policy/shared"]),
        ("value_specs: {'router:external': true}", ["policy/shared"]),
        ("value_specs: {get_param: specs}", ["policy/shared"]),
        ("value_specs: {mtu: 1400}", []),
        ("port_security_enabled: false", ["policy/no-firewall"]),
        ("port_security_enabled: {get_param: p}", ["policy/no-firewall"]),
        ("port_security_enabled: true", []),
    ],
)
def test_what_a_network_may_not_share(properties: str, rules: list[str]) -> None:
    assert found(f"  n:\n    type: OS::Neutron::Net\n    properties: {{{properties}}}\n") == rules


@pytest.mark.parametrize(
    ("properties", "rules"),
    [
        ("", []),
        (", visibility: private", []),
        (", visibility: public", ["policy/shared"]),
        (", visibility: community", ["policy/shared"]),
        (", visibility: {get_param: v}", ["policy/shared"]),
        (", is_public: true", ["policy/shared"]),
        (", members: [other-project]", ["policy/shared"]),
    ],
)
def test_an_image_stays_in_its_project(properties: str, rules: list[str]) -> None:
    image = "  i:\n    type: OS::Glance::WebImage\n    properties: "
    assert found(f"{image}{{location: 'https://x.org/i'{properties}}}\n") == rules


def test_the_site_says_per_visibility_what_else_may_be() -> None:
    assert found(group(WORLD % ""), visibility="tenant") == []  # open_ports: [22] there
    assert found(group(WORLD % ""), visibility="global") == OPEN
    made, site = of(group(WORLD % ", remote_ip_prefix: 129.13.0.0/16"))
    fields = site.model_dump()

    def allowed(policy: dict[str, object]) -> list[str]:
        chosen = Site.model_validate({**fields, "policy": {"private": policy}})
        return [one.rule for one in policy_findings(made, "private", chosen)]

    assert allowed({"sources": ["129.13.0.0/16"]}) == []
    assert allowed({"resource_types": ["OS::Heat::*"]}) == ["policy/resource-type", *OPEN]
    assert allowed({"resource_types": ["OS::Neutron::SecurityGroup"]}) == OPEN


def test_a_version_is_held_to_what_it_reaches() -> None:
    files = version("web@1.1.0", f"{HEAD}resources:\n{group(WORLD % '')}")
    wide = {**FILES, WEB_CARD: FILES[WEB_CARD].replace("tenant", "global")}
    consent = approval(files, "tenant", "Carl", "tenant: informatics\n")

    def errors(*edits) -> list[str]:
        found = reviewed(*edits, author="Carl", by=("Root", "Rita"), start=wide)
        return [one.rule for one in found.findings if one.severity == "error"]

    assert errors(files) == OPEN  # on a card for everybody
    assert errors(files, consent) == []  # approved for the tenant, where port 22 may be open
    assert errors(files, approval(files, "global", "Carl")) == OPEN


def test_policy_is_asked_of_what_a_merge_request_brings_only() -> None:
    open_ = version("toy@1.1.0", f"{HEAD}resources:\n{group(WORLD % '')}")
    [finding] = [one for one in reviewed(open_, author="anna").findings if one.severity == "error"]
    assert (finding.path, finding.line, finding.rule) == (
        *("catalog/toy/1.1.0/heat.yaml", 7),
        "policy/open-port",
    )
    assert "policy.private.open_ports" in finding.hint
    start = {**FILES, **open_}
    assert reviewed(added(TOY_CARD, "# x\n"), author="anna", start=start).verdict == "missing"
    # Offered to more people, it is asked again, for them.
    wider = {TOY_CARD: FILES[TOY_CARD] + "visibility: global\n"}
    assert reviewed(wider, author="anna", start=start).verdict == "invalid"
