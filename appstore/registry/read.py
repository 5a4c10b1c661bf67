"""One tree as one value: the way in to this room."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from appstore.documents.findings import Finding
from appstore.registry.checks.audience import check_audiences
from appstore.registry.checks.catalog import check_owners, check_references, release_order
from appstore.registry.checks.courses import check_courses
from appstore.registry.checks.folders import check_folders
from appstore.registry.checks.identities import check_identities
from appstore.registry.checks.leads import check_leads
from appstore.registry.checks.lecturers import check_lecturers, check_tenants
from appstore.registry.checks.lifetimes import check_lifetimes
from appstore.registry.checks.schedules import check_schedules
from appstore.registry.draft import Draft
from appstore.registry.gather import gather
from appstore.registry.holding import held_by
from appstore.registry.registry import (
    CatalogTemplate,
    CourseFolder,
    DeploymentFile,
    LecturerFolder,
    Registry,
    TemplateVersion,
)

_CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    check_folders,
    check_tenants,
    check_lecturers,
    check_courses,
    check_owners,
    check_references,
    check_identities,
    check_audiences,
    check_lifetimes,
    check_schedules,
    check_leads,
)


def read_registry(tree_files: Mapping[str, bytes], findings: Sequence[Finding] = ()) -> Registry:
    """The registry of these files, with every finding about single files and about how they fit.

    `findings` are those of reading the tree (`source`): what they name is held like the rest. The
    same files give an equal registry in any order; nothing is raised about what people wrote.
    """
    if held_by(findings).everything:
        return Registry(None, {}, {}, {}, frozenset(), tuple(sorted(findings)))
    draft, found = gather(tree_files, findings)
    named = {finding.path for finding in found}
    for check in _CHECKS:
        # A file that could not be read is not missing as well.
        found += (f for f in check(draft) if f.rule != "registry/missing" or f.path not in named)
    return _registry(draft, tuple(sorted(set(found))))


def _registry(draft: Draft, findings: tuple[Finding, ...]) -> Registry:
    held = held_by(findings)
    sound = draft.lecturers.keys() - held.lecturers
    used = {file.document.model.template for file in draft.deployments}
    folders = _lecturer_folders(draft)
    return Registry(
        site=None if held.site else draft.site,
        lecturers={name: folders[name] for name in sorted(sound)},
        held_lecturers={name: draft.lecturers.get(name) for name in sorted(held.lecturers)},
        templates=_templates(draft),
        # A template that is held as a whole may have lost the very folders of its versions.
        broken_versions=held.versions | set(filter(held.holds, draft.version_folders | used)),
        findings=findings,
    )


def _lecturer_folders(draft: Draft) -> dict[str, LecturerFolder]:
    files: defaultdict[tuple[str, str | None], list[DeploymentFile]] = defaultdict(list)
    for file in draft.deployments:
        files[file.lecturer, file.course].append(file)
    courses: defaultdict[str, list[CourseFolder]] = defaultdict(list)
    for (lecturer, course), document in sorted(draft.courses.items(), key=lambda item: item[0]):
        inside = tuple(files[lecturer, course])
        courses[lecturer].append(CourseFolder(course, document, inside))
    return {
        name: LecturerFolder(name, document, tuple(courses[name]), tuple(files[name, None]))
        for name, document in draft.lecturers.items()
    }


def _templates(draft: Draft) -> dict[str, CatalogTemplate]:
    versions: defaultdict[str, dict[str, TemplateVersion]] = defaultdict(dict)
    for ref in sorted(draft.versions, key=release_order):
        template, number = ref.split("@")
        versions[template][number] = draft.versions[ref]
    return {
        name: CatalogTemplate(name, card, versions[name])
        for name, card in sorted(draft.cards.items())
    }
