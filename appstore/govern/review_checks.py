"""What is wrong with a proposal although its files are right: it depends on the target or the day.

Errors here cannot be outvoted by reviews. What only a clock or the former version makes doubtful
is a warning.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from appstore.documents.catalog import WIDTH
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.govern.life import released_edits
from appstore.govern.policy import policy_findings
from appstore.govern.sides import Side
from appstore.govern.use import Denied, Use
from appstore.govern.use_shelf import Shelf, shelf_of
from appstore.registry.places import DeploymentPlace, place_of
from appstore.registry.registry import CourseFolder, DeploymentFile, Registry
from appstore.registry.terms import check_terms
from appstore.wanted.members import instance_ids


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One deployment with its course's date and how many machines it means."""

    file: DeploymentFile
    course: CourseFolder | None

    @property
    def machines(self) -> int:
        return len(instance_ids(self.file, self.course))


def proposal_findings(
    base: Side, merged: Side, paths: Collection[str], today: date
) -> tuple[Finding, ...]:
    """Everything wrong with going from one tree to the other; `paths` are those that differ."""
    before, after = _deployments(base.registry), _deployments(merged.registry)
    shelf = shelf_of(merged.registry)
    return tuple(
        sorted(
            {
                *check_terms(base.registry, merged.registry),
                *released_edits(base.files, merged.files),
                *_protected(base, after, paths),
                *_unusable(before, after, shelf),
                *_downgrades(before, after),
                *_past(base.registry, merged.registry, today),
                *_policy(base, merged, paths),
                *_unruled(base.registry),
            }
        )
    )


def _deployments(registry: Registry) -> dict[str, _Wanted]:
    return {
        file.document.path: _Wanted(file, course)
        for folder in registry.lecturers.values()
        for file, course in folder.every_deployment()
    }


def _protected(
    base: Side, after: Mapping[str, _Wanted], paths: Collection[str]
) -> Iterator[Finding]:
    """A protected file may neither go, nor lose its id or its protection by moving."""
    kept = {
        (one.file.lecturer, one.file.id)
        for one in after.values()
        if one.file.document.model.protect
    }
    for path in sorted(set(paths) & base.files.keys() - after.keys()):
        place = place_of(path)
        if not isinstance(place, DeploymentPlace):
            continue
        read = parse(Deployment, path, base.files[path])
        if isinstance(read, tuple) or not read.model.protect:
            continue
        own = f"{place.course}/{place.name}" if place.course else place.name
        if (place.lecturer, id_ := read.model.id or own) not in kept:
            yield Finding(
                path,
                0,
                0,
                "review/protected",
                "This deployment is protected: its file cannot be removed, nor be moved without "
                "its id and its protection.",
                f"Moving it: write `id: {id_}` into the new file and keep `protect: true`. "
                "Removing it: first merge the removal of `protect`.",
            )


def _unusable(
    before: Mapping[str, _Wanted], after: Mapping[str, _Wanted], shelf: Shelf
) -> Iterator[Finding]:
    """Deployments that begin or grow with a version that their lecturer may not use.

    `validate` warns of the same under the same rule, since a tree does not tell what is new in it.
    """
    for path, new in after.items():
        model, old = new.file.document.model, before.get(path)
        if model.state == "absent" or model.template not in shelf.lives:
            continue
        if old is None or old.file.document.model.template != model.template:
            use = Use.BEGIN
        elif new.machines > old.machines:
            use = Use.GROW
        else:
            continue
        verdict = shelf.verdict(new.file.lecturer, model.template, use)
        if isinstance(verdict, Denied):
            why, rule = verdict.sentence(model.template), f"version/{verdict.rule}"
            yield new.file.document.finding(rule, why, verdict.way_out, ("template",))


def _downgrades(before: Mapping[str, _Wanted], after: Mapping[str, _Wanted]) -> Iterator[Finding]:
    for path, new in after.items():
        if (old := before.get(path)) is None:
            continue
        was, now = old.file.document.model.template, new.file.document.model.template
        if was.split("@")[0] == now.split("@")[0] and _number(now) < _number(was):
            yield new.file.document.finding(
                "review/downgrade",
                f"This goes back from {was} to {now}.",
                "Leave it as it is if that is meant.",
                ("template",),
                Severity.WARNING,
            )


def _number(ref: str) -> tuple[int, ...]:
    return tuple(int(part) for part in ref.split("@")[1].split("."))


def _past(base: Registry, merged: Registry, today: date) -> Iterator[Finding]:
    """Last days that are over already when they are written."""
    before = {document.path: ends for document, ends in _last_days(base)}
    for document, ends in _last_days(merged):
        if ends < today and before.get(document.path) != ends:
            yield document.finding(
                "review/past-date",
                f"This ends on {ends}, which is over: its machines would be ended at once.",
                "Leave it as it is if that is meant.",
                ("ends",),
                Severity.WARNING,
            )


def _last_days(
    registry: Registry,
) -> Iterator[tuple[Document[Course] | Document[Deployment], date]]:
    for folder in registry.lecturers.values():
        for course in folder.courses:
            yield course.document, course.document.model.ends
    for one in _deployments(registry).values():
        if (ends := one.file.document.model.ends) is not None:
            yield one.file.document, ends


def _policy(base: Side, merged: Side, paths: Collection[str]) -> Iterator[Finding]:
    """What new and changed versions do; all of a template when it is offered to more people."""
    site = base.registry.site
    if site is None:
        return
    for template in merged.registry.templates.values():
        old = base.registry.templates.get(template.name)
        now = template.card.model.visibility
        wider = old is None or WIDTH[now] > WIDTH[old.card.model.visibility]
        for version in template.versions.values():
            if not wider and not any(path.startswith(f"{version.folder}/") for path in paths):
                continue
            approval = version.approval
            reaches = (
                min(now, approval.model.visibility, key=WIDTH.__getitem__) if approval else now
            )
            yield from policy_findings(version, reaches, site.model)


def _unruled(base: Registry) -> Iterator[Finding]:
    """Without admins nobody can give a review."""
    if base.site is not None and not base.site.model.admins:
        yield base.site.finding(
            "review/no-admins",
            "The target branch names no site admin, so some reviews cannot be given by anybody.",
            "Write `admins: [<account>]` into deployments/site.yaml on the target branch.",
            severity=Severity.WARNING,
        )
