"""What a hostile bob proposes, to any registry that has him as a lecturer: see SECURITY.md.

The site names its admins in a line of its own, and bob's account is `bob`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

SITE, BOB = "deployments/site.yaml", "deployments/bob/lecturer.yaml"
NEW = "catalog/evil/1.0.0/"
HEAD = "heat_template_version: 2021-04-16\nresources:\n  a: "
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


class Place(NamedTuple):
    """Where it is proposed: the files, somebody else's deployment, a released template."""

    files: Mapping[str, str]
    deployment: str
    released: str

    def site_of_bob(self) -> dict[str, str]:
        return {SITE: re.sub(r"(?m)^admins: .*$", "admins: [bob]", self.files[SITE])}

    def absent(self) -> dict[str, str]:
        return {self.deployment: self.files[self.deployment] + "state: absent\n"}


class Hostile(NamedTuple):
    """What is written; how `review` ends and which rule it names."""

    written: Callable[[Place], dict[str, str]]
    code: int
    rule: str

    def edits(
        self, files: Mapping[str, str], deployment: str, released: str, address: str
    ) -> dict[str, str]:
        """Texts by path; `address` is one that must never be asked."""
        written = self.written(Place(files, deployment, released))
        return {path: text.replace("@/", f"{address}/") for path, text in written.items()}


def _evil(resource: str, **more: str) -> dict[str, str]:
    """A template of bob's own whose one resource is this, and a machine of it."""
    return {
        "catalog/evil/template.yaml": "title: E\nsummary: E\nowner: bob\n",
        f"{NEW}version.yaml": "summary: E\n",
        f"{NEW}heat.yaml": f"{HEAD}{resource}\n",
        "deployments/bob/evil.yaml": "template: evil@1.0.0\nends: 2099-01-01\n",
        **{f"{NEW}{name}.yaml": text for name, text in more.items()},
    }


_CONSENT = "digest: 1.abc\nvisibility: global\napprover: Root\ndate: 2026-10-01\n"
_FETCHED = "{type: OS::Heat::Stack, properties: {template: {get_file: '@/x.yaml'}}}"
_READ = "{type: OS::Heat::Value, properties: {value: {get_file: '../../../../etc/passwd'}}}"
_HIDDEN = "template: evil@1.0.0\nends: 2099-01-01\ntitle: 'a \u202e b'\n"
HOSTILE: Mapping[str, Hostile] = {
    "a type from the network": Hostile(
        lambda at: _evil("{type: '@/x.yaml'}"), 2, "hot/file-outside"
    ),
    "a template from the network": Hostile(lambda at: _evil(_FETCHED), 2, "hot/resource-type"),
    "a file of the runner": Hostile(lambda at: _evil(_READ), 2, "hot/file-outside"),
    "a bomb": Hostile(lambda at: {"deployments/bob/solo.yaml": BOMB}, 2, "yaml/anchor"),
    "text that is hidden": Hostile(
        lambda at: {"deployments/bob/solo.yaml": _HIDDEN}, 2, "yaml/character"
    ),
    "personal data": Hostile(
        lambda at: {
            "deployments/bob/c/course.yaml": "title: C\nterm: w26\nstarts: 2026-10-01\n"
            "ends: 2099-01-01\nroster: {members: [anna@uni.example]}\n"
        },
        2,
        "course/personal-data",
    ),
    "a user of the cloud": Hostile(
        lambda at: _evil("{type: OS::Keystone::User}"), 2, "policy/never"
    ),
    "another's folder": Hostile(lambda at: at.absent(), 3, "change/removal"),
    "the site": Hostile(lambda at: at.site_of_bob(), 3, "risk/site"),
    "a right for oneself, used at once": Hostile(
        lambda at: {**at.site_of_bob(), **at.absent()}, 3, "change/removal"
    ),
    "a mapping": Hostile(
        lambda at: {BOB: at.files[BOB].replace("project: ", "project: x")}, 3, "risk/mapping"
    ),
    "a pipeline": Hostile(
        lambda at: {".github/workflows/plan.yml": "on: push\n", ".gitlab-ci.yml": "x: {}\n"},
        3,
        "risk/repository",
    ),
    "the tool": Hostile(lambda at: {"appstore/cli/main.py": "import os\n"}, 3, "risk/repository"),
    "a released version": Hostile(
        lambda at: {at.released: HEAD + "{type: OS::Heat::None}\n"}, 2, "version/released"
    ),
    "consent to one's own version": Hostile(
        lambda at: _evil("{type: OS::Heat::RandomString}", approval=_CONSENT),
        2,
        "risk/global-approval",
    ),
}
