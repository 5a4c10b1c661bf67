"""The repository as one value; everything downstream reads this and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.catalog import Approval, Template, Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.findings import Finding
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document, JsonValue
from appstore.documents.site import Site


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One version folder: contract, parsed HOT, its other files, and its approval if any.

    `heat` is heat.yaml as Heat reads it; `heat_marks` its places; `files` are the version
    folder's other files by path relative to it (not version.yaml, heat.yaml, approval.yaml).
    `content` is what an approval covers: every file but approval.yaml, as bytes.
    """

    ref: str
    folder: str
    contract: Document[Version]
    heat: Document[Mapping[str, JsonValue]]
    files: Mapping[str, bytes]
    content: Mapping[str, bytes]
    approval: Document[Approval] | None


@dataclass(frozen=True, slots=True)
class CatalogTemplate:
    """One template: its card and its versions by number."""

    name: str
    card: Document[Template]
    versions: Mapping[str, TemplateVersion]


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """One deployment: `id` is `<course>/<name>`, without a course `<name>`, or the file's `id:`."""

    lecturer: str
    course: str | None
    id: str
    document: Document[Deployment]

    @property
    def name(self) -> str:
        """The name of the file, which its course's freezes use."""
        return self.document.path.rpartition("/")[2].removesuffix(".yaml")


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """One course of a lecturer and its deployments, sorted by path."""

    name: str
    document: Document[Course]
    deployments: tuple[DeploymentFile, ...]


@dataclass(frozen=True, slots=True)
class LecturerFolder:
    """One lecturer's folder; `deployments` are those without a course, bases among them."""

    name: str
    document: Document[Lecturer]
    courses: tuple[CourseFolder, ...]
    deployments: tuple[DeploymentFile, ...]

    def every_deployment(self) -> Iterator[tuple[DeploymentFile, CourseFolder | None]]:
        """Those without a course, then those of each course, with it."""
        for file in self.deployments:
            yield file, None
        for course in self.courses:
            for file in course.deployments:
                yield file, course


@dataclass(frozen=True, slots=True)
class Registry:
    """One tree, checked across files.

    `site` is None when site.yaml is missing or broken: then nothing runs. `lecturers` holds only
    folders without an error; the others are in `held_lecturers` (name to its folder's project
    when lecturer.yaml itself could be read, else None): for them nothing is planned.
    `templates` are what could be read of the catalog; `broken_versions` are refs (`name@1.0.0`)
    whose folder has an error: their instances are held as they are.
    """

    site: Document[Site] | None
    lecturers: Mapping[str, LecturerFolder]
    held_lecturers: Mapping[str, Document[Lecturer] | None]
    templates: Mapping[str, CatalogTemplate]
    broken_versions: frozenset[str]
    findings: tuple[Finding, ...]

    def versions(self) -> Iterator[TemplateVersion]:
        """Every version that could be read, template by template, oldest first."""
        for template in self.templates.values():
            yield from template.versions.values()
