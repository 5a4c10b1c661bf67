"""A small real registry in git, changed by short sentences."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEAT = """\
heat_template_version: 2021-04-16
parameters:
  length: {type: number, default: 8}
  fail: {type: boolean, default: false}
  wait: {type: number, default: 0}
  password: {type: string, hidden: true, default: ''}
resources:
  code:
    type: OS::Heat::RandomString
    properties: {length: {get_param: length}}
  probe:
    type: OS::Heat::TestResource
    properties:
      value: {get_attr: [code, value]}
      fail: {get_param: fail}
      wait_secs: {get_param: wait}
      update_replace: false
outputs:
  address:
    value: {str_replace: {template: 'http://127.0.0.1/$c', params: {$c: {get_attr: [code, value]}}}}
"""
FILES = {
    "catalog/probe/template.yaml": "title: Probe\nsummary: For tests\nowner: ada\n",
    "catalog/probe/1.0.0/version.yaml": (
        "endpoints:\n  web: {kind: browser, output: address}\ntimeout: 5\n"
    ),
    "catalog/probe/1.0.0/heat.yaml": HEAT,
    "deployments/site.yaml": (
        "owner: owner-NAME\n"
        "clouds: {devcloud: {}}\n"
        "tenants: {faculty: {title: Faculty, clouds: [devcloud]}}\n"
        "resource_types: ['OS::Heat::RandomString', 'OS::Heat::TestResource']\n"
    ),
    "deployments/ada/lecturer.yaml": "tenant: faculty\ncloud: devcloud\nproject: lecturer-a\n",
    "deployments/ada/NAME/course.yaml": (
        "title: Course\nterm: 2026w\nstarts: 2026-01-01\nends: 2099-01-01\nroster: {seats: 2}\n"
    ),
    "deployments/ada/NAME/lab.yaml": "template: probe@1.0.0\nfor: student\n",
    "deployments/bob/lecturer.yaml": "tenant: faculty\ncloud: devcloud\nproject: lecturer-b\n",
}


@dataclass(frozen=True, slots=True)
class FlowRegistry:
    """A registry whose owner id and course name no other test uses."""

    root: Path
    course: str

    @classmethod
    def make(cls, root: Path, name: str) -> "FlowRegistry":
        """Write and commit the sample files under a name of this test's own."""
        registry = cls(root, name)
        registry.fill(FILES)
        subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
        registry.commit("first")
        return registry

    def write(self, path: str, text: str) -> None:
        """Write one file, not committed."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def fill(self, files: Mapping[str, str]) -> None:
        """Write these files, with this registry's own name for NAME, not committed."""
        for path, text in files.items():
            self.write(path.replace("NAME", self.course), text.replace("NAME", self.course))

    def lab(self, *lines: str) -> None:
        """Write lab.yaml with these further lines, committed."""
        text = "\n".join(["template: probe@1.0.0", "for: student", *lines, ""])
        self.write(f"deployments/ada/{self.course}/lab.yaml", text)
        self.commit("lab")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace text that the file holds, committed."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.commit(f"change {path}")

    def remove(self, path: str) -> None:
        """Delete one file, committed."""
        (self.root / path).unlink()
        self.commit(f"remove {path}")

    def commit(self, message: str) -> None:
        """Commit everything."""
        who = ["-c", "user.name=flow", "-c", "user.email=flow@example.org"]
        git = ["git", "-C", str(self.root)]
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, *who, "commit", "-qm", message], check=True)
