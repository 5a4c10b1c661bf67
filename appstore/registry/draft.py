"""The documents of one tree side by side, before anything is said about how they fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.catalog import Template
from appstore.documents.course import Course
from appstore.documents.findings import Finding
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.site import Site
from appstore.registry.holding import Held
from appstore.registry.registry import DeploymentFile, TemplateVersion


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read, and the folders that have files, readable or not.

    `courses` and `course_folders` go by lecturer and course, `versions` and `version_folders` by
    ref. `held` is what findings made unusable before any check across files.
    """

    paths: frozenset[str]
    site: Document[Site] | None
    lecturers: Mapping[str, Document[Lecturer]]
    courses: Mapping[tuple[str, str], Document[Course]]
    deployments: tuple[DeploymentFile, ...]
    cards: Mapping[str, Document[Template]]
    versions: Mapping[str, TemplateVersion]
    lecturer_folders: frozenset[str]
    course_folders: frozenset[tuple[str, str]]
    template_folders: frozenset[str]
    version_folders: frozenset[str]
    held: Held

    def course_of(self, file: DeploymentFile) -> Document[Course] | None:
        """The course that this deployment lies in, when it has one that could be read."""
        return None if file.course is None else self.courses.get((file.lecturer, file.course))

    def lacks(self, path: str, hint: str) -> Iterator[Finding]:
        """A finding when this file, which must exist, does not."""
        if path not in self.paths:
            yield Finding(path, 0, 0, "registry/missing", "This file is missing.", hint)
