"""Edits of a lab and what they do to its resources."""

from copy import deepcopy

import pytest
from effects_samples import (
    FILES,
    GUARDS,
    LAB,
    SCHEMAS,
    Edit,
    edited,
    effects,
    lab,
    live,
    prop,
    put,
    spec,
)

from appstore.reconcile.difference import Effect
from appstore.reconcile.effects import difference
from appstore.wanted.spec import Logical, Plain

GUARDED_NET = {
    "net": "replaced",
    "subnet": "replaced",
    "interface": "replaced",
    "port": "replaced",
    "server": "replaced",
    "fip": "updated",
    "attachment": "updated",
    "grp": "updated",
    "grp[*]": "updated",
    "desk": "updated",
    "desk/port": "replaced",
    "desk/server": "updated",
}

EDITS: list[tuple[str, Edit, dict[str, str]]] = [
    ("nothing", lambda t: None, {}),
    ("description", put("description", "Another text"), {}),
    ("resource description", put("resources.server.description", "The server"), {}),
    ("order of keys", lambda t: t.update(resources=dict(reversed(t["resources"].items()))), {}),
    ("output", put("outputs.ip.value", {"get_attr": ["server", "name"]}), {}),
    ("depends_on", put("resources.fip.depends_on", "interface"), {}),
    ("flavor", put("parameters.flavor.default", "m1.large"), {"server": "updated"}),
    (
        "flavor with policy",
        lambda t: t["resources"]["server"]["properties"].update(
            flavor="m1.large", flavor_update_policy="REPLACE"
        ),
        {"server": "replaced", "attachment": "updated"},
    ),
    ("policy alone", prop("server.flavor_update_policy", "REPLACE"), {"server": "updated"}),
    ("image", prop("server.image", "debian-13"), {"server": "replaced", "attachment": "updated"}),
    (
        "image rebuilds by default",
        prop("grp.resource_def.properties.image_update_policy", None),
        {"grp": "updated", "grp[*]": "updated"},
    ),
    (
        "key",
        prop("key.public_key", "ssh-2"),
        {"key": "replaced"},  # its id is its name
    ),
    (
        "key and its name",
        lambda t: t["resources"]["key"]["properties"].update(name="lab2", public_key="ssh-2"),
        {"key": "replaced", "server": "replaced", "attachment": "updated"},
    ),
    ("security group rule", prop("web.rules.0.port_range_min", 443), {"web": "updated"}),
    ("port group", prop("port.security_groups", []), {"port": "updated"}),
    (
        "port network",
        prop("port.network", "other"),
        {"port": "unknown", "server": "updated", "fip": "updated"},
    ),
    (
        "cidr",
        put("parameters.cidr.default", "10.1.0.0/24"),
        {
            "subnet": "replaced",
            "interface": "replaced",
            "port": "updated",
            "server": "replaced",
            "attachment": "updated",
        },
    ),
    ("network name", prop("net.name", "lab2"), {"net": "updated"}),
    (
        "all that is known of a subnet that changes",
        prop("subnet.dns_nameservers", ["1.1.1.1"]),
        {"subnet": "updated", "server": "unknown", "attachment": "updated"},
    ),
    (
        "public network",
        put("parameters.public.default", "public2"),
        {"fip": "replaced", "router": "updated"},
    ),
    (
        "generated text",
        prop("secret.length", 32),
        {"secret": "replaced", "server": "replaced", "attachment": "updated"},
    ),
    ("added", put("resources.more", {"type": "OS::Neutron::Net"}), {"more": "added"}),
    ("deleted", put("resources.fip", None), {"fip": "deleted"}),
    ("count up", put("parameters.members.default", 4), {"grp": "updated", "grp[2..3]": "added"}),
    ("count down", put("parameters.members.default", 1), {"grp": "updated", "grp[1]": "deleted"}),
    (
        "definition",
        prop("grp.resource_def.properties.image", "debian-13"),
        {"grp": "updated", "grp[*]": "replaced"},
    ),
    (
        "index variable",
        prop("grp.index_var", "%i%"),
        {"grp": "replaced", "grp[*]": "replaced"},
    ),
    (
        "removal policies",
        prop("grp.removal_policies", [{"resource_list": ["0"]}]),
        {"grp": "updated", "grp[?]": "unknown"},
    ),
    (
        "condition",
        put("parameters.with_volume.default", False),
        {"volume": "deleted", "attachment": "deleted"},
    ),
    ("volume grows", prop("volume.size", 20), {"volume": "updated"}),
    ("volume shrinks", prop("volume.size", 5), {"volume": "unknown", "attachment": "updated"}),
    (
        "volume image",
        prop("volume.image", "debian-12"),
        {"volume": "replaced", "attachment": "updated"},
    ),
    ("metadata", put("resources.server.metadata", {"a": "b"}), {"server": "updated"}),
    ("deletion policy", put("resources.net.deletion_policy", "Retain"), {"net": "updated"}),
    ("number as text", prop("volume.size", "10"), {}),
    (
        "type",
        put("resources.key.type", "OS::Heat::RandomString"),
        {"key": "replaced", "server": "replaced", "attachment": "updated"},
    ),
    (
        "nested property",
        prop("desk.flavor", "m1.small"),
        {"desk": "updated", "desk/server": "updated"},
    ),
    (
        "server network by name",
        prop("grp.resource_def.properties.networks.0.network", "other"),
        {"grp": "updated", "grp[*]": "updated"},
    ),
]


