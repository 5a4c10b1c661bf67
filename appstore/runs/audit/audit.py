"""audit: the past of an instance, a course or a version, from git, the forge, records and Heat.

Nothing is decided here, and nothing is asked that a person could not read up: it is put together.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from appstore.documents.names import SLUG, VERSION_REF
from appstore.errors import InvalidInput
from appstore.registry.read import read_registry
from appstore.registry.registry import Registry
from appstore.report.audit import Audit, Fact, Merged, Unread
from appstore.runs.audit.events import events
from appstore.runs.audit.merges import consents, merges
from appstore.runs.audit.runs import runs
from appstore.runs.audit.subject import OfCourse, OfInstances, OfVersion, Sources, Subject
from appstore.source.commits import commit_tree
from appstore.source.past import landed

_SLUG = re.compile(SLUG)
_VERSION = re.compile(VERSION_REF)


def subject_of(name: str | None, course: str | None) -> Subject:
    """What was asked about; raises InvalidInput for what cannot be a name here."""
    match name, course:
        case str(), None if _VERSION.fullmatch(name):
            return OfVersion(name)
        case str(), None if _is_address(name, 2, 4):
            return OfInstances(name)
        case None, str() if _is_address(course, 2, 2):
            return OfCourse(course)
    raise InvalidInput(
        "An audit is about one deployment, one member, one course or one version.",
        "For example: appstore audit lecturer-a/net101/signup, appstore audit web-lab@1.0.0,"
        " appstore audit --course lecturer-a/net101",
    )


def _is_address(text: str, fewest: int, most: int) -> bool:
    parts = text.split("/")
    return fewest <= len(parts) <= most and all(map(_SLUG.fullmatch, parts))


def audit(subject: Subject, sources: Sources) -> Audit:
    """Everything that is known about it, oldest first; raises InvalidInput when that is nothing."""
    tree = commit_tree(sources.repo, sources.rev)
    registry = read_registry(tree.files, tree.findings)
    history = landed(sources.repo, sources.rev, _paths(subject, registry))
    found: list[Fact | Unread] = [
        *merges(history, sources),
        *consents(subject, history, sources),
        # Within a second Heat's events come first: a run ends after what it waits for.
        *events(subject, registry, sources),
        *runs(subject, sources),
    ]
    facts = [one for one in found if not isinstance(one, Unread)]
    unread = tuple(one for one in found if isinstance(one, Unread))
    if not any(map(_about_itself, facts)) and all(one.expected for one in unread):
        raise InvalidInput(
            f"Nothing is known about {subject}: no file, no run and no stack was ever called so.",
            "appstore status lists what there is; a course is named with --course.",
        )
    return Audit(str(subject), tuple(sorted(facts, key=lambda fact: fact.at)), unread)


def _about_itself(fact: Fact) -> bool:
    """A deployment that never was has only its course's past: most likely a typing error."""
    return not isinstance(fact, Merged) or any(
        not path.endswith("/course.yaml") for path in fact.files
    )


def _paths(subject: Subject, registry: Registry) -> frozenset[str]:
    match subject:
        case OfVersion(ref):
            name, number = ref.split("@")
            return frozenset({f"catalog/{name}/{number}", f"catalog/{name}/template.yaml"})
        case OfCourse(address):
            return frozenset({f"deployments/{address}"})
        case OfInstances():
            return frozenset(_paths_of(subject, registry))
        case _:
            assert_never(subject)


def _paths_of(subject: OfInstances, registry: Registry) -> Iterator[str]:
    """The deployment's file where it lies now and where its id says it lay, and its course."""
    lecturer, *id_ = subject.address.split("/")
    deployment = "/".join(id_[:2])
    yield f"deployments/{lecturer}/{deployment}.yaml"
    if len(id_) > 1:
        yield f"deployments/{lecturer}/{id_[0]}/course.yaml"
    if (folder := registry.lecturers.get(lecturer)) is not None:
        for file, _ in folder.every_deployment():
            if file.id == deployment:
                yield file.document.path
