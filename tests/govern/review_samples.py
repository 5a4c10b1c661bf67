"""A registry with everybody in it, as text by path, and how a merge request changes it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from appstore.documents.review_file import ReviewFile
from appstore.govern.content import content_digest
from appstore.govern.people import People
from appstore.govern.sides import Side, side_of
from appstore.runs.review import review
from appstore.source.proposal import Proposed
from appstore.source.tree import Tree

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SITE = "deployments/site.yaml"
ANNA = "deployments/anna/lecturer.yaml"
BOB = "deployments/bob/lecturer.yaml"
BASE = "deployments/anna/base.yaml"
COURSE = "deployments/anna/net/course.yaml"
CODE = "deployments/anna/net/code.yaml"
WEB = "deployments/anna/net/web.yaml"
SOLO = "deployments/bob/solo.yaml"
CODE_CARD = "catalog/code/template.yaml"
WEB_CARD = "catalog/web/template.yaml"
TOY_CARD = "catalog/toy/template.yaml"

_TEXT = """\
heat_template_version: 2021-04-16
resources:
  code: {type: OS::Heat::RandomString}
outputs:
  code: {value: {get_attr: [code, value]}}
"""
_PUBLIC = """\
heat_template_version: 2021-04-16
resources:
  address: {type: OS::Neutron::FloatingIP, properties: {floating_network: public}}
"""
_GROUP = """\
heat_template_version: 2021-04-16
resources:
  group:
    type: OS::Neutron::SecurityGroup
    properties: {rules: [{protocol: tcp, port_range_min: 22, port_range_max: 22}]}
"""


def version(ref: str, heat: str, contract: str = "summary: The first.\n") -> dict[str, str]:
    """The files of one version."""
    folder = f"catalog/{ref.replace('@', '/')}"
    return {f"{folder}/version.yaml": contract, f"{folder}/heat.yaml": heat}


def approval(
    files: Mapping[str, str], visibility: str, approver: str, more: str = ""
) -> dict[str, str]:
    """An approval of the version that these files are."""
    content = {path.split("/", 3)[3]: text.encode() for path, text in files.items()}
    folder = next(iter(files)).rpartition("/")[0]
    text = (
        f"digest: {content_digest(content)}\nvisibility: {visibility}\napprover: {approver}\n"
        f"date: 2026-10-01\n{more}"
    )
    return {f"{folder}/approval.yaml": text}


CODE_1, CODE_2 = version("code@1.0.0", _TEXT), version("code@1.1.0", _TEXT, "summary: Two.\n")
WEB_1, TOY_1 = version("web@1.0.0", _PUBLIC), version("toy@1.0.0", _TEXT)
NET_1 = version("net@1.0.0", _GROUP)
TENANT = "tenant: informatics\n"

FILES: Mapping[str, str] = {
    SITE: """\
owner: demo
clouds:
  main: {}
tenants:
  informatics: {title: Informatics, clouds: [main], admins: [Carl, Cora]}
  physics: {title: Physics, clouds: [main], admins: [Petra]}
admins: [Root, Rita]
resource_types: ["OS::Heat::*", "OS::Neutron::*", "OS::Keystone::User"]
policy:
  tenant: {open_ports: [22]}
risk: {instances: 10}
""",
    ANNA: "tenant: informatics\ncloud: main\nproject: p-anna\n"
    "accounts: {github: [anna], gitlab: [anna-lab]}\n",
    BOB: "tenant: informatics\ncloud: main\nproject: p-bob\naccounts: {github: [bob]}\n",
    "deployments/phil/lecturer.yaml": "tenant: physics\ncloud: main\nproject: p-phil\n"
    "accounts: {github: [phil]}\n",
    BASE: "template: net@1.0.0\nbase: true\n",
    COURSE: """\
title: Networks
term: ws26
starts: 2026-10-01
ends: 2027-02-15
roster: {seats: 3, spares: 1}
groups: {red: [s01, s02]}
staff: {lead: [lea], assistant: [axel]}
""",
    CODE: "template: code@1.0.0\nfor: student\nreset: {s01: 1}\n",
    WEB: "template: web@1.0.0\nfor: group\nprotect: true\n",
    SOLO: "template: code@1.0.0\nends: 2027-02-15\n",
    CODE_CARD: "title: Code\nsummary: A code.\nowner: informatics\nvisibility: global\n",
    WEB_CARD: "title: Web\nsummary: A page.\nowner: informatics\nvisibility: tenant\n",
    TOY_CARD: "title: Toy\nsummary: A toy.\nowner: anna\n",
    "catalog/net/template.yaml": "title: Net\nsummary: A network.\nowner: informatics\n"
    "visibility: tenant\n",
    **CODE_1,
    **approval(CODE_1, "global", "Root"),
    **CODE_2,
    **approval(CODE_2, "global", "Root"),
    **WEB_1,
    **approval(WEB_1, "tenant", "Carl", TENANT),
    **NET_1,
    **approval(NET_1, "tenant", "Carl", TENANT),
    **TOY_1,
    "deployments/anna/net/README.md": "For the assistants.\n",
}

Edit = Mapping[str, str | None]


def changed(*edits: Edit, start: Mapping[str, str] = FILES) -> dict[str, str]:
    """The files with these replaced, added or (None) removed."""
    files: dict[str, str | None] = dict(start)
    for edit in edits:
        files |= edit
    return {path: text for path, text in files.items() if text is not None}


def put(path: str, old: str, new: str) -> Edit:
    """One file with one text in place of another, which is there once."""
    assert FILES[path].count(old) == 1, (path, old)
    return {path: FILES[path].replace(old, new)}


def added(path: str, text: str) -> Edit:
    """One file with lines added at its end."""
    return {path: FILES[path] + text}


def encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def side(files: Mapping[str, str]) -> Side:
    """One tree as policy reads it."""
    read = {path: data for path, data in encoded(files).items() if path.startswith(("cat", "dep"))}
    return side_of(read)


def proposed(*edits: Edit, start: Mapping[str, str] = FILES) -> Proposed:
    """The merge request that makes these edits."""
    after = changed(*edits, start=start)
    paths = {path for path in {*start, *after} if start.get(path) != after.get(path)}
    trees = [Tree(side(files).files, None, False) for files in (start, after)]
    return Proposed("b" * 40, "h" * 40, trees[0], trees[1], frozenset(paths))


def reviewed(
    *edits: Edit, author: str, by: tuple[str, ...] = (), start: Mapping[str, str] = FILES
) -> ReviewFile:
    """What `review` says about it, at a fixed moment, on GitHub."""
    return review(proposed(*edits, start=start), People(author, by, "github"), NOW)


def rules(found: ReviewFile) -> set[str]:
    """The kinds of its changes."""
    return {change.rule.removeprefix("change/") for change in found.changes}