@pytest.mark.parametrize(("edit", "wanted"), [row[1:] for row in EDITS], ids=[r[0] for r in EDITS])
def test_edit_of_the_template(edit: Edit, wanted: dict[str, str]) -> None:
    assert effects(edited(edit)) == wanted


def test_a_replaced_network_is_carried_along() -> None:
    new_type = put("resources.net.type", "OS::Neutron::ProviderNet")
    schemas = {**SCHEMAS, "OS::Neutron::ProviderNet": {"name": True}}
    assert effects(edited(new_type, schemas=schemas)) == GUARDED_NET


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "init.sh",
            FILES["init.sh"] + "true\n",
            {"server": "replaced", "attachment": "updated"},
        ),
        ("unused.txt", "new", {}),
        ("desk.yaml", FILES["desk.yaml"].replace("outputs:", "description: x\noutputs:"), {}),
        (
            "desk.yaml",
            FILES["desk.yaml"].replace("key_name: lab", "key_name: mine"),
            {"desk": "updated", "desk/server": "replaced"},
        ),
        (
            "desk.yaml",
            FILES["desk.yaml"].replace("[server, first_address]", "[server, name]"),
            {"desk": "updated"},
        ),
        ("desk.yaml", "[no template", {"desk": "unknown"}),
    ],
)
def test_edit_of_a_file(name: str, text: str, wanted: dict[str, str]) -> None:
    assert effects(edited(files={name: text})) == wanted


def test_parameters_reach_properties_through_logical_names() -> None:
    found = edited(
        before={"flavor": Logical("size", "small", "m1.small")},
        parameters={"flavor": Logical("size", "medium", "m1.medium")},
    )
    assert effects(found) == {"server": "updated"}
    assert [(c.field, c.old, c.new) for c in found.fields] == [
        ("parameters.flavor", "small", "medium")
    ]


@pytest.mark.parametrize(
    ("failed", "wanted"),
    [
        ("secret", {"secret": "replaced", "server": "replaced", "attachment": "updated"}),
        ("server", {"server": "unknown", "attachment": "updated"}),
        ("fip", {"fip": "unknown"}),
        ("grp/1", {"grp": "updated", "grp[1]": "unknown"}),
        ("grp/7", {}),
        ("desk/server", {"desk": "updated", "desk/server": "unknown"}),
        ("gone", {}),
    ],
)
def test_failed_resources(failed: str, wanted: dict[str, str]) -> None:
    assert effects(edited(failed=frozenset({failed}))) == wanted


def test_unknown_schema_is_unknown_and_only_where_something_changes() -> None:
    schemas = {**SCHEMAS, "OS::Cinder::Volume": None}
    assert effects(edited(prop("volume.size", 20), schemas=schemas))["volume"] == "unknown"
    assert effects(edited(schemas=schemas)) == {}


def test_guards_are_told_by_path() -> None:
    found = edited(put("parameters.image.default", "debian-13"))
    assert {one.name: one.guarded for one in found.effects} == {"server": True, "attachment": False}
    found = edited(prop("grp.resource_def.properties.image", "x"))
    assert {one.name: one.guarded for one in found.effects} == {"grp": False, "grp[*]": True}


