"""Before writing: was what decides about an entry merged as policy asks?

A protected branch is not enough, since its rules can be lifted for a moment. So what stands in a
file counts only if the merge request that put it there was reviewed as its target branch asked,
and if it is what that request proposed.

Files that give rights are judged step by step from the beginning: a right that was forced past
review counts for nothing, also when whoever has it approves the next change of the same file.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from appstore.documents.catalog import Template
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.reconcile.decision import Refuse
from appstore.reconcile.plan import Entry, Farewell
from appstore.registry.places import (
    CardPlace,
    CoursePlace,
    DeploymentPlace,
    LecturerPlace,
    SitePlace,
    VersionPlace,
    place_of,
)
from appstore.runs.merged_steps import Contents, Merged, Ruling, ruling
from appstore.source.blame import Merge, merges
from appstore.wanted.stacks import HeldStack, WantedStack
from appstore.wanted.tree import SITE_PATH


def objections(merged: Merged) -> Callable[[Entry], Refuse | None]:
    """Why an entry must not be carried out, by the files that decide about it.

    History, and each step of it, is looked at once, and only when an entry needs it.
    """
    objection = cache(_history(merged))

    def of_entry(entry: Entry) -> Refuse | None:
        for path in _files(entry):
            if why := objection(path):
                return Refuse(
                    "not-reviewed",
                    why,
                    f"Open a merge request that changes {path} again; once it is reviewed and"
                    " merged, the next run goes on.",
                )
        return None

    return of_entry


def _history(merged: Merged) -> Callable[[str], str | None]:
    """Why what the default branch holds in a file must not be carried out; None when it may."""
    judged = cache(ruling)

    @cache
    def steps(path: str) -> tuple[Merge, ...]:
        return every_step().get(path, ())

    @cache
    def every_step() -> Mapping[str, tuple[Merge, ...]]:
        return merges(merged.repo, merged.commit)

    @cache
    def of_step(path: str, step: Merge) -> Ruling:
        rights: Contents = tuple(
            (one, let_through(one, step.age)) for one in _rights(path, step, let_through)
        )
        return judged(merged, step, rights, _is_mapping(path))

    @cache
    def let_through(path: str, age: int) -> bytes | None:
        """What the file held before the step of this age, as far as it was reviewed."""
        content = None
        for step in reversed(steps(path)):  # the oldest first, so that few wait for each other
            if step.age > age and of_step(path, step).objection(path) is None:
                content = of_step(path, step).left.get(path)
        return content

    def objection(path: str) -> str | None:
        if not steps(path):
            return None
        newest = of_step(path, steps(path)[0])
        why = newest.objection(path)
        if why and _gives_rights(path) and newest.left.get(path) == let_through(path, -1):
            return None  # it is back at what was let through
        return why

    return objection


def _rights(
    path: str, step: Merge, let_through: Callable[[str, int], bytes | None]
) -> Iterator[str]:
    """The files that say who may change this one."""
    yield SITE_PATH
    match place_of(path):
        case LecturerPlace(lecturer) | DeploymentPlace(lecturer, None):
            yield _lecturer(lecturer)
        case CoursePlace(lecturer, course) | DeploymentPlace(lecturer, course):
            yield _lecturer(lecturer)
            yield f"deployments/{lecturer}/{course}/course.yaml"
        case CardPlace(template) | VersionPlace(template):
            card = f"catalog/{template}/template.yaml"
            yield card
            document = parse(Template, card, let_through(card, step.age) or b"")
            if isinstance(document, Document):
                yield _lecturer(document.model.owner)


def _lecturer(name: str) -> str:
    return f"deployments/{name}/lecturer.yaml"


def _gives_rights(path: str) -> bool:
    return isinstance(place_of(path), SitePlace | LecturerPlace | CoursePlace | CardPlace)


def _is_mapping(path: str) -> bool:
    return isinstance(place_of(path), SitePlace | LecturerPlace)


def _files(entry: Entry) -> tuple[str, ...]:
    match entry.subject:
        case WantedStack(files=files):
            return files
        case Farewell(id=id_, gone=gone):
            above = f"deployments/{entry.lecturer}"
            course, *_ = id_.split("/")
            cause = (gone.cause.path,) if gone.cause else ()
            deployment = "/".join(id_.split("/")[:-1] or [id_])
            return (
                *cause,
                f"{above}/{deployment}.yaml",
                f"{above}/{course}/course.yaml",
                _lecturer(entry.lecturer),
                SITE_PATH,
            )
        case HeldStack(path=path):
            return (path,)
