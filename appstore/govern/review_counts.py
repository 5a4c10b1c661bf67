"""What no single file tells: how many machines a merge request adds, and from which versions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.policy import Risk
from appstore.govern.life import Draft, life_of
from appstore.govern.review_change import Change
from appstore.govern.review_owner import Owners
from appstore.govern.sides import Side
from appstore.registry.registry import DeploymentFile, TemplateVersion
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


@dataclass(frozen=True, slots=True)
class _More:
    """What one deployment adds; `cause` is the changed file that says so."""

    cause: str
    file: DeploymentFile
    machines: int
    addresses: int


def count_changes(
    base: Side, merged: Side, owners: Owners, paths: Collection[str], risk: Risk
) -> Iterator[Change]:
    """Many machines and public addresses, of all lecturers together, and the use of drafts."""
    lecturers = {path.split("/")[1] for path in paths if path.startswith("deployments/")}
    more: list[_More] = []
    for lecturer in sorted(lecturers):
        before, after = _uses(base, lecturer), _uses(merged, lecturer)
        more += _additions(before, after, paths)
        for path, use in after.items():
            if path in paths and _new_draft(before.get(path), use):
                document = use.file.document
                belongs = owners.folder(lecturer, use.file.course or "")
                what = f"uses the draft {document.model.template}"
                yield Change(path, document.mark("template").line, "draft-use", what, belongs)
    machines, addresses = sum(m.machines for m in more), sum(m.addresses for m in more)
    for one in more:
        belongs = owners.folder(one.file.lecturer, one.file.course or "")
        if one.machines and machines > risk.instances:
            what = f"{machines} new machines at once; up to {risk.instances} are usual"
            yield Change(one.cause, 0, "many-instances", what, belongs)
        if one.addresses and addresses > risk.public_addresses:
            what = f"{addresses} new machines with a public address"
            yield Change(one.cause, 0, "public-address", what, belongs)


def _additions(
    before: Mapping[str, _Use], after: Mapping[str, _Use], paths: Collection[str]
) -> Iterator[_More]:
    """By instance, so that moving a file with its id adds nothing."""
    known = {id_ for use in before.values() for id_ in use.ids}
    public = {id_ for use in before.values() if _is_public(use.version) for id_ in use.ids}
    for path, use in after.items():
        if (cause := _cause(path, use.file, paths)) is not None:
            addresses = use.ids - public if _is_public(use.version) else ()
            yield _More(cause, use.file, len(use.ids - known), len(addresses))


def _cause(path: str, file: DeploymentFile, paths: Collection[str]) -> str | None:
    """The changed file that decides about these instances: their own, else their course."""
    course = f"deployments/{file.lecturer}/{file.course}/course.yaml"
    return next((one for one in (path, course) if one in paths), None)


def _uses(side: Side, lecturer: str) -> Mapping[str, _Use]:
    folder = side.registry.lecturers.get(lecturer)
    if folder is None:
        return {}
    return {
        file.document.path: _Use(
            file, frozenset(instance_ids(file, course)), version_of(side, file)
        )
        for file, course in folder.every_deployment()
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
