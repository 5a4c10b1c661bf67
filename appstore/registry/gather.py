"""From paths and bytes to the draft: every file is read once and laid where it belongs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, assert_never

from appstore.documents.catalog import Approval, Template, Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.findings import Finding
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.parse import parse, parse_heat
from appstore.documents.site import Site
from appstore.registry.draft import Draft
from appstore.registry.holding import held_by
from appstore.registry.places import (
    CardPlace,
    CoursePlace,
    DeploymentPlace,
    LecturerPlace,
    NotePlace,
    Place,
    SitePlace,
    VersionPlace,
    place_of,
)
from appstore.registry.registry import DeploymentFile, TemplateVersion

DocumentT = TypeVar("DocumentT")
_CONTRACTS = frozenset(["version.yaml", "heat.yaml", "approval.yaml"])


@dataclass(slots=True)
class _Shelves:
    """The documents while they are being read; `findings` grows beside them."""

    findings: list[Finding]
    site: Document[Site] | None = None
    lecturers: dict[str, Document[Lecturer]] = field(default_factory=dict)
    courses: dict[tuple[str, str], Document[Course]] = field(default_factory=dict)
    deployments: list[DeploymentFile] = field(default_factory=list)
    cards: dict[str, Document[Template]] = field(default_factory=dict)
    lecturer_folders: set[str] = field(default_factory=set)
    course_folders: set[tuple[str, str]] = field(default_factory=set)
    template_folders: set[str] = field(default_factory=set)
    version_files: dict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))

    def kept(self, read: DocumentT | tuple[Finding, ...]) -> DocumentT | None:
        """The document, or None when there are findings instead."""
        if isinstance(read, tuple):
            self.findings += read
            return None
        return read


def gather(files: Mapping[str, bytes], findings: Sequence[Finding]) -> tuple[Draft, list[Finding]]:
    """The draft of these files, and `findings` together with those of every single document."""
    shelves = _Shelves(list(findings))
    for path in sorted(files):
        match place_of(path):
            case Finding() as stray:
                shelves.findings.append(stray)
            case place:
                _shelve(shelves, path, files[path], place)
    versions = {
        ref: version
        for ref, inside in shelves.version_files.items()
        if (version := _version(shelves, ref, inside)) is not None
    }
    draft = Draft(
        paths=frozenset(files),
        site=shelves.site,
        lecturers=shelves.lecturers,
        courses=shelves.courses,
        deployments=tuple(shelves.deployments),
        cards=shelves.cards,
        versions=versions,
        lecturer_folders=frozenset(shelves.lecturer_folders),
        course_folders=frozenset(shelves.course_folders),
        template_folders=frozenset(shelves.template_folders),
        version_folders=frozenset(shelves.version_files),
        held=held_by(shelves.findings),
    )
    return draft, shelves.findings


def _shelve(shelves: _Shelves, path: str, data: bytes, place: Place) -> None:
    match place:
        case SitePlace():
            shelves.site = shelves.kept(parse(Site, path, data))
        case LecturerPlace(lecturer):
            shelves.lecturer_folders.add(lecturer)
            if (person := shelves.kept(parse(Lecturer, path, data))) is not None:
                shelves.lecturers[lecturer] = person
        case CoursePlace(lecturer, course):
            shelves.lecturer_folders.add(lecturer)
            shelves.course_folders.add((lecturer, course))
            if (unit := shelves.kept(parse(Course, path, data))) is not None:
                shelves.courses[lecturer, course] = unit
        case DeploymentPlace(lecturer, within, name):
            shelves.lecturer_folders.add(lecturer)
            if within is not None:
                shelves.course_folders.add((lecturer, within))
            if (document := shelves.kept(parse(Deployment, path, data))) is not None:
                own = document.model.id or (f"{within}/{name}" if within else name)
                shelves.deployments.append(DeploymentFile(lecturer, within, own, document))
        case CardPlace(template):
            shelves.template_folders.add(template)
            if (card := shelves.kept(parse(Template, path, data))) is not None:
                shelves.cards[template] = card
        case VersionPlace(template, number, inside):
            shelves.template_folders.add(template)
            shelves.version_files[f"{template}@{number}"][inside] = data
        case NotePlace():
            pass
        case _:
            assert_never(place)


def _version(shelves: _Shelves, ref: str, inside: Mapping[str, bytes]) -> TemplateVersion | None:
    """The version when its contract and its Heat template can be read."""
    folder = f"catalog/{ref.replace('@', '/')}"
    contract = heat = approval = None
    if (data := inside.get("version.yaml")) is not None:
        contract = shelves.kept(parse(Version, f"{folder}/version.yaml", data))
    if (data := inside.get("heat.yaml")) is not None:
        heat = shelves.kept(parse_heat(f"{folder}/heat.yaml", data))
    if (data := inside.get("approval.yaml")) is not None:
        approval = shelves.kept(parse(Approval, f"{folder}/approval.yaml", data))
    if contract is None or heat is None:
        return None
    others = {name: data for name, data in inside.items() if name not in _CONTRACTS}
    content = {name: data for name, data in inside.items() if name != "approval.yaml"}
    return TemplateVersion(ref, folder, contract, heat, others, content, approval)
