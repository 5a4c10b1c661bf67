"""The review sheet: what a new version holds, and what differs from the one before."""

from collections.abc import Mapping

import pytest
from wanted_samples import CONTRACT, FILES, HEAT_PATH, VERSION, edited, sample

from appstore.documents.review_file import VersionSheet
from appstore.govern.sheet import MOST_LINES, Sheet, sheet_of, sheets_of, version_before
from appstore.registry.registry import Registry
from appstore.report.sheet import sheet_text, sheet_values
from appstore.report.wrapping import WIDTH

FIREWALL = """\
resources:
  door:
    type: OS::Neutron::SecurityGroup
    properties:
      rules:
        - {protocol: tcp, port_range_min: 80, port_range_max: 80}
        - {protocol: tcp, port_range_min: 5000, port_range_max: 5100, remote_ip_prefix: 10.0.0.0/8}
        - {direction: egress, protocol: tcp}
  pair:
    type: OS::Heat::ResourceGroup
    properties:
      count: 2
      resource_def:
        type: OS::Nova::Server
        properties: {flavor: x, image: debian-12, image_update_policy: REPLACE}
"""
SETUP = (
    "#!/bin/sh\n"
    "# see http://$host/ and http://127.0.0.1/\n"
    "curl -fsSL https://get.example.org/tool.sh | sh\n"
    "apt-get -y install nginx\n"
    "wget -q $MIRROR/x\n"
    "echo ready\n"
)


def next_version(*changes: Mapping[str, str]) -> dict[str, str]:
    """1.1.0 as a copy of the sample's 1.0.0 with these files changed."""
    files = {path: text for path, text in FILES.items() if path.startswith(VERSION)}
    for change in changes:
        files |= change
    return {path.replace("1.0.0", "1.1.0"): text for path, text in files.items()}


def sheet(*changes: Mapping[str, str]) -> VersionSheet:
    registry = sample(next_version(*changes))
    return sheet_values(made(registry))


def made(registry: Registry) -> Sheet:
    template = registry.templates["web-lab"]
    new = template.versions["1.1.0"]
    assert registry.site is not None
    return sheet_of(new, version_before(template, new), registry.site.model)


def test_an_equal_copy_differs_in_nothing() -> None:
    copy = sheet()
    assert (copy.version, copy.before) == ("web-lab@1.1.0", "web-lab@1.0.0")
    assert copy.changed == copy.difference == ()
    assert copy.resource_types == ("OS::Cinder::Volume", "OS::Neutron::Port", "OS::Nova::Server")
    assert copy.footprint == ("1 server", "1 volume")


def test_ports_images_and_types_are_listed_and_what_is_new_is_marked() -> None:
    found = sheet(edited(HEAT_PATH, "resources:\n", FIREWALL))
    assert found.open_ports == (
        "5000-5100 from 10.0.0.0/8, by door (new)",
        "80 from the whole world, by door (a declared endpoint) (new)",
    )
    assert found.images == ("debian-12 (new)",)
    assert "OS::Neutron::SecurityGroup (new)" in found.resource_types
    assert "OS::Nova::Server" in found.resource_types
    assert found.footprint == ("3 servers (new)", "1 volume")


def test_what_outlives_its_stack_is_listed() -> None:
    lasting = """\
resources:
  door: {type: OS::Neutron::SecurityGroup, deletion_policy: Retain}
  uplink: {type: OS::Neutron::Net, external_id: 7a1d}
  spare: {type: OS::Cinder::Volume, deletion_policy: delete, properties: {size: 1}}
  pair:
    type: OS::Heat::ResourceGroup
    properties:
      resource_def: {type: OS::Cinder::Volume, deletion_policy: Snapshot, properties: {size: 1}}
"""
    found = sheet(edited(HEAT_PATH, "resources:\n", lasting))
    assert found.lasting == (
        "* stays when its stack goes (deletion_policy) (new)",
        "door stays when its stack goes (deletion_policy) (new)",
        "uplink is taken in, somebody else made it (external_id) (new)",
    )
    assert sheet().lasting == ()


def test_downloads_have_their_place() -> None:
    found = sheet({f"{VERSION}/init.sh": SETUP})
    assert found.downloads == (
        "https://get.example.org/tool.sh (init.sh:3) (new)",
        "apt-get -y install nginx (init.sh:4) (new)",
        "wget -q $MIRROR/x (init.sh:5) (new)",
    )


def test_a_download_that_only_moved_is_not_new() -> None:
    one = {f"{VERSION}/init.sh": SETUP}
    registry = sample({**one, **next_version({f"{VERSION}/init.sh": SETUP.replace("#!", "\n#!")})})
    assert [line.endswith("(new)") for line in sheet_values(made(registry)).downloads] == [
        False
    ] * 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            edited(HEAT_PATH, "length: {max: 40}", "length: {max: 20}"),
            'parameter motd: constraints [{"length": {"max": 40}}] -> [{"length": {"max": 20}}]',
        ),
        (
            edited(CONTRACT, "    title: Greeting\n", "    narrow: {maxLength: 9}\n"),
            "parameter motd: narrow maxLength none -> 9",
        ),
        (
            edited(CONTRACT, "    default: 2\n", "    default: 3\n"),
            "parameter workers: contract default 2 -> 3",
        ),
        (
            edited(HEAT_PATH, "  workers:", "  color: {type: string}\n  workers:"),
            "parameter color is new, and deployments must set it",
        ),
        (
            edited(HEAT_PATH, "  workers:", "  color: {type: string, default: red}\n  workers:"),
            "parameter color is new",
        ),
    ],
)
def test_parameters_that_came_went_or_were_narrowed(
    change: Mapping[str, str], sentence: str
) -> None:
    assert sheet(change).changed[0] == sentence


def test_files_that_came_went_or_changed() -> None:
    found = sheet({f"{VERSION}/init.sh": "#!/bin/sh\necho hello\n", f"{VERSION}/new.sh": "x\n"})
    assert found.changed == ("init.sh changed: +1 -1 lines", "new.sh added: +1 -0 lines")
    assert "-echo MOTD" in found.difference
    assert "+echo hello" in found.difference


def test_a_long_difference_is_cut_and_says_so() -> None:
    found = sheet({f"{VERSION}/init.sh": "".join(f"echo {n}\n" for n in range(1_000))})
    assert len(found.difference) == MOST_LINES + 1
    assert found.difference[-1] == "... init.sh differs in more lines"


def test_a_merge_gives_a_sheet_for_what_it_brings_or_changes_and_for_nothing_else() -> None:
    base = sample()
    merged = sample(next_version())
    assert [one.version for one in sheets_of(base, merged)] == ["web-lab@1.1.0"]
    assert list(sheets_of(merged, merged)) == []
    draft = sample({f"{VERSION}/init.sh": "other\n"})
    assert [(one.version, one.before) for one in sheets_of(base, draft)] == [
        ("web-lab@1.0.0", None)
    ]


def test_the_text_fits_a_terminal_and_no_control_character_reaches_it() -> None:
    hostile = SETUP.replace("nginx", "nginx \x1b[2J" + "long " * 40)
    lines = list(sheet_text(sheet({f"{VERSION}/init.sh": hostile})))
    end = next(n for n, line in enumerate(lines) if line.startswith("  --- "))
    assert max(map(len, lines[:end])) <= WIDTH
    assert not any("\x1b" in line for line in lines)
    assert lines[0] == "new version web-lab@1.1.0, compared with web-lab@1.0.0"
