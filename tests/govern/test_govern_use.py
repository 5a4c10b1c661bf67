"""Who may use which version: the whole matrix, against the table of appstore's README."""

from datetime import date
from itertools import product
from typing import Literal

import pytest

from appstore.documents.catalog import Visibility
from appstore.govern.life import Approved, Deprecated, Draft, Life, Retired, Revoked
from appstore.govern.use import ALLOWED, KEEPING, Circle, Denied, Use, User, may_use

Role = Literal["owner", "colleague", "stranger"]
USERS: dict[Role, User] = {
    "owner": User("ada", "inf"),
    "colleague": User("bob", "inf"),
    "stranger": User("cem", "med"),
}
OWNERS: dict[str, tuple[str, str]] = {"lecturer": ("ada", "inf"), "tenant": ("inf", "inf")}
"""The owner on the card, and the owner's tenant."""

CARDS: dict[tuple[str, Visibility], set[Role]] = {
    ("lecturer", "private"): {"owner"},
    ("lecturer", "tenant"): {"owner", "colleague"},
    ("lecturer", "global"): {"owner", "colleague", "stranger"},
    ("tenant", "private"): {"owner", "colleague"},
    ("tenant", "tenant"): {"owner", "colleague"},
    ("tenant", "global"): {"owner", "colleague", "stranger"},
}
"""Whom the card lets in; of a tenant's template all its lecturers are owners."""

EVERYTHING = frozenset(Use)
KEEP = frozenset({Use.WAKE, Use.SUSPEND, Use.REMOVE})
GO_ON = EVERYTHING - {Use.BEGIN}
REVOKED = Revoked("CVE-2026-1", date(2026, 11, 2), date(2026, 11, 9))
LIVES: list[tuple[Life, dict[Role, frozenset[Use]]]] = [
    (Draft(), {"owner": EVERYTHING, "colleague": KEEP, "stranger": KEEP}),
    (Approved(None), {"owner": EVERYTHING, "colleague": EVERYTHING, "stranger": EVERYTHING}),
    (Approved("inf"), {"owner": EVERYTHING, "colleague": EVERYTHING, "stranger": KEEP}),
    (Approved("med"), {"owner": EVERYTHING, "colleague": KEEP, "stranger": EVERYTHING}),
    (Deprecated(None, None), {"owner": GO_ON, "colleague": GO_ON, "stranger": GO_ON}),
    (Deprecated("inf", "old"), {"owner": GO_ON, "colleague": GO_ON, "stranger": KEEP}),
    (Deprecated("med", "old"), {"owner": GO_ON, "colleague": KEEP, "stranger": GO_ON}),
    (Retired(None), {"owner": KEEP, "colleague": KEEP, "stranger": KEEP}),
    (REVOKED, {"owner": KEEP, "colleague": KEEP, "stranger": KEEP}),
]
"""What each may do whom the card lets in, where the owner is a lecturer."""

MATRIX = list(product(LIVES, CARDS.items(), USERS, Use))


def rights(life: Life, owner: str, role: Role) -> frozenset[Use]:
    """A tenant's template has no owner among lecturers: all of them are colleagues."""
    (row,) = (row for known, row in LIVES if known == life)
    return row["colleague" if owner == "tenant" and role == "owner" else role]


def test_the_whole_matrix() -> None:
    assert len(MATRIX) == 9 * 6 * 3 * 8
    for (life, _), ((owner, visibility), inside), role, use in MATRIX:
        circle = Circle(*OWNERS[owner], visibility)
        verdict = may_use("lab@1.0.0", life, circle, USERS[role], use)
        allowed = rights(life, owner, role) if role in inside else KEEP
        assert (verdict == ALLOWED) == (use in allowed), (life, owner, visibility, role, use)


def test_what_runs_is_kept_by_everybody() -> None:
    assert KEEPING == KEEP


def test_every_denial_names_its_rule_and_why() -> None:
    rules = set()
    for (life, _), ((owner, visibility), _), role, use in MATRIX:
        circle = Circle(*OWNERS[owner], visibility)
        match may_use("lab@1.0.0", life, circle, USERS[role], use):
            case Denied(rule, why):
                assert "lab@1.0.0" in why
                rules.add(rule)
    assert rules == {"not-approved", "not-visible", "deprecated", "retired", "revoked"}


@pytest.mark.parametrize(
    ("life", "visibility", "rule"),
    [
        (REVOKED, "private", "revoked"),
        (Retired(None), "private", "retired"),
        (Draft(), "private", "not-visible"),
        (Draft(), "global", "not-approved"),
        (Approved("inf"), "global", "not-visible"),
        (Deprecated("inf", None), "global", "not-visible"),
        (Deprecated(None, None), "global", "deprecated"),
    ],
)
def test_the_strongest_reason_is_told(life: Life, visibility: Visibility, rule: str) -> None:
    circle = Circle("ada", "inf", visibility)
    verdict = may_use("lab@1.0.0", life, circle, USERS["stranger"], Use.BEGIN)
    assert isinstance(verdict, Denied)
    assert verdict.rule == rule


def test_an_owner_whose_tenant_is_unknown_shares_with_nobody() -> None:
    circle = Circle("gone", None, "tenant")
    for user in USERS.values():
        assert may_use("lab@1.0.0", Approved(None), circle, user, Use.BEGIN) != ALLOWED
