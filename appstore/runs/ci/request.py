"""What the jobs about one merge request share: its facts by the forge, its commits by git."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appstore.documents.review_file import ReviewFile
from appstore.errors import Refused
from appstore.forge.errors import ForgeRefused
from appstore.forge.protocol import Forge, Request, State
from appstore.govern.people import ForgeName, People
from appstore.runs.review import review
from appstore.source.commits import commit_ids
from appstore.source.proposal import read_proposal
from appstore.source.remote import fetch


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a job works: the clone, the forge and its name, git's login, the moment, its page.

    `base` is the commit of the default branch whose policy counts; `page` may be empty.
    """

    repo: Path
    forge: Forge
    forge_name: ForgeName
    under: Mapping[str, str]
    now: datetime
    base: str = "HEAD"
    page: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A request as the forge tells it, and what policy says about it."""

    request: Request
    review: ReviewFile


def review_now(desk: Desk, number: int) -> Reviewed:
    """Decide about an open request, from the forge's facts and git alone.

    Raises Refused for one that is not open, or that does not go onto the default branch.
    """
    request = desk.forge.request(number)
    if request.state is not State.OPEN:
        raise Refused(
            f"Merge request {number} is {request.state}, so there is nothing to decide.",
            "Open a new one for a further change.",
        )
    default = desk.forge.default_branch()
    if request.base != default:
        raise Refused(
            f"Merge request {number} goes onto {request.base}; only {default} is applied.",
            f"Choose {default} as its target branch.",
        )
    bring_head(desk, request)
    people = People(request.author, request.reviewers, desk.forge_name)
    return Reviewed(request, review(read_proposal(desk.repo, desk.base, request.head), people,
                                    desk.now))  # fmt: skip


def bring_head(desk: Desk, request: Request) -> None:
    """Fetch the request's last commit where this clone lacks it; nothing is checked out."""
    if commit_ids(desk.repo, [request.head]) != [None]:
        return
    fetch(desk.repo, desk.forge.head_ref(request.number), desk.under)
    if commit_ids(desk.repo, [request.head]) == [None]:
        raise ForgeRefused(
            f"Somebody is pushing to merge request {request.number} just now.",
            "The pipeline of the new commit decides anew.",
        )
