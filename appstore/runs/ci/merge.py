"""ci merge: merge what policy lets a machine merge, decided anew from forge and git."""

from dataclasses import dataclass

from appstore.runs.ci.request import Desk, review_now


@dataclass(frozen=True, slots=True)
class MergedAs:
    """Merged without a person; the commit on the default branch."""

    commit: str


@dataclass(frozen=True, slots=True)
class LeftToPeople:
    """Not for a machine; why."""

    why: str


def merge_request(desk: Desk, number: int) -> MergedAs | LeftToPeople:
    """Trusts no artifact of another job; the forge merges the reviewed head or nothing."""
    reviewed = review_now(desk, number)
    review = reviewed.review
    if review.merge_alone:
        return MergedAs(desk.forge.merge(number, reviewed.request.head))
    match review.verdict:
        case "enough":
            return LeftToPeople("It may be merged, by a person: it is not in the lowest tier.")
        case "missing":
            return LeftToPeople("Reviews are missing.")
        case "invalid":
            return LeftToPeople("Its files have findings.")
