"""A small repository as text, read into a registry; tests edit one file and look what changes."""

from collections.abc import Mapping
from datetime import UTC, datetime

from appstore.registry.read import read_registry
from appstore.registry.registry import Registry
from appstore.wanted.stacks import LecturerStacks, WantedStack, WantedTree
from appstore.wanted.tree import wanted_tree

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
VERSION = "catalog/web-lab/1.0.0"
HEAT_PATH = f"{VERSION}/heat.yaml"
CONTRACT = f"{VERSION}/version.yaml"
COURSE = "deployments/ada/db1/course.yaml"
LAB = "deployments/ada/db1/lab.yaml"
BASE = "deployments/ada/net.yaml"

FILES: Mapping[str, str] = {
    "deployments/site.yaml": """\
owner: demo
clouds:
  main:
    sizes: {small: m1.small, large: m1.large}
    images: {debian: debian-12}
    networks: {lab: lab-net}
tenants: {inf: {title: Informatics, clouds: [main]}}
resource_types: ["OS::Nova::*", "OS::Neutron::Port", "OS::Cinder::Volume", "OS::Heat::*"]
""",
    "catalog/web-lab/template.yaml": "title: Web lab\nsummary: A server.\nowner: ada\n",
    "deployments/ada/lecturer.yaml": "tenant: inf\ncloud: main\nproject: ada-project\n",
    BASE: "template: web-lab@1.0.0\nbase: true\nends: 2027-03-31\n"
    "parameters: {size: small, password: {secret: {from: env, key: root}}}\n",
    COURSE: """\
title: Databases
term: w26
starts: 2026-10-12
ends: 2027-02-12
grace: 21
removal_grace: 5
roster: {seats: 3, spares: 1}
groups: {red: [s01], blue: [s02, s03]}
""",
    LAB: """\
template: web-lab@1.0.0
for: student
parameters:
  size: small
  motd: hello
  password: {secret: {from: env, key: root, version: 2}}
""",
    CONTRACT: """\
parameters:
  size:
    bind: size
  motd:
    title: Greeting
  workers:
    hidden: true
    default: 2
endpoints:
  web: {kind: browser, output: address}
timeout: 30
""",
    HEAT_PATH: """\
heat_template_version: 2021-04-16
parameters:
  size: {type: string}
  motd: {type: string, default: hi, constraints: [{length: {max: 40}}]}
  workers: {type: number}
  password: {type: string, hidden: true}
resources:
  port:
    type: OS::Neutron::Port
    properties: {network: lab}
  server:
    type: OS::Nova::Server
    properties:
      flavor: {get_param: size}
      image_update_policy: REPLACE
      user_data_format: RAW
      user_data:
        str_replace:
          template: {get_file: init.sh}
          params: {MOTD: {get_param: motd}}
  disk:
    type: OS::Cinder::Volume
    properties: {size: 1}
outputs:
  address: {value: {get_attr: [server, first_address]}}
""",
    f"{VERSION}/init.sh": "#!/bin/sh\necho MOTD\n",
    f"{VERSION}/README.md": "Not sent.\n",
}

Edits = Mapping[str, str | bytes | None]


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """One file with one text in it replaced; the text must be there exactly once."""
    text = FILES[path]
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
    return {path: text.replace(old, new)}


def line_of(path: str, text: str, edits: Edits | None = None) -> int:
    """The line on which a text first stands in the sample, after the edits."""
    content = {**FILES, **(edits or {})}[path]
    assert isinstance(content, str)
    return content[: content.index(text)].count("\n") + 1


def sample(edits: Edits | None = None) -> Registry:
    """The sample repository with some files replaced, added or (None) removed."""
    files = {
        path: content.encode() if isinstance(content, str) else content
        for path, content in {**FILES, **(edits or {})}.items()
        if content is not None
    }
    return read_registry(files)


def tree(edits: Edits | None = None, now: datetime = NOW) -> WantedTree:
    """What the edited sample wants."""
    return wanted_tree(sample(edits), now)


def stacks(edits: Edits | None = None, now: datetime = NOW) -> dict[str, WantedStack]:
    """The stacks of the one lecturer of the edited sample by id; none may be held."""
    wanted = tree(edits, now)
    (lecturer,) = wanted.lecturers
    assert isinstance(lecturer, LecturerStacks), wanted.findings
    found = {}
    for stack in lecturer.stacks:
        assert isinstance(stack, WantedStack), stack
        found[str(stack.id)] = stack
    return found
