"""What the tool asks of a forge; GitHub and GitLab answer behind the same few questions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """Where a merge request is in its life."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Standing(StrEnum):
    """What a commit status says; `PENDING` waits for a person."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Request:
    """A merge request (a pull request on GitHub), as the forge tells it.

    `base` is the name of the target branch, `head` the full id of the last commit that was pushed,
    `merged_as` the full id of the commit on the target branch, None before the merge. `reviewers`
    are the accounts whose approval was given after the last push; the author is never among them.
    """

    number: int
    author: str
    base: str
    head: str
    state: State
    merged_as: str | None
    title: str
    url: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Protection:
    """One setting of the forge that the workflow relies on, for `doctor`.

    `holds` is None where the token may not see it; `remedy` says what to set where.
    """

    what: str
    holds: bool | None
    remedy: str


class Forge(Protocol):
    """One project on one forge. Every method raises ForgeError with a sentence and a way out."""

    def request(self, number: int) -> Request:
        """The merge request of this number."""

    def default_branch(self) -> str:
        """The name of the branch that is applied."""

    def head_ref(self, number: int) -> str:
        """The ref from which git can fetch the request's head."""

    def request_of(self, commit: str) -> Request | None:
        """The request that brought this commit onto the default branch; None where none did."""

    def note(self, number: int, marker: str, body: str) -> None:
        """Write the one note: the own note that begins with the marker, edited in place."""

    def status(self, commit: str, context: str, state: Standing, text: str, url: str) -> None:
        """Set the commit's status of this name; `url` may be empty."""

    def reviewed_plan(self, request: Request) -> bytes | None:
        """The plan file that CI of the default branch made for the request's head."""

    def merge(self, number: int, head: str) -> str:
        """Merge exactly this head; the full id of the commit that came of it."""

    def open_request(self, branch: str, target: str, title: str, body: str) -> Request:
        """Open a merge request from a pushed branch, or give the one that is open already."""

    def protections(self) -> tuple[Protection, ...]:
        """What of the project's settings can be seen, and whether it is as it should be."""
