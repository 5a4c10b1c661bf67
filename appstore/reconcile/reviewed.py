"""Reviewed plans, and what they let happen: a reviewed plan can only narrow what is applied.

The merged tree is the authority. What takes nothing from anybody follows it; what is destructive
must besides equal what somebody saw (README of appstore).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from appstore.documents.plan_file import PlanFile, PlannedEntry
from appstore.errors import InvalidInput, Refused
from appstore.reconcile.decision import Settled, Wait
from appstore.reconcile.digest import Fingerprint, digest_of
from appstore.reconcile.plan import PLAN_FORMAT, Entry, Health
from appstore.reconcile.scope import address
from appstore.wanted.states import Cause

LARGEST = 32 * 1024 * 1024
"""Bytes; 5,000 instances that all change, with their differences, take about 10 MiB."""
AGAIN = "Make it again with: appstore plan --out FILE"


@dataclass(frozen=True, slots=True)
class ReviewedPlan:
    """The changes that somebody saw, by the address of their instance; `name` is for people."""

    name: str
    owner: str
    digest: str
    changes: Mapping[str, Fingerprint]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A person or a pipeline applies these plans."""

    plans: tuple[ReviewedPlan, ...]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Nobody looks on; `of_merge` finds the reviewed plans of the merge that wrote a cause."""

    plans: tuple[ReviewedPlan, ...]
    of_merge: Callable[[Cause], Sequence[ReviewedPlan]]


Consent = Reviewed | Scheduled


def read_reviewed(name: str, data: bytes) -> ReviewedPlan:
    """The plan in a file that anybody may have written.

    Raises InvalidInput for what is no plan or was changed by hand, Refused for another format.
    """
    if len(data) > LARGEST:
        raise InvalidInput(f"{name} is larger than {LARGEST >> 20} MiB, so it is no plan.", AGAIN)
    try:
        value = json.loads(data, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{name} is not the JSON of a plan.", AGAIN) from error
    format_ = value.get("format") if isinstance(value, dict) else None
    if not isinstance(format_, str):
        raise InvalidInput(f"{name} does not say the format of its plan.", AGAIN)
    if format_ != PLAN_FORMAT:
        raise Refused(
            f"{name} holds a plan of format {format_!r:.20}, this program reads {PLAN_FORMAT}.",
            "Make it again with this version of the program.",
        )
    try:
        file = PlanFile.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{name} is not a plan: {where}: {first['msg']}.", AGAIN) from error
    changes = [change for entry in file.entries if (change := _change(entry)) is not None]
    if digest_of(file.owner, changes) != file.digest:
        raise InvalidInput(f"{name} was changed: its digest does not fit its entries.", AGAIN)
    return ReviewedPlan(name, file.owner, file.digest, {each.id: each for each in changes})


def same_owner(plans: Iterable[ReviewedPlan], owner: str) -> None:
    """Raises Refused for a plan of another installation."""
    for plan in plans:
        if plan.owner != owner:
            raise Refused(
                f"{plan.name} is a plan of the installation {plan.owner!r:.60}, this is {owner}.",
                "Give the plan that was made from this repository.",
            )


def already(entries: Iterable[Entry], plans: Sequence[ReviewedPlan]) -> Iterator[str]:
    """The addresses of reviewed changes whose instance is at its goal, or on its way there."""
    for entry in entries:
        match entry.decision:
            case Settled():
                there = True
            case Wait(then=None):
                there = entry.health is Health.BUSY
            case _:
                there = False
        if there and any(address(entry) in plan.changes for plan in plans):
            yield address(entry)


def _change(entry: PlannedEntry) -> Fingerprint | None:
    if entry.act is None:
        return None
    wanted, live = entry.wanted, entry.live
    return Fingerprint(
        entry.id,
        entry.act.action,
        wanted.spec if wanted else None,
        wanted.generation if wanted else None,
        live.id if live else None,
        live.spec if live else None,
        live.generation if live else None,
        entry.health,
    )


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two readers could take two different ones of a key that is there twice."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is there twice")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
