"""What we say an update does to servers and networks, against what Heat, Nova and Neutron did.

Every row is an edit of an ordinary lab, and a stack of its own. It is sent guarded, as every update
is; what a guard forbids must end as a refusal with the server untouched, and the old template must
heal it. Then it is sent unguarded, as under `accept_replace`; an edit that went through is taken
back unguarded. Physical ids are read before and after each update.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from effects_cloud import Heat, api, as_said, effect_on
from effects_samples import Edit, Template, prop, put, spec

from appstore.reconcile.difference import Difference, Effect
from appstore.wanted.spec import Spec

pytestmark = pytest.mark.cloud

PUBLIC_2 = "effects-public-2"


def key(comment: str) -> str:
    body = "AAAAC3NzaC1lZDI1NTE5AAAAIBn+06H6zGefR+b+da5cM1lloKLKwwQPFDZTqBDpnA+W"
    return f"ssh-ed25519 {body} {comment}"


def ref(name: str) -> Template:
    return {"get_resource": name}


def rules(*ports: int) -> list[Template]:
    return [{"protocol": "tcp", "port_range_min": port, "port_range_max": port} for port in ports]


def base() -> Template:
    """What most labs are made of."""
    return {
        "heat_template_version": "2018-08-31",
        "description": "A lab",
        "resources": {
            "net": {"type": "OS::Neutron::Net", "properties": {"name": "effects"}},
            "subnet": {
                "type": "OS::Neutron::Subnet",
                "properties": {"network": ref("net"), "cidr": "10.9.0.0/24"},
            },
            "router": {
                "type": "OS::Neutron::Router",
                "properties": {"external_gateway_info": {"network": "public"}},
            },
            "plug": {
                "type": "OS::Neutron::RouterInterface",
                "properties": {"router": ref("router"), "subnet": ref("subnet")},
            },
            "web": {"type": "OS::Neutron::SecurityGroup", "properties": {"rules": rules(22)}},
            "key": {
                "type": "OS::Nova::KeyPair",
                "properties": {"name": {"get_param": "OS::stack_name"}, "public_key": key("a")},
            },
            "port": {
                "type": "OS::Neutron::Port",
                "properties": {
                    "network": ref("net"),
                    "fixed_ips": [{"subnet": ref("subnet"), "ip_address": "10.9.0.10"}],
                    "security_groups": [ref("web")],
                },
            },
            "server": {
                "type": "OS::Nova::Server",
                "properties": {
                    "name": "effects",
                    "flavor": "m1.tiny",
                    "image": "cirros-fake",
                    "image_update_policy": "REPLACE",
                    "key_name": ref("key"),
                    "networks": [{"port": ref("port")}],
                    "user_data_format": "RAW",
                    "user_data": {
                        "str_replace": {
                            "template": "#!/bin/sh\necho $cidr $mac $name\n",
                            "params": {
                                "$cidr": {"get_attr": ["subnet", "cidr"]},
                                "$mac": {"get_attr": ["port", "mac_address"]},
                                "$name": {"get_attr": ["net", "name"]},
                            },
                        }
                    },
                },
            },
            "fip": {
                "type": "OS::Neutron::FloatingIP",
                "depends_on": "plug",
                "properties": {"floating_network": "public", "port_id": ref("port")},
            },
            "spare": {
                "type": "OS::Neutron::FloatingIP",
                "properties": {"floating_network": "public"},
            },
        },
    }


def both(*edits: Edit) -> Edit:
    def edit(template: Template) -> None:
        for one in edits:
            one(template)

    return edit


def same(template: Template) -> None:
    """No edit."""


def group(count: int, flavor: str = "m1.tiny", image: str = "cirros-fake") -> Template:
    return {
        "type": "OS::Heat::ResourceGroup",
        "depends_on": "subnet",
        "properties": {
            "count": count,
            "resource_def": {
                "type": "OS::Nova::Server",
                "properties": {
                    "name": "desk-%index%",
                    "flavor": flavor,
                    "image": image,
                    "image_update_policy": "REPLACE",
                    "networks": [{"network": ref("net")}],
                },
            },
        },
    }


@dataclass(frozen=True)
class Row:
    """`before` and `after` are edits of the base; `changed` is what must be said of it.

    `keeps_id` are resources whose id is a name, so that a replacement does not show in it. `heals`
    is False where the old template cannot come back, because something new is in its way.
    """

    name: str
    after: Edit
    changed: dict[str, str]
    before: Edit = same
    keeps_id: frozenset[str] = frozenset()
    heals: bool = True


TOGETHER = [
    Row(
        "in place",
        both(
            lambda t: t.update(description="Another lab"),
            prop("server.flavor", "m1.small"),
            prop("server.name", "renamed"),
            prop("server.metadata", {"a": "b"}),
            prop("web.rules", rules(22, 80)),
            prop("port.security_groups", []),
            prop("subnet.dns_nameservers", ["9.9.9.9"]),
            put("resources.extra", base()["resources"]["web"]),
            put("resources.spare", None),
        ),
        {
            "server": "updated",
            "web": "updated",
            "port": "updated",
            "subnet": "updated",
            "extra": "added",
            "spare": "deleted",
        },
    ),
    Row(
        "around the server",
        both(
            put("resources.desk", group(2)),
            prop("key.public_key", key("b")),
            prop("spare.floating_network", PUBLIC_2),
        ),
        {"desk": "updated", "desk[1]": "added", "key": "replaced", "spare": "replaced"},
        before=put("resources.desk", group(1)),
        keeps_id=frozenset({"key"}),
    ),
    Row(
        "the servers",
        both(prop("net.name", "other"), put("resources.desk", group(1, image="effects-image"))),
        {"net": "updated", "server": "replaced", "desk": "updated", "desk[*]": "replaced"},
        before=put("resources.desk", group(1)),
    ),
]
"""Edits that do not touch each other, to save time."""

ONE_BY_ONE = [
    Row("same", same, {}),
    Row("description", lambda t: t.update(description="Another lab"), {}),
    Row("flavor", prop("server.flavor", "m1.small"), {"server": "updated"}),
    Row("image", prop("server.image", "effects-image"), {"server": "replaced"}),
    Row("user data", prop("server.user_data", "#!/bin/sh\n"), {"server": "replaced"}),
    Row("server name", prop("server.name", "renamed"), {"server": "updated"}),
    Row("server metadata", prop("server.metadata", {"a": "b"}), {"server": "updated"}),
    Row("rule", prop("web.rules", rules(22, 80)), {"web": "updated"}),
    Row(
        "port address",
        prop("port.fixed_ips.0.ip_address", "10.9.0.11"),
        {"port": "updated"},
        before=put("resources.fip", None),
    ),
    Row("port groups", prop("port.security_groups", []), {"port": "updated"}),
    Row("network name", prop("net.name", "other"), {"net": "updated", "server": "replaced"}),
    Row("subnet name server", prop("subnet.dns_nameservers", ["9.9.9.9"]), {"subnet": "updated"}),
    Row(
        "address range",
        both(
            prop("subnet.cidr", "10.8.0.0/24"), prop("port.fixed_ips.0.ip_address", "10.8.0.10")
        ),
        {"subnet": "replaced", "plug": "replaced", "port": "updated", "server": "replaced"},
        before=put("resources.fip", None),  # which would hold the port's address
        heals=False,  # the old subnet still has the old range
    ),
    Row(
        "key",
        prop("key.public_key", key("b")),
        {"key": "replaced"},
        keeps_id=frozenset({"key"}),
    ),
    Row(
        "key and its name",
        both(prop("key.public_key", key("b")), prop("key.name", f"effects-{uuid.uuid4().hex}")),
        {"key": "replaced", "server": "replaced"},
    ),
    Row("floating network", prop("spare.floating_network", PUBLIC_2), {"spare": "replaced"}),
    Row("resource added", put("resources.extra", base()["resources"]["web"]), {"extra": "added"}),
    Row("resource removed", put("resources.spare", None), {"spare": "deleted"}),
    Row("group grows", put("resources.desk", group(2)), {"desk": "updated", "desk[1]": "added"},
        put("resources.desk", group(1))),
    Row("group's image", put("resources.desk", group(1, image="effects-image")),
        {"desk": "updated", "desk[*]": "replaced"}, put("resources.desk", group(1))),
]  # fmt: skip


GUARD = {"restricted_actions": "replace"}
GUARDS: Template = {"server": GUARD, "desk": {"*": GUARD}}


def lab(row: Row, edited: bool, guarded: bool) -> Spec:
    template = base()
    row.before(template)
    if edited:
        row.after(template)
    return spec(template, guards=GUARDS if guarded else {})


@dataclass(frozen=True)
class Step:
    """One update: what we said, how it ended, physical ids, and Nova's servers after it."""

    predicted: Difference
    status: str
    reason: str
    before: dict[str, str]
    after: dict[str, str]
    servers: dict[str, str]

    @property
    def said(self) -> dict[str, str]:
        return {one.name: str(one.effect) for one in self.predicted.effects}


