"""Where each file of the repository belongs: what a path says about what lies there."""

import re
import unicodedata
from dataclasses import dataclass

from appstore.documents.findings import Finding
from appstore.documents.names import SLUG, VERSION_NUMBER

_SLUG = re.compile(SLUG)
_VERSION = re.compile(VERSION_NUMBER)
_HOMES = {
    "site.yaml": "deployments/site.yaml",
    "lecturer.yaml": "deployments/<lecturer>/lecturer.yaml",
    "course.yaml": "deployments/<lecturer>/<course>/course.yaml",
    "template.yaml": "catalog/<template>/template.yaml",
    "version.yaml": "catalog/<template>/<version>/version.yaml",
    "heat.yaml": "catalog/<template>/<version>/heat.yaml",
    "approval.yaml": "catalog/<template>/<version>/approval.yaml",
}


@dataclass(frozen=True, slots=True)
class SitePlace:
    """`deployments/site.yaml`."""


@dataclass(frozen=True, slots=True)
class LecturerPlace:
    """`deployments/<lecturer>/lecturer.yaml`."""

    lecturer: str


@dataclass(frozen=True, slots=True)
class CoursePlace:
    """`deployments/<lecturer>/<course>/course.yaml`."""

    lecturer: str
    course: str


@dataclass(frozen=True, slots=True)
class DeploymentPlace:
    """`deployments/<lecturer>[/<course>]/<name>.yaml`."""

    lecturer: str
    course: str | None
    name: str


@dataclass(frozen=True, slots=True)
class CardPlace:
    """`catalog/<template>/template.yaml`."""

    template: str


@dataclass(frozen=True, slots=True)
class VersionPlace:
    """Any file of a version's folder; `inside` is its path relative to that folder."""

    template: str
    number: str
    inside: str


@dataclass(frozen=True, slots=True)
class NotePlace:
    """A file for people that the app store does not read, such as a README."""


Place = (
    SitePlace | LecturerPlace | CoursePlace | DeploymentPlace | CardPlace | VersionPlace | NotePlace
)


def place_of(path: str) -> Place | Finding:
    """What belongs at this path below catalog/ or deployments/, or why nothing does."""
    parts = path.split("/")
    match parts:
        case ["catalog", template, number, *inside] if inside:
            return _version(template, number, "/".join(inside))
        case [*_, name] if name.startswith(".") or name.endswith((".md", ".txt")):
            return NotePlace()
        case ["deployments", "site.yaml"]:
            return SitePlace()
        case ["deployments", lecturer, "lecturer.yaml"]:
            place: Place = LecturerPlace(lecturer)
        case ["deployments", lecturer, course, "course.yaml"]:
            place = CoursePlace(lecturer, course)
        case ["catalog", template, "template.yaml"]:
            place = CardPlace(template)
        case [*_, name] if name in _HOMES:
            return _stray(path, f"{name} does not belong here.", f"Its place is {_HOMES[name]}.")
        case ["deployments", lecturer, file] if file.endswith(".yaml"):
            place = DeploymentPlace(lecturer, None, file.removesuffix(".yaml"))
        case ["deployments", lecturer, course, file] if file.endswith(".yaml"):
            place = DeploymentPlace(lecturer, course, file.removesuffix(".yaml"))
        case _:
            return _out_of_place(path, parts)
    return _misnamed(parts) or place


def _version(template: str, number: str, inside: str) -> Place | Finding:
    if (problem := _not_slug(f"catalog/{template}", template, 40)) is not None:
        return problem
    if not _VERSION.fullmatch(number):
        return Finding(
            f"catalog/{template}/{number}",
            0,
            0,
            "registry/version-number",
            f'"{number}" is not a version number.',
            "Name the folder of a version by three numbers, for example 1.0.0.",
        )
    stem, _, ending = inside.rpartition(".")
    if ending == "yml" and f"{stem}.yaml" in _HOMES:
        return _wrong_ending(f"catalog/{template}/{number}/{inside}")
    return VersionPlace(template, number, inside)


def _misnamed(parts: list[str]) -> Finding | None:
    """The finding about the outermost name of this path that is not well formed."""
    for depth, name in enumerate(parts[1:], start=2):
        longest = 40 if depth == 2 else 20
        path = "/".join(parts[:depth])
        if (problem := _not_slug(path, name.removesuffix(".yaml"), longest)) is not None:
            return problem
    return None


def _not_slug(path: str, name: str, longest: int) -> Finding | None:
    if _SLUG.fullmatch(name) and len(name) <= longest:
        return None
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:longest].strip("-")
    example = words if _SLUG.fullmatch(words) else "web-lab"
    return Finding(
        path,
        0,
        0,
        "registry/name",
        f'"{name[:60]}" is not a name as it is used here: letters a-z, digits and single hyphens,'
        f" beginning with a letter, at most {longest} characters.",
        f'Rename it, for example to "{example}".',
    )


def _out_of_place(path: str, parts: list[str]) -> Finding:
    if parts[-1].lower().endswith((".yml", ".yaml", ".json")) and parts[-1][-5:] != ".yaml":
        return _wrong_ending(path)
    match parts:
        case ["deployments", _]:
            hint = "Put a deployment into its lecturer's folder: deployments/<lecturer>/."
        case ["deployments", lecturer, course, _, *_, file]:
            hint = f"Folders are two deep: move it to deployments/{lecturer}/{course}/{file}."
        case ["catalog", *_]:
            hint = "Files of a template lie in a version's folder: catalog/<template>/<version>/."
        case _:
            hint = "Only YAML documents lie here; files of a template lie in its version's folder."
    return _stray(path, "No file of this kind belongs here.", hint)


def _wrong_ending(path: str) -> Finding:
    name = f"{path.rpartition('.')[0]}.yaml"
    return _stray(path, "Documents end in .yaml; this one would not be read.", f"Call it {name}.")


def _stray(path: str, message: str, hint: str) -> Finding:
    return Finding(path, 0, 0, "registry/out-of-place", message, hint)
