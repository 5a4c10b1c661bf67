"""A small valid registry as text by path, and how a test changes it."""

from collections.abc import Mapping

from appstore.registry.read import read_registry
from appstore.registry.registry import Registry

SITE = "deployments/site.yaml"
ANNA = "deployments/anna/lecturer.yaml"
BOB = "deployments/bob/lecturer.yaml"
NET = "deployments/anna/network.yaml"
COURSE = "deployments/anna/cs101/course.yaml"
WEB = "deployments/anna/cs101/web.yaml"
TEAM = "deployments/anna/cs101/team.yaml"
BOARD = "deployments/anna/cs101/board.yaml"
SOLO = "deployments/bob/solo.yaml"
CARD = "catalog/web-lab/template.yaml"
V1 = "catalog/web-lab/1.0.0"
V2 = "catalog/web-lab/1.10.0"

_HEAT = "heat_template_version: 2018-08-31\nresources: {}\n"

VALID: Mapping[str, str] = {
    SITE: """\
owner: teaching-test
clouds:
  main: {}
  lab: {}
  attic: {}
tenants:
  physics:
    title: Physics
    clouds: [main, lab]
resource_types: ["OS::Heat::RandomString"]
""",
    CARD: "title: Web lab\nsummary: A web server.\nowner: physics\n",
    f"{V1}/version.yaml": "summary: The first.\n",
    f"{V1}/heat.yaml": _HEAT,
    f"{V1}/files/setup.sh": "#!/bin/sh\n",
    f"{V2}/version.yaml": "summary: The tenth.\n",
    f"{V2}/heat.yaml": _HEAT,
    "catalog/desk/template.yaml": "title: Desk\nsummary: A desktop.\nowner: anna\n",
    "catalog/desk/2.0.0/version.yaml": "summary: New.\n",
    "catalog/desk/2.0.0/heat.yaml": _HEAT,
    ANNA: "tenant: physics\ncloud: main\nproject: project-anna\n",
    NET: "template: web-lab@1.0.0\nbase: true\n",
    COURSE: """\
title: Networks
term: ws26
starts: "2026-10-01"
ends: "2027-02-15"
roster:
  seats: 3
  spares: 1
groups:
  red: [s01, s02]
  blue: [s03]
""",
    WEB: "template: web-lab@1.0.0\nfor: student\nreset:\n  all: 1\n  s02: 1\n  x01: 2\n",
    TEAM: "template: web-lab@1.10.0\nfor: group\n",
    BOARD: "template: desk@2.0.0\nfor: course\n",
    BOB: "tenant: physics\ncloud: main\nproject: project-bob\n",
    SOLO: 'template: desk@2.0.0\nends: "2027-02-15"\n',
    "catalog/README.md": "For people.\n",
}

Edit = Mapping[str, str | None]


def changed(*edits: Edit) -> dict[str, bytes]:
    """The valid registry as bytes with these files replaced, added or (None) removed."""
    files: dict[str, str | None] = dict(VALID)
    for edit in edits:
        files |= edit
    return {path: text.encode() for path, text in files.items() if text is not None}


def replaced(path: str, old: str, new: str) -> Edit:
    """One file with one text put in place of another, which must be there once."""
    assert VALID[path].count(old) == 1, (path, old)
    return {path: VALID[path].replace(old, new)}


def added(path: str, text: str) -> Edit:
    """One file with lines added at its end."""
    return {path: VALID[path] + text}


def registry_of(*edits: Edit) -> Registry:
    """The registry of the valid files with these edits."""
    return read_registry(changed(*edits))
