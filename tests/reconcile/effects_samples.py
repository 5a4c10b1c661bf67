"""A lab as most of them are, and one call that edits it and gives the difference."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from appstore.reconcile.difference import Difference, Effect
from appstore.reconcile.effects import difference
from appstore.reconcile.request import LiveContent
from appstore.wanted.environment import environment
from appstore.wanted.spec import Parameter, Plain, SecretRef, Spec

Template = dict[str, Any]
Edit = Callable[[Template], object]

_TABLE = json.loads((Path(__file__).parent / "effects_schemas.json").read_text())
SCHEMAS: Mapping[str, Mapping[str, bool]] = {
    kind: {
        **dict.fromkeys(properties["updatable"], True),
        **dict.fromkeys(properties["fixed"], False),
    }
    for kind, properties in _TABLE.items()
    if kind != "_made_by"
}

LAB: Template = {
    "heat_template_version": "2018-08-31",
    "description": "A web lab",
    "parameters": {
        "flavor": {"type": "string", "default": "m1.small"},
        "image": {"type": "string", "default": "debian-12"},
        "public": {"type": "string", "default": "public"},
        "cidr": {"type": "string", "default": "10.0.0.0/24"},
        "members": {"type": "number", "default": 2},
        "with_volume": {"type": "boolean", "default": True},
        "password": {"type": "string", "hidden": True, "default": "x"},
    },
    "conditions": {"volume": {"equals": [{"get_param": "with_volume"}, True]}},
    "resources": {
        "net": {"type": "OS::Neutron::Net", "properties": {"name": "lab"}},
        "subnet": {
            "type": "OS::Neutron::Subnet",
            "properties": {
                "network": {"get_resource": "net"},
                "cidr": {"get_param": "cidr"},
                "dns_nameservers": ["9.9.9.9"],
            },
        },
        "router": {
            "type": "OS::Neutron::Router",
            "properties": {"external_gateway_info": {"network": {"get_param": "public"}}},
        },
        "interface": {
            "type": "OS::Neutron::RouterInterface",
            "properties": {
                "router": {"get_resource": "router"},
                "subnet": {"get_resource": "subnet"},
            },
        },
        "web": {
            "type": "OS::Neutron::SecurityGroup",
            "properties": {"rules": [{"protocol": "tcp", "port_range_min": 80}]},
        },
        "key": {"type": "OS::Nova::KeyPair", "properties": {"name": "lab", "public_key": "ssh-1"}},
        "secret": {"type": "OS::Heat::RandomString", "properties": {"length": 16}},
        "port": {
            "type": "OS::Neutron::Port",
            "properties": {
                "network": {"get_resource": "net"},
                "security_groups": [{"get_resource": "web"}],
                "fixed_ips": [{"subnet": {"get_resource": "subnet"}}],
            },
        },
        "server": {
            "type": "OS::Nova::Server",
            "depends_on": "interface",
            "properties": {
                "flavor": {"get_param": "flavor"},
                "image": {"get_param": "image"},
                "image_update_policy": "REPLACE",
                "key_name": {"get_resource": "key"},
                "networks": [{"port": {"get_resource": "port"}}],
                "user_data_format": "RAW",
                "user_data": {
                    "str_replace": {
                        "template": {"get_file": "init.sh"},
                        "params": {
                            "$secret": {"get_attr": ["secret", "value"]},
                            "$stack": {"get_param": "OS::stack_name"},
                            "$cidr": {"get_attr": ["subnet", "show"]},
                        },
                    }
                },
            },
        },
        "fip": {
            "type": "OS::Neutron::FloatingIP",
            "properties": {
                "floating_network": {"get_param": "public"},
                "port_id": {"get_resource": "port"},
            },
        },
        "volume": {
            "type": "OS::Cinder::Volume",
            "condition": "volume",
            "properties": {"size": 10},
        },
        "attachment": {
            "type": "OS::Cinder::VolumeAttachment",
            "condition": "volume",
            "properties": {
                "volume_id": {"get_resource": "volume"},
                "instance_uuid": {"get_resource": "server"},
            },
        },
        "grp": {
            "type": "OS::Heat::ResourceGroup",
            "properties": {
                "count": {"get_param": "members"},
                "resource_def": {
                    "type": "OS::Nova::Server",
                    "properties": {
                        "name": "desk-%index%",
                        "flavor": "m1.tiny",
                        "image": "debian-12",
                        "image_update_policy": "REPLACE",
                        "networks": [{"network": {"get_resource": "net"}}],
                    },
                },
            },
        },
        "desk": {
            "type": "desk.yaml",
            "properties": {"network": {"get_resource": "net"}, "flavor": "m1.tiny"},
        },
    },
    "outputs": {"ip": {"value": {"get_attr": ["fip", "floating_ip_address"]}}},
}

FILES = {
    "init.sh": "#!/bin/sh\necho $secret $stack\nip route add $cidr\n",
    "desk.yaml": """\