class Bench:
    """The real Heat and Nova, with rows side by side in them."""

    def __init__(self, clouds_yaml: str, rows: list[Row]) -> None:
        self.heat = Heat(clouds_yaml)
        self.nova = api(clouds_yaml, "devcloud", "compute")
        prefix = f"effects-{uuid.uuid4().hex[:6]}"
        self.rows = rows
        self.names = {row.name: f"{prefix}-{index}" for index, row in enumerate(rows)}
        self.steps: dict[str, list[Step]] = {row.name: [] for row in rows}

    def carry_out(self) -> None:
        """Create all; edit guarded; heal what was refused; then unguarded, forth or back."""
        for row in self.rows:
            self.heat.create(self.names[row.name], lab(row, False, True))
        for row in self.rows:
            self.heat.wait(self.names[row.name], "CREATE")
        self.update({row.name: lab(row, True, True) for row in self.rows})
        refused = [row for row in self.rows if self.steps[row.name][0].status == "UPDATE_FAILED"]
        self.update({row.name: lab(row, False, True) for row in refused})
        self.update({row.name: lab(row, row in refused, False) for row in self.rows})

    def update(self, wanted: dict[str, Spec]) -> None:
        said, before = {}, {}
        for row, new in wanted.items():
            name = self.names[row]
            said[row] = self.heat.predicted(name, new)
            before[row] = self.heat.ids(name)
            self.heat.update(name, new)
        ends = {row: self.heat.ended(self.names[row]) for row in wanted}
        rows = self.nova.get("/servers/detail").json()["servers"]
        servers = {one["id"]: one["status"] for one in rows}
        for row, end in ends.items():
            after = self.heat.ids(self.names[row])
            self.steps[row].append(Step(said[row], *end, before[row], after, servers))

    def close(self) -> None:
        for name in self.names.values():
            self.heat.delete(name)


