"""Who stands behind a merge request, as the forge tells it."""

from dataclasses import dataclass
from typing import Literal

ForgeName = Literal["github", "gitlab"]


@dataclass(frozen=True, slots=True)
class People:
    """The author's account, and those whose approval was given after the last push.

    `forge` says whose account names these are; None where nobody said, then a lecturer's accounts
    on both count. Forges tell accounts apart without regard to case, and so do we.
    """

    author: str
    reviewers: tuple[str, ...]
    forge: ForgeName | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """The reviewers whose word counts: each once, sorted, the author never among them."""
        own = self.author.casefold()
        named = {account.casefold(): account for account in sorted(self.reviewers, reverse=True)}
        return tuple(account for key, account in sorted(named.items()) if key != own)
