"""From two trees to what a merge request does: each differing file, parsed and told in kinds.

What cannot be parsed, or is no document of ours, is told by its path and belongs to admins. A file
that could not be read on the target branch counts as new, which asks for more, never for less.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, assert_never

from pydantic import BaseModel

from appstore.documents.catalog import Approval, Template
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.findings import Finding
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.documents.policy import ChangeKind, Risk
from appstore.govern.content import APPROVAL
from appstore.govern.review_change import Belongs, Change
from appstore.govern.review_counts import count_changes
from appstore.govern.review_fields import (
    Found,
    card_fields,
    course_fields,
    deployment_fields,
    lecturer_fields,
    withdraws,
)
from appstore.govern.review_owner import Owners
from appstore.govern.sides import Side
from appstore.registry.places import (
    CardPlace,
    CoursePlace,
    DeploymentPlace,
    LecturerPlace,
    NotePlace,
    SitePlace,
    VersionPlace,
    place_of,
)

ModelT = TypeVar("ModelT", bound=BaseModel)
ROOTS = ("catalog", "deployments")


def changes_between(
    base: Side, merged: Side, paths: Collection[str], risk: Risk
) -> tuple[Change, ...]:
    """Every change at these paths, sorted; at least one for each of them."""
    found = _Changes(base, merged, Owners(base, merged), risk)
    changes = {change for path in paths for change in found.at(path)}
    changes.update(count_changes(base, merged, found.owners, paths, risk))
    return tuple(sorted(changes))


def differing_files(base: Side, merged: Side) -> frozenset[str]:
    """The paths below our two folders whose bytes differ."""
    every = base.files.keys() | merged.files.keys()
    return frozenset(path for path in every if base.files.get(path) != merged.files.get(path))


@dataclass(frozen=True, slots=True)
class _Changes:
    base: Side
    merged: Side
    owners: Owners
    risk: Risk

    def at(self, path: str) -> Iterable[Change]:
        """The changes of one file."""
        place = place_of(path) if path.split("/")[0] in ROOTS else NotePlace()
        match place:
            case Finding():
                return self._unread(path)
            case NotePlace():
                return self._note(path)
            case SitePlace():
                return (Change(path, 0, "site", "changes the site's settings", Belongs()),)
            case LecturerPlace(lecturer):
                return self._lecturer(path, lecturer)
            case CoursePlace(lecturer, course):
                return self._course(path, self.owners.folder(lecturer, course))
            case DeploymentPlace(lecturer, course):
                return self._deployment(path, self.owners.folder(lecturer, course or ""))
            case CardPlace(template):
                return self._card(path, template)
            case VersionPlace(template, number, inside):
                return self._version(path, f"{template}@{number}", inside)
            case _:
                assert_never(place)

    def _both(
        self, model: type[ModelT], path: str
    ) -> tuple[Document[ModelT] | None, Document[ModelT] | None]:
        return _read(self.base, model, path), _read(self.merged, model, path)

    def _unread(self, path: str) -> Iterator[Change]:
        yield Change(path, 0, "repository", "changes a file that is none of ours", Belongs())

    def _note(self, path: str) -> Iterator[Change]:
        """A text for people in a lecturer's folder is theirs; a hidden file is for programs."""
        match path.split("/"):
            case ["deployments", lecturer, *inside, name] if not name.startswith("."):
                owner = self.owners.folder(lecturer, inside[0] if inside else "")
                yield Change(path, 0, "text", "changes a text for people", owner)
            case _:
                yield from self._unread(path)

    def _lecturer(self, path: str, lecturer: str) -> Iterator[Change]:
        old, new = self._both(Lecturer, path)
        if old is None or new is None:
            kept = new or old
            what = "comes to the app store" if new else "leaves the app store"
            tenant = kept.model.tenant if kept else self.owners.folder(lecturer).tenant
            owner = Belongs(lecturer, tenant=tenant)
            yield Change(path, 0, "mapping", f"lecturer {lecturer} {what}", owner)
            return
        for tenant in sorted({old.model.tenant, new.model.tenant}):
            owner = Belongs(lecturer, tenant=tenant)
            yield from _told(path, owner, lecturer_fields(old, new), otherwise="profile")

    def _course(self, path: str, owner: Belongs) -> Iterator[Change]:
        old, new = self._both(Course, path)
        if new is None:
            yield Change(path, 0, "removal", self._lost(path, "the course"), owner)
        elif old is None:
            yield Change(path, 0, "course", f"a course until {new.model.ends}", owner)
            if new.model.exceptions:
                yield Change(path, new.mark("exceptions").line, "safeguard", "passes rails", owner)
            if new.model.staff != Course.model_fields["staff"].default:
                yield Change(path, new.mark("staff").line, "staff", "names its staff", owner)
        else:
            yield from _told(path, owner, course_fields(old, new, self.risk.days))

    def _deployment(self, path: str, owner: Belongs) -> Iterator[Change]:
        old, new = self._both(Deployment, path)
        if new is None:
            yield Change(path, 0, "removal", self._lost(path, "the deployment's file"), owner)
            if old is not None and old.model.base:
                yield Change(path, 0, "base", "removes the project's base", owner)
        elif old is None:
            yield Change(path, 0, "deployment", f"deploys {new.model.template}", owner)
            if new.model.base:
                yield Change(path, new.mark("base").line, "base", "makes a base", owner)
            if new.model.adopt:
                line = new.mark("adopt").line
                yield Change(path, line, "safeguard", "takes over a living stack", owner)
        else:
            yield from _told(path, owner, deployment_fields(old, new, self.risk.days))

    def _card(self, path: str, name: str) -> Iterator[Change]:
        old, new = self._both(Template, path)
        owner = self.owners.template(name)
        if old is None and path in self.base.files:  # unreadable there: nobody's until repaired
            yield Change(path, 0, "ownership", f"repairs the card of {name}", Belongs())
        elif new is None:
            yield Change(path, 0, "ownership", self._lost(path, f"the template {name}"), owner)
        elif old is None:
            yield Change(path, 0, "template", f"a new template, {name}", owner)
        else:
            yield from _told(path, owner, card_fields(old, new), otherwise="card")
            if old.model.owner != new.model.owner:
                line = new.mark("owner").line
                receiver = self.owners.owner(new.model.owner)
                yield Change(path, line, "ownership", f"{name} gets a new owner", receiver)

    def _lost(self, path: str, what: str) -> str:
        """A file that cannot be read means as little as one that is gone; a finding says why."""
        return f"{what} cannot be read" if path in self.merged.files else f"removes {what}"

    def _version(self, path: str, ref: str, inside: str) -> Iterator[Change]:
        owner = self.owners.template(ref.split("@")[0])
        if inside == APPROVAL:
            yield from self._approval(path, ref, owner)
            return
        folder = f"{path.removesuffix(inside)}version.yaml"
        match folder in self.base.files, folder in self.merged.files:
            case False, _:
                what = f"a new version, {ref}"
            case _, False:
                what = f"removes {ref}"
            case _:
                what = f"changes {ref}"
        yield Change(path, 0, "version", what, owner)

    def _approval(self, path: str, ref: str, owner: Belongs) -> Iterator[Change]:
        old, new = self._both(Approval, path)
        if old is not None and new is not None and withdraws(old.model, new.model):
            yield from self._withdrawal(path, ref, owner, old.model, new.model)
            return
        approver = new.model.approver if new else ""
        verb = "approves" if new else "takes back the approval of"
        for side in filter(None, (old, new)):
            if side.model.visibility == "global":
                what = f"{verb} {ref} for everybody"
                yield Change(path, 0, "global-approval", what, owner, approver)
            else:
                tenant = Belongs(tenant=side.model.tenant or owner.tenant)
                what = f"{verb} {ref} for {tenant.tenant or 'a tenant'}"
                yield Change(path, 0, "approval", what, tenant, approver)
        if old is None and new is None:
            yield Change(path, 0, "global-approval", f"changes the approval of {ref}", owner)

    def _withdrawal(
        self, path: str, ref: str, owner: Belongs, old: Approval, new: Approval
    ) -> Iterator[Change]:
        for word, was, now in (
            ("deprecates", old.deprecated, new.deprecated),
            ("retires", old.retired, new.retired),
            ("revokes", old.revoked, new.revoked),
        ):
            if now is not None and was is None:
                whose = Belongs(tenant=new.tenant or owner.tenant)
                yield Change(path, 0, "withdrawal", f"{word} {ref}", whose, now.by)


def _told(
    path: str, owner: Belongs, found: Iterable[Found], otherwise: ChangeKind = "text"
) -> Iterable[Change]:
    """The fields that differ; `otherwise` is what it is to change nothing that is read."""
    told = [Change(path, line, kind, what, owner) for kind, line, what in found]
    return told or [Change(path, 0, otherwise, "changes comments or layout", owner)]


def _read(side: Side, model: type[ModelT], path: str) -> Document[ModelT] | None:
    data = side.files.get(path)
    if data is None:
        return None
    read = parse(model, path, data)
    return None if isinstance(read, tuple) else read