REASONS: list[tuple[Edit, str, Effect, str]] = [
    (
        prop("key.name", "mine"),
        "server",
        Effect.REPLACED,
        'key_name cannot be changed in place ("key" replaced)',
    ),
    (
        prop("server.availability_zone", "north"),
        "server",
        Effect.REPLACED,
        "availability_zone cannot be changed in place",
    ),
    (
        prop("server.key_name", "mine"),  # the id of a key pair is its name
        "server",
        Effect.UNKNOWN,
        "key_name may change",
    ),
    (
        prop("subnet.dns_nameservers", ["1.1.1.1"]),
        "server",
        Effect.UNKNOWN,
        'user_data may change ("subnet" updated)',
    ),
    (
        put("parameters.flavor.default", "m1.large"),
        "server",
        Effect.UPDATED,
        "flavor changes: the resource is resized and starts anew",
    ),
    (put("resources.fip", None), "fip", Effect.DELETED, "is no longer in the template"),
]


@pytest.mark.parametrize(("edit", "name", "effect", "why"), REASONS)
def test_reasons(edit: Edit, name: str, effect: Effect, why: str) -> None:
    found = {one.name: one for one in edited(edit).effects}[name]
    assert (found.effect, found.why) == (effect, why)


LOSSES: list[tuple[Edit, list[str]]] = [
    (put("parameters.flavor.default", "m1.large"), []),
    (
        prop("server.image", "debian-13"),
        ['the server "server" is replaced: what is on its disk is lost'],
    ),
    (
        prop("server.image_update_policy", None),
        [],
    ),
    (
        lambda t: t["resources"]["server"]["properties"].update(
            image="debian-13", image_update_policy="REBUILD"
        ),
        ['the server "server" is rebuilt: what is on its disk is overwritten'],
    ),
    (
        put("parameters.members.default", 0),
        ['the server "grp[0..1]" is deleted: what is on its disk is lost'],
    ),
    (
        put("parameters.public.default", "public2"),
        ['the floating IP address "fip" changes'],
    ),
    (
        put("parameters.with_volume.default", False),
        ['the volume "volume" is deleted: what is stored on it is lost'],
    ),
    (
        put("resources.desk", None),
        ['the server "desk/server" is deleted: what is on its disk is lost'],
    ),
    (
        prop("subnet.dns_nameservers", ["1.1.1.1"]),
        [
            'it is not known whether the server "server" is replaced; '
            "if so, what is on its disk is lost"
        ],
    ),
    (
        prop("volume.size", 5),
        [
            'it is not known whether the volume "volume" is replaced; '
            "if so, what is stored on it is lost"
        ],
    ),
]


@pytest.mark.parametrize(("edit", "sentences"), LOSSES)
def test_losses_in_words(edit: Edit, sentences: list[str]) -> None:
    assert list(edited(edit, guards={}).losses) == sentences


def test_a_forbidden_replacement_says_how_to_order_it() -> None:
    assert edited(prop("server.image", "debian-13")).losses == (
        'the update needs to replace the server "server", which is forbidden: it would fail, and '
        "nothing is lost; to order it write accept_replace: web-lab@1.1.0",
    )
    assert edited(prop("subnet.dns_nameservers", ["1.1.1.1"])).losses == (
        'the update may need to replace the server "server", which is forbidden: then it fails; '
        "to order it write accept_replace: web-lab@1.1.0",
    )


def test_what_is_retained_is_not_lost() -> None:
    from effects_samples import live, spec, values

    from appstore.reconcile.effects import difference

    volume = {"type": "OS::Cinder::Volume", "deletion_policy": "Retain"}
    old = spec({"resources": {"volume": volume}})
    found = difference(live(old), spec({"resources": {}}), values({}), SCHEMAS, frozenset())
    assert effects(found) == {"volume": "deleted"}
    assert found.losses == ()


def test_values_of_the_lecturer_win_over_defaults() -> None:
    assert effects(edited(parameters={"flavor": Plain("m1.small")})) == {}
    assert effects(edited(parameters={"members": Plain("3")})) == {
        "grp": "updated",
        "grp[2]": "added",
    }


def test_the_lab_is_worth_the_name() -> None:
    """Every reference of the lab leads to a resource that is there."""
    names = set(LAB["resources"])
    text = str(LAB)
    assert {"net", "subnet", "router", "web", "key", "port", "volume", "server"} <= names
    assert text.count("get_resource") >= 12


def test_after_a_failed_update_nobody_knows_what_arrived() -> None:
    """Taking a refused edit back replaces nothing, though it differs from what was sent."""
    new = deepcopy(LAB)
    new["resources"]["server"]["properties"] |= {"image": "debian-13", "name": "other"}
    sent, back = spec(new, {}, FILES, GUARDS), lab()
    found = difference(live(sent), back, {}, SCHEMAS, frozenset(), half_done=True)
    assert effects(found) == {"server": "unknown", "attachment": "updated"}
    [loss] = found.losses
    assert loss.startswith('the update may need to replace the server "server", which is forbidden')
