"""Everything that one tree wants at one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from appstore.documents.findings import Finding, Severity
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.site import Site
from appstore.registry.registry import (
    CourseFolder,
    DeploymentFile,
    LecturerFolder,
    Registry,
    TemplateVersion,
)
from appstore.wanted.compiled import CompiledVersion, compile_version
from appstore.wanted.identity import InstanceId
from appstore.wanted.lifetimes import Situation, wanted_state, zone_of
from appstore.wanted.members import adopted, cause, generation, instance_ids, reset_cause
from appstore.wanted.notices import ending_notice
from appstore.wanted.prewarm import beginnings
from appstore.wanted.spec import Spec
from appstore.wanted.specs import Specs
from appstore.wanted.stacks import (
    HeldLecturer,
    HeldStack,
    LecturerStacks,
    WantedStack,
    WantedTree,
)
from appstore.wanted.states import Wanted

SITE_PATH = "deployments/site.yaml"


def wanted_tree(registry: Registry, now: datetime) -> WantedTree:
    """The wanted stacks of every lecturer at `now` (aware).

    A version with a finding holds its instances as they are, a finding in a deployment holds its
    lecturer; without a readable site every lecturer is held (README of appstore, rail 1).
    """
    if registry.site is None:
        finding = _reported(registry, SITE_PATH, "")
        return WantedTree(
            owner="",
            lecturers=tuple(
                _held(name, registry.lecturers.get(name), registry, finding)
                for name in sorted(registry.lecturers.keys() | registry.held_lecturers.keys())
            ),
            findings=(),
        )
    return _Tree(registry, registry.site, now).wanted()


@dataclass(frozen=True, slots=True)
class _Tree:
    registry: Registry
    site: Document[Site]
    now: datetime
    findings: list[Finding] = field(default_factory=list)

    def wanted(self) -> WantedTree:
        versions = dict(self._versions())
        specs = Specs(self.site.model.clouds)
        lecturers: list[LecturerStacks | HeldLecturer] = [
            _held(name, None, self.registry, _reported(self.registry, f"deployments/{name}/"))
            for name in self.registry.held_lecturers
        ]
        lecturers.extend(
            self._lecturer(folder, versions, specs) for folder in self.registry.lecturers.values()
        )
        return WantedTree(
            owner=self.site.model.owner,
            lecturers=tuple(sorted(lecturers, key=lambda one: one.lecturer)),
            findings=tuple(sorted(self.findings)),
        )

    def _versions(self) -> Iterator[tuple[str, CompiledVersion | Finding]]:
        """Every version of the catalog compiled, or the finding that holds its instances."""
        for version in self.registry.versions():
            if version.ref not in self.registry.broken_versions:
                yield version.ref, self._compiled(version)
        for ref in self.registry.broken_versions:
            name, _, number = ref.partition("@")
            yield ref, _reported(self.registry, f"catalog/{name}/{number}/", f"catalog/{name}")

    def _compiled(self, version: TemplateVersion) -> CompiledVersion | Finding:
        match compile_version(version, self.site.model.resource_types):
            case CompiledVersion() as compiled:
                return compiled
            case findings:
                self.findings.extend(findings)
                return findings[0]

    def _lecturer(
        self,
        folder: LecturerFolder,
        versions: Mapping[str, CompiledVersion | Finding],
        specs: Specs,
    ) -> LecturerStacks | HeldLecturer:
        lecturer = folder.document.model
        stacks: list[WantedStack | HeldStack] = []
        wrong: list[Finding] = []
        begins = _beginnings(folder)
        for file, course in folder.every_deployment():
            version = versions[file.document.model.template]
            if isinstance(version, Finding):
                ids = instance_ids(file, course)
                stacks.extend(HeldStack(id_, file.document.path, version) for id_ in ids)
                continue
            match specs.of(version, file.document.model, lecturer.cloud):
                case Spec() as spec:
                    stacks.extend(self._stacks(folder, course, file, version, spec, begins))
                case problems:
                    wrong.extend(
                        file.document.finding(one.rule, one.message, one.hint, one.at)
                        for one in problems
                    )
        if wrong:
            self.findings.extend(wrong)
            return _held(folder.name, folder, self.registry, min(wrong))
        stacks.sort(key=_base_first)
        return LecturerStacks(folder.name, lecturer.cloud, lecturer.project, tuple(stacks))

    def _stacks(
        self,
        folder: LecturerFolder,
        course: CourseFolder | None,
        file: DeploymentFile,
        version: CompiledVersion,
        spec: Spec,
        begins: Mapping[InstanceId, datetime],
    ) -> Iterator[WantedStack]:
        """One stack for each member; what they share is worked out once."""
        document, course_document = file.document, course.document if course else None
        deployment = document.model
        replace_cause = (
            cause(document, f"accept_replace: {version.ref}", "accept_replace")
            if spec.accept_replace
            else None
        )
        course_paths = (course_document.path,) if course_document else ()
        files = (
            document.path,
            *course_paths,
            folder.document.path,
            *version.paths,
            self.site.path,
        )
        line = document.mark("template").line
        notice = ending_notice(Situation(file, course_document, self.now))

        @cache  # the members of one wave want the same
        def wanted(begins: datetime | None) -> Wanted:
            return wanted_state(
                Situation(file, course_document, self.now, begins, version.approval)
            )

        for id_ in instance_ids(file, course):
            yield WantedStack(
                id=id_,
                path=document.path,
                line=line,
                wanted=wanted(begins.get(id_)),
                spec=spec,
                generation=generation(deployment, id_.member),
                retry=deployment.retry,
                term=course_document.model.term if course_document else None,
                base=deployment.base,
                protect=deployment.protect,
                adopt=adopted(deployment, id_.member),
                reset_cause=reset_cause(document, id_.member),
                replace_cause=replace_cause,
                endpoints=version.endpoints,
                files=files,
                rollout=deployment.rollout,
                zone=zone_of(course_document),
                notice=notice,
            )


def _beginnings(folder: LecturerFolder) -> Mapping[InstanceId, datetime]:
    """From when on each instance of the lecturer's courses is made."""
    return {id_: at for course in folder.courses for id_, at in beginnings(course).items()}


def _base_first(stack: WantedStack | HeldStack) -> tuple[bool, str]:
    return not (isinstance(stack, WantedStack) and stack.base), str(stack.id)


def _held(
    name: str, folder: LecturerFolder | None, registry: Registry, finding: Finding
) -> HeldLecturer:
    document = folder.document if folder else registry.held_lecturers.get(name)
    lecturer: Lecturer | None = document.model if document else None
    return HeldLecturer(
        name,
        lecturer.cloud if lecturer else None,
        lecturer.project if lecturer else None,
        finding,
    )


def _reported(registry: Registry, *paths: str) -> Finding:
    """The first error of the registry at or below one of these paths, in their order."""
    errors = [one for one in registry.findings if one.severity is Severity.ERROR]
    for path in paths:
        for finding in errors:
            if finding.path.startswith(path):
                return finding
    return Finding(
        paths[0], 0, 0, "registry/held", "This cannot be used.", "See what else is found."
    )
