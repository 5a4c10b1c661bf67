"""reset, suspend, resume, remove, retry, extend, hand-over: what to write into which file.

Nothing is written here, and no cloud is asked: a verb changes what is wanted, and only a merge
and an apply make it so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import assert_never
from zoneinfo import ZoneInfo

from appstore.documents.course import Course
from appstore.documents.edit import Edit, put
from appstore.documents.findings import Finding, Severity, brought
from appstore.documents.marks import Document
from appstore.errors import InvalidInput
from appstore.registry.draft import Draft
from appstore.registry.gather import gather
from appstore.registry.read import read_registry
from appstore.runs.edit.exam import record
from appstore.runs.edit.extend import extend_course, extend_deployment
from appstore.runs.edit.orders import Edited, NoOrder, Order
from appstore.runs.edit.targets import (
    CourseTarget,
    Target,
    courses,
    deployments,
    meant,
    meant_seats,
    shared_with,
)
from appstore.runs.edit.verbs import Extend, HandOver, Reset, Retry, SetState, Verb, order
from appstore.source.tree import Tree


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb, the ids it is about, and the one member that `--member` names."""

    verb: Verb
    patterns: tuple[str, ...]
    member: str | None = None


def edit(asked: Asked, tree: Tree, now: datetime) -> Edited | tuple[Finding, ...]:
    """The edits that carry out a verb, or the findings that stand in their way.

    Raises InvalidInput for an id that nothing is called by.
    """
    files = {path: data for path, data in tree.files.items() if _concerns(asked.patterns, path)}
    draft, findings = gather(files, tree.findings)
    if broken := tuple(f for f in findings if _stands_in_the_way(asked, f)):
        return broken
    decided = _decided(asked, draft, now)
    orders = tuple(one for one in decided if isinstance(one, Order))
    passed = tuple(one for one in decided if isinstance(one, NoOrder))
    after = dict(files)
    for each in orders:
        for at, value in each.puts:
            changed = put(each.path, after[each.path], at, value)
            if isinstance(changed, tuple):
                return changed
            after[each.path] = changed
    known = read_registry(files, tree.findings).findings
    new = brought(known, read_registry(after, tree.findings).findings)
    if errors := tuple(f for f in new if f.severity is Severity.ERROR):
        return errors
    edits = (Edit(path, files[path], data) for path, data in after.items() if data != files[path])
    return Edited(orders, tuple(edits), passed, new)


def _decided(asked: Asked, draft: Draft, now: datetime) -> list[Order | NoOrder]:
    match asked.verb:
        case Extend(until):
            whole, parts = _lasting(draft, asked.patterns)
            return [
                *(extend_course(one, until, _today(one.document, now)) for one in whole),
                *(extend_deployment(one, until, _today(one.course, now)) for one in parts),
            ]
        case HandOver() as verb:
            seats = meant_seats(draft, asked.patterns)
            return [*(order(verb, one) for one in seats), *map(_kept, shared_with(draft, seats))]
        case Reset(during_exam=str() as reason) as verb:
            target, course = _one_seat(meant(draft, asked.patterns, asked.member))
            anew = order(verb, target)
            if isinstance(anew, NoOrder):
                return [anew]
            return [anew, record(target, course, reason, _today(course, now))]
        case Reset() | SetState() | Retry() as verb:
            return [order(verb, one) for one in meant(draft, asked.patterns, asked.member)]
        case _:
            assert_never(asked.verb)


def _kept(shared: Target) -> NoOrder:
    address = shared.addresses[0]
    why = "is a group's machine: others go on working there, so it is kept"
    return NoOrder(address, why, f"If it shall be new as well: appstore reset {address}")


def _lasting(
    draft: Draft, patterns: Sequence[str]
) -> tuple[Sequence[CourseTarget], Sequence[Target]]:
    """What has a last day: `<lecturer>/<course>` is the course itself, not its deployments."""
    every = courses(draft)
    above = [p for p in patterns if any(_names(p, course.address) for course in every)]
    below = [p for p in patterns if p not in above]
    lone = [one for one in deployments(draft) if one.course is None]
    return (
        [course for course in every if any(_names(p, course.address) for p in above)],
        [
            *(one for one in lone if any(_names(p, one.address) for p in above)),
            *(meant(draft, below, None) if below else ()),
        ],
    )


def _one_seat(targets: Sequence[Target]) -> tuple[Target, Document[Course]]:
    match targets:
        case [Target(named=(_,), course=Document() as course) as target]:
            return target, course
        case _:
            raise InvalidInput(
                "During an exam one seat of one deployment may be reset at a time.",
                "Name it as <lecturer>/<course>/<deployment>/<member>.",
            )


def _names(pattern: str, address: str) -> bool:
    """Whether the pattern means exactly this, as deep as it is."""
    return pattern.count("/") == address.count("/") and fnmatchcase(address, pattern)


def _today(course: Document[Course] | None, now: datetime) -> date:
    """The day that it is for the people of this course."""
    zone = course.model.timezone if course else Course.model_fields["timezone"].default
    return now.astimezone(ZoneInfo(zone)).date()


def _concerns(patterns: Sequence[str], path: str) -> bool:
    """Whether a file lies in the folder of a lecturer whom a pattern may mean."""
    folder, _, inside = path.partition("/")
    lecturer, below, _ = inside.partition("/")
    return folder == "deployments" and bool(below) and _may_mean(patterns, lecturer)


def _may_mean(patterns: Sequence[str], address: str) -> bool:
    """Whether a pattern can name this, or something in it, by what it says before its stars."""
    starts = [re.split(r"[*?\[]", pattern, maxsplit=1)[0] for pattern in patterns]
    return any(s.startswith(f"{address}/") or address.startswith(s) for s in starts)


def _stands_in_the_way(asked: Asked, finding: Finding) -> bool:
    """Whether the finding hides something that may be meant; a seat has machines in every file."""
    folder, *parts = finding.path.removesuffix(".yaml").split("/")
    if finding.severity is not Severity.ERROR or folder != "deployments" or len(parts) < 2:
        return False
    whole = isinstance(asked.verb, HandOver) or parts[-1] == "course"
    return _may_mean(asked.patterns, "/".join(parts[:2] if whole else parts))
