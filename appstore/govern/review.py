"""The decision about a merge request: which reviews its changes need, and which were given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appstore.documents.policy import Risk
from appstore.govern.people import People
from appstore.govern.review_change import Change
from appstore.govern.roles import Role, RoleName, Roles
from appstore.govern.tiers import TABLE, Tier, reviews_of, tier_of

Seats = Sequence[tuple[Role, ...]]


@dataclass(frozen=True, slots=True)
class Need:
    """One person who must stand behind a change, with any of `roles`; `given_by` who does.

    `account` is that one person where only they can: an approval written in their name.
    """

    roles: tuple[Role, ...]
    rule: str
    why: str
    change: Change
    given_by: str | None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`alone`: a machine may merge it, nobody has to look."""

    tier: Tier
    needs: tuple[Need, ...]

    @property
    def enough(self) -> bool:
        """Whether every needed review was given."""
        return all(need.given_by is not None for need in self.needs)

    @property
    def alone(self) -> bool:
        """Whether a machine may merge it: nobody besides the author has to look."""
        return self.tier is Tier.SMALL


def decide(changes: Iterable[Change], risk: Risk, roles: Roles, people: People) -> Verdict:
    """The verdict; `risk` and `roles` are those of the target branch, whatever is proposed."""
    tier = Tier.SMALL
    needs: list[Need] = []
    for change in sorted(set(changes)):
        allowed = _may_author(change, roles, people.author)
        own = list(_needs(change, risk, roles, people, allowed))
        tier = max(tier, tier_of(change.kind, len(own)))
        needs += own
    return Verdict(tier, tuple(needs))


def _may_author(change: Change, roles: Roles, author: str) -> bool:
    right = TABLE[change.kind].right
    if change.approver and change.approver.casefold() != author.casefold():
        return False  # nobody consents in somebody else's name
    return any(roles.has(author, change.belongs.role(name)) for name in right)


def _needs(
    change: Change, risk: Risk, roles: Roles, people: People, allowed: bool
) -> Iterable[Need]:
    reviewers = people.others
    seats = [
        (change.belongs.role(RoleName(reviewer)),) for reviewer in reviews_of(change.kind, risk)
    ]
    if not allowed and (change.approver or not _confers(seats, change)):
        right = tuple(change.belongs.role(name) for name in TABLE[change.kind].right)
        able = _able(reviewers, right, roles)
        if change.approver:
            able = [one for one in able if one.casefold() == change.approver.casefold()]
        yield Need(
            right,
            change.rule,
            f"{change.what}; {people.author or 'the author'} may not do that alone",
            change,
            able[0] if able else None,
            change.approver,
        )
    # Whoever consents in their own name is no second pair of eyes, whoever opened the request.
    eyes = [one for one in reviewers if one.casefold() != change.approver.casefold()]
    for seat, given in zip(seats, seated(seats, eyes, roles), strict=True):
        yield Need(seat, f"risk/{change.kind}", change.what, change, given)


def _confers(seats: Seats, change: Change) -> bool:
    """Whether somebody who gives one of these reviews may make the change anyway."""
    right = TABLE[change.kind].right
    named = {role.name for seat in seats for role in seat}
    over = RoleName.SITE_ADMIN in named and RoleName.TENANT_ADMIN in right
    return over or not named.isdisjoint(right)


def seated(seats: Seats, reviewers: Sequence[str], roles: Roles) -> tuple[str | None, ...]:
    """Who gives which review: each person at most one, and as many reviews given as can be.

    A matching by augmenting paths: somebody who could give two moves over where that helps.
    """
    holds: dict[int, str] = {}

    def place(seat: int, asked: set[str]) -> bool:
        for one in _able(reviewers, seats[seat], roles):
            if one in asked:
                continue
            asked.add(one)
            taken = next((index for index, who in holds.items() if who == one), None)
            if taken is None or place(taken, asked):
                holds[seat] = one
                return True
        return False

    for seat in range(len(seats)):
        place(seat, set())
    return tuple(holds.get(seat) for seat in range(len(seats)))


def _able(reviewers: Sequence[str], roles_: tuple[Role, ...], roles: Roles) -> list[str]:
    return [one for one in reviewers if any(roles.has(one, role) for role in roles_)]
