"""Edits that a lecturer makes to the templates of our own catalog are predicted exactly."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from effects_samples import SCHEMAS, effects, live, spec, values

from appstore.reconcile.effects import difference
from appstore.wanted.spec import Logical, Parameter, Plain

CATALOG = Path(__file__).parents[2] / "catalog"
LIVING: Mapping[str, Mapping[str, Parameter]] = {
    "project-base": {"public": Logical("network", "public", "public")},
    "web-lab": {
        "size": Logical("size", "tiny", "m1.tiny"),
        "image": Logical("image", "linux", "cirros-fake"),
        "network": Logical("network", "lab", "appstore-lab"),
        "public": Logical("network", "public", "public"),
        "greeting": Plain("Hello"),
    },
    "linux-ssh": {
        "size": Logical("size", "tiny", "m1.tiny"),
        "image": Logical("image", "linux", "cirros-fake"),
        "network": Logical("network", "lab", "appstore-lab"),
        "public": Logical("network", "public", "public"),
        "public_key": Plain("ssh-ed25519 AAAA one"),
    },
}


def changed(
    template: str,
    parameters: Mapping[str, Parameter] | None = None,
    **texts: tuple[str, str],
) -> dict[str, str]:
    """The effects of other parameters and of texts replaced in `heat` or `cloud_init`."""
    folder = CATALOG / template / "1.0.0"
    names = {"heat": "heat.yaml", "cloud_init": "cloud-init.yaml"}
    before = {
        name: (folder / name).read_text() for name in names.values() if (folder / name).exists()
    }
    after = dict(before)
    for part, (old, new) in texts.items():
        assert old in before[names[part]]
        after[names[part]] = before[names[part]].replace(old, new)
    one, other = (hot(side.pop("heat.yaml")) for side in (before, after))
    old_spec = spec(one, LIVING[template], before)
    new_spec = spec(other, {**LIVING[template], **(parameters or {})}, after)
    sent = values(new_spec.parameters)
    return effects(difference(live(old_spec), new_spec, sent, SCHEMAS, frozenset()))


def hot(text: str) -> dict[str, Any]:
    template: dict[str, Any] = yaml.safe_load(text)
    return {**template, "heat_template_version": "2021-04-16"}


SIZE = {"size": Logical("size", "medium", "m1.medium")}
IMAGE = {"image": Logical("image", "debian", "debian-13")}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (lambda: changed("web-lab"), {}),
        (lambda: changed("linux-ssh"), {}),
        (lambda: changed("project-base"), {}),
        (lambda: changed("web-lab", SIZE), {"server": "updated"}),
        (lambda: changed("linux-ssh", SIZE), {"server": "updated"}),
        (lambda: changed("web-lab", IMAGE), {"server": "replaced"}),
        (lambda: changed("linux-ssh", IMAGE), {"server": "replaced"}),
        (lambda: changed("web-lab", {"greeting": Plain("Welcome")}), {"server": "replaced"}),
        (
            lambda: changed("linux-ssh", {"public_key": Plain("ssh-ed25519 AAAA two")}),
            {"key": "replaced", "server": "replaced"},
        ),
        (lambda: changed("web-lab", cloud_init=("8080", "8081")), {"server": "replaced"}),
        (
            lambda: changed("web-lab", heat=("[appstore-web]", "[appstore-ssh]")),
            {"port": "updated"},
        ),
        (lambda: changed("web-lab", heat=("http://$address:8080/", "http://$address/")), {}),
        (lambda: changed("web-lab", heat=("One Linux machine", "A machine")), {}),
        (
            lambda: changed("project-base", heat=("port_range_max: 8080", "port_range_max: 8090")),
            {"web": "updated"},
        ),
        (
            lambda: changed("project-base", heat=("SSH from anywhere", "Only SSH")),
            {"ssh": "updated"},
        ),
        (
            lambda: changed(
                "project-base",
                heat=("cidr: 10.20.0.0/16", "cidr: 10.20.0.0/16\n      dns_nameservers: [9.9.9.9]"),
            ),
            {"subnet": "updated"},
        ),
    ],
)
def test_an_edit_of_the_catalog(
    found: Callable[[], dict[str, str]], wanted: dict[str, str]
) -> None:
    assert found() == wanted