heat_template_version: 2018-08-31
parameters:
  network: {type: string}
  flavor: {type: string}
resources:
  port:
    type: OS::Neutron::Port
    properties: {network: {get_param: network}}
  server:
    type: OS::Nova::Server
    properties:
      flavor: {get_param: flavor}
      image: debian-12
      key_name: lab
      networks: [{port: {get_resource: port}}]
outputs:
  ip: {value: {get_attr: [server, first_address]}}
""",
}

GUARDS: Template = {
    "server": {"restricted_actions": "replace"},
    "grp": {"*": {"restricted_actions": "replace"}},
}


def spec(
    template: Template,
    parameters: Mapping[str, Parameter] | None = None,
    files: Mapping[str, str] | None = None,
    guards: Template | None = None,
) -> Spec:
    hidden = frozenset(
        name for name, one in template.get("parameters", {}).items() if one.get("hidden")
    )
    return Spec(
        version="web-lab@1.1.0",
        template=template,
        files=files or {},
        parameters=parameters or {},
        restrictions=guards or {},
        accept_replace=False,
        hidden=hidden,
        timeout_minutes=60,
        digest="1." + "a" * 26,
    )


def values(parameters: Mapping[str, Parameter]) -> Template:
    """What would be sent; a secret's value is not there when a plan is made."""
    return {
        name: one.value if isinstance(one, Plain) else one.resolved
        for name, one in parameters.items()
        if not isinstance(one, SecretRef)
    }


def live(of: Spec, written: bool = True) -> LiveContent:
    """What Heat would give back after the spec was sent, with what it adds and masks."""
    sent = values(of.parameters)
    hidden = dict.fromkeys(of.hidden & of.parameters.keys(), "******")
    defaults = environment(of, sent)["parameter_defaults"] if written else {}
    nested = {name: name for name in of.files if name.endswith(".yaml")}
    return LiveContent(
        template=json.loads(json.dumps(of.template)),
        environment={
            "parameters": {**sent, **hidden},
            "parameter_defaults": defaults,
            "resource_registry": {"resources": dict(of.restrictions), **nested},
            "event_sinks": [],
            "encrypted_param_names": [],
        },
        files=dict(of.files),
    )


def lab() -> Spec:
    return spec(deepcopy(LAB), {}, FILES, GUARDS)


def put(path: str, value: object) -> Edit:
    """An edit that sets one value of the template, by a dotted path; None takes it away."""

    def edit(template: Template) -> None:
        *way, last = path.split(".")
        at: Any = template
        for name in way:
            at = at[int(name)] if name.isdecimal() else at[name]
        if value is None:
            del at[last]
        else:
            at[last] = value

    return edit


def prop(path: str, value: object) -> Edit:
    """The same for a property: `server.flavor`."""
    resource, _, rest = path.partition(".")
    return put(f"resources.{resource}.properties.{rest}", value)


def edited(
    edit: Edit = lambda template: None,
    *,
    files: Mapping[str, str] | None = None,
    failed: frozenset[str] = frozenset(),
    parameters: Mapping[str, Parameter] | None = None,
    before: Mapping[str, Parameter] | None = None,
    schemas: Mapping[str, Mapping[str, bool] | None] = SCHEMAS,
    guards: Template | None = None,
) -> Difference:
    """The difference between the lab as it lives and the lab after an edit."""
    template = deepcopy(LAB)
    edit(template)
    old = spec(deepcopy(LAB), before, FILES, GUARDS if guards is None else guards)
    new = spec(
        template, parameters, {**FILES, **(files or {})}, GUARDS if guards is None else guards
    )
    return difference(live(old), new, values(parameters or {}), schemas, failed)


def effects(found: Difference) -> dict[str, str]:
    return {one.name: str(one.effect) for one in found.effects}


def named(found: Difference, effect: Effect) -> set[str]:
    return {one.name for one in found.effects if one.effect is effect}