@contextmanager
def benched(full_cloud: Any, rows: list[Row]) -> Iterator[Bench]:
    clouds_yaml = full_cloud.clouds_yaml.read_text()
    furnish(clouds_yaml)
    bench = Bench(clouds_yaml, rows)
    try:
        bench.carry_out()
        yield bench
    finally:
        bench.close()


@pytest.fixture(scope="module")
def together(full_cloud: Any) -> Iterator[Bench]:
    with benched(full_cloud, TOGETHER) as bench:
        yield bench


@pytest.fixture(scope="module")
def one_by_one(full_cloud: Any) -> Iterator[Bench]:
    with benched(full_cloud, ONE_BY_ONE) as bench:
        yield bench


def furnish(clouds_yaml: str) -> None:
    """A second image and a second public network, once per cloud."""
    glance = api(clouds_yaml, "devcloud-admin", "image")
    if not glance.get("/v2/images?name=effects-image").json()["images"]:
        told = {"disk_format": "raw", "container_format": "bare", "visibility": "public"}
        image = glance.post("/v2/images", json={"name": "effects-image", **told}).json()
        octets = {"Content-Type": "application/octet-stream"}
        glance.put(f"/v2/images/{image['id']}/file", data=bytes(65536), headers=octets)
    neutron = api(clouds_yaml, "devcloud-admin", "network")
    if not neutron.get(f"/v2.0/networks?name={PUBLIC_2}").json()["networks"]:
        network = {"name": PUBLIC_2, "router:external": True}
        made = neutron.post("/v2.0/networks", json={"network": network}).json()["network"]
        subnet = {"network_id": made["id"], "ip_version": 4, "cidr": "192.0.2.0/24"}
        neutron.post("/v2.0/subnets", json={"subnet": subnet})


def servers_of(ids: dict[str, str]) -> dict[str, str]:
    return {path: id_ for path, id_ in ids.items() if path == "server" or path.startswith("desk[")}


def as_predicted(step: Step, keeps_id: frozenset[str]) -> None:
    """The update went through, and did to every resource what we said."""
    assert step.status == "UPDATE_COMPLETE", step.reason
    for path in sorted({*step.before, *step.after} - keeps_id):
        effect = effect_on(path, step.predicted)
        assert effect is not Effect.UNKNOWN, path
        assert as_said(effect, step.before.get(path), step.after.get(path)), (path, effect)
    assert {step.servers[id_] for id_ in servers_of(step.after).values()} == {"ACTIVE"}


def untouched(step: Step) -> None:
    """The servers are the same ones as before, and run."""
    assert servers_of(step.after) == servers_of(step.before)
    assert {step.servers[id_] for id_ in servers_of(step.after).values()} == {"ACTIVE"}


def meets(row: Row, steps: list[Step]) -> None:
    first, *rest = steps
    assert first.said == row.changed
    if not any(one.guarded and one.effect is Effect.REPLACED for one in first.predicted.effects):
        [back] = rest
        as_predicted(first, row.keeps_id)
        as_predicted(back, row.keeps_id)
        return
    healed, unguarded = rest
    assert first.status == "UPDATE_FAILED"
    assert "ResourceActionRestricted" in first.reason
    untouched(first)
    untouched(healed)
    assert healed.status == ("UPDATE_COMPLETE" if row.heals else "UPDATE_FAILED"), healed.reason
    assert {healed.said[one] for one in ("server", "desk[*]") if one in healed.said} == {"unknown"}
    if row.heals:
        assert unguarded.said == row.changed
        as_predicted(unguarded, row.keeps_id)
    assert unguarded.status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("row", TOGETHER, ids=[row.name for row in TOGETHER])
def test_what_is_said_happens(row: Row, together: Bench) -> None:
    meets(row, together.steps[row.name])


@pytest.mark.exhaustive
@pytest.mark.parametrize("row", ONE_BY_ONE, ids=[row.name for row in ONE_BY_ONE])
def test_what_is_said_of_one_edit_happens(row: Row, one_by_one: Bench) -> None:
    meets(row, one_by_one.steps[row.name])
