"""What no single file tells: how many machines a merge request adds, and from which versions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.policy import Risk
from appstore.govern.life import Draft, life_of
from appstore.govern.review_change import Change
from appstore.govern.review_owner import Owners
from appstore.govern.sides import Side
from appstore.registry.registry import CourseFolder, DeploymentFile, TemplateVersion
from appstore.wanted.closure import closure
from appstore.wanted.hot import every
from appstore.wanted.identity import InstanceId
from appstore.wanted.members import instance_ids

PUBLIC = frozenset(
    (
        *("OS::Neutron::FloatingIP", "OS::Neutron::FloatingIPAssociation"),
        *("OS::Nova::FloatingIP", "OS::Nova::FloatingIPAssociation", "AWS::EC2::EIP"),
    )
)
"""Types that give a machine an address which the world can reach."""


@dataclass(frozen=True, slots=True)
class _Use:
    """One wanted deployment of a lecturer with its version and its instances."""

    file: DeploymentFile
    ids: frozenset[InstanceId]
    version: TemplateVersion | None


def count_changes(
    base: Side, merged: Side, owners: Owners, paths: Collection[str], risk: Risk
) -> Iterator[Change]:
    """Many machines, public addresses and drafts; a machine counts where its cause was changed:
    in its own file, else in its course."""
    lecturers = {path.split("/")[1] for path in paths if path.startswith("deployments/")}
    more: list[tuple[str, DeploymentFile, int, int]] = []
    for lecturer in sorted(lecturers):
        before, after = _uses(base, lecturer), _uses(merged, lecturer)
        known = {id_ for use in before.values() for id_ in use.ids}
        public = {id_ for use in before.values() if _is_public(use.version) for id_ in use.ids}
        for path, use in after.items():
            cause = _cause(path, use.file, paths)
            if cause is None:
                continue
            addresses = use.ids - public if _is_public(use.version) else frozenset()
            more.append((cause, use.file, len(use.ids - known), len(addresses)))
            if _new_draft(before.get(path), use):
                file = use.file
                ref = file.document.model.template
                belongs = owners.folder(file.lecturer, file.course or "")
                line = file.document.mark("template").line
                yield Change(path, line, "draft-use", f"uses the draft {ref}", belongs)
    machines, addresses_ = sum(one[2] for one in more), sum(one[3] for one in more)
    for cause, file, added, public_ in more:
        belongs = owners.folder(file.lecturer, file.course or "")
        if added and machines > risk.instances:
            what = f"{machines} new machines at once; up to {risk.instances} are usual"
            yield Change(cause, 0, "many-instances", what, belongs)
        if public_ and addresses_ > risk.public_addresses:
            what = f"{addresses_} new machines with a public address"
            yield Change(cause, 0, "public-address", what, belongs)


def _cause(path: str, file: DeploymentFile, paths: Collection[str]) -> str | None:
    course = f"deployments/{file.lecturer}/{file.course}/course.yaml"
    return next((one for one in (path, course) if one in paths), None)


def _uses(side: Side, lecturer: str) -> Mapping[str, _Use]:
    folder = side.registry.lecturers.get(lecturer)
    if folder is None:
        return {}
    pairs: list[tuple[DeploymentFile, CourseFolder | None]] = [
        *((file, None) for file in folder.deployments),
        *((file, course) for course in folder.courses for file in course.deployments),
    ]
    return {
        file.document.path: _Use(
            file, frozenset(instance_ids(file, course)), version_of(side, file)
        )
        for file, course in pairs
        if file.document.model.state != "absent"
    }


def version_of(side: Side, file: DeploymentFile) -> TemplateVersion | None:
    """The version that a deployment uses, if it could be read."""
    name, _, number = file.document.model.template.partition("@")
    template = side.registry.templates.get(name)
    return template.versions.get(number) if template else None


def _is_public(version: TemplateVersion | None) -> bool:
    """Whether its machines get a public address, as far as the template tells."""
    if version is None:
        return False
    footprint = version.contract.model.footprint
    if footprint is not None and footprint.floating_ips:
        return True
    templates = (version.heat, *closure(version).templates.values())
    return any(one.type in PUBLIC for template in templates for one in every(template))


def _new_draft(before: _Use | None, after: _Use) -> bool:
    ref = after.file.document.model.template
    if before is not None and before.file.document.model.template == ref:
        return False
    version = after.version
    return version is None or isinstance(life_of(version.approval, version.content), Draft)
