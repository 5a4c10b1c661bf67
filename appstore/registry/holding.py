"""What an error stops (README of appstore, rail 1): decided by the path it lies at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from appstore.documents.findings import Finding, Severity

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Held:
    """Lecturers by folder, templates by name, versions by ref; `everything` where no part of the
    tree can be trusted, `site` where site.yaml cannot."""

    everything: bool
    site: bool
    lecturers: frozenset[str]
    templates: frozenset[str]
    versions: frozenset[str]

    def holds(self, ref: str) -> bool:
        """Whether this version is unusable, by itself or with its whole template."""
        return ref in self.versions or ref.split("@")[0] in self.templates


def held_by(findings: Iterable[Finding]) -> Held:
    """What these findings stop; warnings stop nothing, and neither does a file out of place
    that lies in nobody's folder."""
    everything = site = False
    lecturers: set[str] = set()
    templates: set[str] = set()
    versions: set[str] = set()
    for finding in findings:
        if finding.severity is not Severity.ERROR:
            continue
        match finding.path.split("/"):
            case ["." | "catalog" | "deployments"]:
                everything = True
            case ["deployments", "site.yaml"]:
                site = True
            case ["deployments", lecturer, *below] if below or "." not in lecturer:
                lecturers.add(lecturer)
            case ["catalog", template] if "." not in template:
                templates.add(template)
            case ["catalog", template, "template.yaml"]:
                templates.add(template)
            case ["catalog", template, number, *_] if _VERSION.fullmatch(number):
                versions.add(f"{template}@{number}")
    return Held(everything, site, frozenset(lecturers), frozenset(templates), frozenset(versions))
