"""Which document a path holds (DESIGN.md section 3): nothing has to be typed twice."""

import re
from dataclasses import dataclass
from enum import StrEnum

from appstore.documents.findings import Finding
from appstore.documents.names import SLUG, VERSION_NUMBER


class Kind(StrEnum):
    """What a file of the repository is; a NOTE is for people and read by nobody."""

    SITE = "site"
    LECTURER = "lecturer"
    COURSE = "course"
    DEPLOYMENT = "deployment"
    COURSELESS = "course-less deployment"
    TEMPLATE = "template"
    VERSION = "version"
    HEAT = "heat"
    APPROVAL = "approval"
    ARTIFACT = "artifact"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """The kind of a file and the names that its path gives; None where its kind has none.

    `artifact` is the path of a version folder's other file, relative to that folder.
    """

    kind: Kind
    lecturer: str | None = None
    course: str | None = None
    deployment: str | None = None
    template: str | None = None
    version: str | None = None
    artifact: str | None = None


_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""Windows cannot check out files of these names."""
_VERSION_FILES = {
    "version.yaml": Kind.VERSION,
    "heat.yaml": Kind.HEAT,
    "approval.yaml": Kind.APPROVAL,
}
_TAKEN = {
    "site": "site.yaml belongs into deployments/",
    "lecturer": "lecturer.yaml belongs into deployments/<lecturer>/",
    "course": "course.yaml belongs into deployments/<lecturer>/<course>/",
}


def kind_of(path: str) -> Place | Finding:
    """What the file at this path (forward slashes, from the top) is, or why it is not one of ours.

    Files outside of `catalog/` and `deployments/` are notes.
    """
    match path.split("/"):
        case ["deployments" | "catalog", *_, last] if _is_note(path, last):
            return Place(Kind.NOTE)
        case ["deployments", *parts]:
            return _deployments(path, parts)
        case ["catalog", *parts]:
            return _catalog(path, parts)
        case _:
            return Place(Kind.NOTE)


def _is_note(path: str, last: str) -> bool:
    in_version = path.startswith("catalog/") and path.count("/") >= 3
    return not in_version and (last.startswith(".") or last.endswith((".md", ".txt")))


def _deployments(path: str, parts: list[str]) -> Place | Finding:
    for depth, folder in enumerate(parts[:-1]):
        if (problem := _not_a_name(path, folder, 20 if depth else 40)) is not None:
            return problem
    stem, dot, suffix = parts[-1].rpartition(".")
    if dot == "" or suffix != "yaml":
        return _no_place(path, "Documents end in .yaml; this file would not be read.")
    match parts:
        case ["site.yaml"]:
            return Place(Kind.SITE)
        case [lecturer, "lecturer.yaml"]:
            return Place(Kind.LECTURER, lecturer)
        case [lecturer, course, "course.yaml"]:
            return Place(Kind.COURSE, lecturer, course)
        case [_] | [_, _] | [_, _, _] if stem in _TAKEN:
            return _no_place(path, f"{_TAKEN[stem]}.")
        case [lecturer, _]:
            problem = _not_a_name(path, stem, 20)
            return problem or Place(Kind.COURSELESS, lecturer, None, stem)
        case [lecturer, course, _]:
            problem = _not_a_name(path, stem, 20)
            return problem or Place(Kind.DEPLOYMENT, lecturer, course, stem)
        case _:
            return _no_place(path, "No document belongs at this depth of deployments/.")


def _catalog(path: str, parts: list[str]) -> Place | Finding:
    if len(parts) > 1 and (problem := _not_a_name(path, parts[0], 40)) is not None:
        return problem
    match parts:
        case [template, "template.yaml"]:
            return Place(Kind.TEMPLATE, template=template)
        case [template, version, *rest] if rest and re.fullmatch(VERSION_NUMBER, version):
            name = "/".join(rest)
            if name in ("version.yml", "heat.yml", "approval.yml"):
                return _no_place(path, f"It must be called {name[:-4]}.yaml.")
            kind = _VERSION_FILES.get(name, Kind.ARTIFACT)
            artifact = name if kind is Kind.ARTIFACT else None
            return Place(kind, template=template, version=version, artifact=artifact)
        case [_, version, _, *_]:
            return _no_place(path, f'"{version[:40]}" is not a version such as 1.0.0.')
        case _:
            return _no_place(path, "Only template.yaml and version folders belong here.")


def _not_a_name(path: str, name: str, longest: int) -> Finding | None:
    if _DEVICES.fullmatch(name):
        return _no_place(path, f'"{name}" cannot be a name: Windows keeps it for a device.')
    if len(name) > longest:
        return _no_place(path, f'"{name[:40]}" is longer than {longest} characters.')
    if not re.fullmatch(SLUG, name):
        shown = name[:40].encode("unicode_escape").decode("ascii")
        return _no_place(
            path,
            f'"{shown}" is not a name as it is used here: lower-case letters, digits and '
            "single hyphens, beginning with a letter.",
        )
    return None


def _no_place(path: str, reason: str) -> Finding:
    return Finding(
        path,
        0,
        0,
        "path/unknown",
        reason,
        "Rename or move the file; the README shows where each one belongs.",
    )
